"""What a run keeps and prints of requests has no credentials, and no characters that a terminal obeys."""

from __future__ import annotations

import json

from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page

SECRET = "hunter2hunter2hunter2"


def test_headers_and_messages_of_fetches_are_redacted(replica: Replica) -> None:
    headers = {"Set-Cookie": f"sid={SECRET}", "X-Api-Key": SECRET, "Link": f"</next?access_token={SECRET}>; rel=next"}
    replica.publish(
        a=Answer(incident_page("Refund promised"), headers=headers),
        b=Answer("", 302, {"Location": f"/login?session_token={SECRET}"}),
        c=Answer("", 302, {"Location": f"https://elsewhere.example/?key={SECRET}"}),
    )
    replica.scrape(status=1)
    kept = replica.rows("SELECT headers, final_url, error FROM fetches") + replica.rows("SELECT * FROM failures")
    kept += replica.rows("SELECT message FROM runs")
    assert SECRET not in str(kept)
    row = next(row for row in kept if row.get("headers") and "X-Api-Key" in row["headers"])
    assert ["X-Api-Key", "[hidden]"] in json.loads(row["headers"])
    shown = [replica.ingest(*words).stdout for words in (("failures",), ("failures", "--json"), ("runs",))]
    assert SECRET not in "".join(shown)


def test_a_page_can_not_control_the_terminal(replica: Replica) -> None:
    evil = "\u202e\u2066\u061cRefund\u2028promised"
    replica.publish(a=incident_page(evil))
    replica.scrape()
    for words in (("show", "provyn:a"), ("changes",), ("history", "provyn:a"), ("changes", "--json")):
        assert not set(replica.ingest(*words).stdout) & set("\u202e\u2066\u061c\u2028\x1b"), words
    rows = [json.loads(line) for line in replica.ingest("changes", "--json").stdout.splitlines()]
    assert [row["change"] for row in rows] == ["added"]


def test_an_error_on_the_terminal_is_redacted(replica: Replica) -> None:
    ended = replica.ingest("scrape", "provyn", "--base-url", f"http://u:{SECRET}@127.0.0.1:1")
    assert ended.status == 2
    assert SECRET not in ended.stderr
