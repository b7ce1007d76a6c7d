"""`ingest parse` and `ingest labels` take files, URLs and hashes of the archive."""

from __future__ import annotations

import json

from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page


def test_a_hash_gives_the_archived_page_as_a_record(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    [row] = replica.rows("SELECT page_sha256 FROM incident_versions")
    replica.site.asked.clear()
    result = replica.ingest("parse", row["page_sha256"][:12], "--source", "provyn")
    assert json.loads(result.stdout)["record"]["title"] == "Refund promised"
    assert replica.site.asked == []


def test_a_url_is_fetched_and_read(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    where = ("--allow-host", replica.site.host)
    parsed = replica.ingest("parse", f"{replica.site.url}/incidents/a", "--source", "provyn", *where)
    assert json.loads(parsed.stdout)["record"]["title"] == "Refund promised"
    labels = replica.ingest("labels", f"{replica.site.url}/incidents/a", *where)
    assert ("Status", "Reported") in {(pair["label"], pair["value"]) for pair in json.loads(labels.stdout)["pairs"]}
    assert not replica.data.exists()


def test_a_url_that_gives_no_page_is_a_refusal(replica: Replica) -> None:
    replica.site.pages["/x"] = Answer("no", 410)
    result = replica.ingest("parse", f"{replica.site.url}/x", "--source", "provyn", "--allow-host", replica.site.host)
    refused = json.loads(result.stdout)["refused"]
    assert (result.status, refused["stage"], refused["kind"]) == (1, "fetch", "http_410")


def test_an_unknown_hash_is_one_clear_sentence(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    result = replica.ingest("parse", "0123456789abcdef", "--source", "provyn")
    assert (result.status, result.stderr.count("\n")) == (2, 1)
