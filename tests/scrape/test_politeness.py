"""Politeness as the servers' logs show it: over retries, restarts and a source's several hosts."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from ingest.fetch import FetchSettings
from ingest.session import plain_policy
from tests.loopback import Answer, LoopbackSite, serve
from tests.scrape.replica import FACTS, SECTIONS, Replica, incident_page

DELAY = 0.2
LONG_DELAY = 1.0
"""Seconds that a run takes neither to end nor to begin."""
FIELDS = ("category", "industry", "status", "date_occurred", "date_reported", "jurisdiction", "ai_provider", "model")


@dataclass
class TwoHosts:
    """A source on two hosts: the first has the listing and half of the incidents, the second the other half."""

    first: LoopbackSite
    second: LoopbackSite
    data: Path

    def start(self, source: str = "twohosts") -> subprocess.Popen[bytes]:
        hosts = [option for site in (self.first, self.second) for option in ("--allow-host", site.host)]
        options = ["--data", str(self.data), "scrape", source, *hosts, "--delay", str(DELAY)]
        return subprocess.Popen([sys.executable, "-m", "ingest", *options], stdout=subprocess.DEVNULL)


@pytest.fixture
def two_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwoHosts]:
    with serve() as first, serve() as second:
        sites = tmp_path / "sites"
        sites.mkdir()
        (sites / "twohosts.toml").write_text(source_file(first, second))
        monkeypatch.setenv("INGEST_SOURCES", str(sites))
        links = ""
        for site, count in ((first, 8), (second, 14)):  # the second one is still busy while the first one rests
            for number in range(count):
                site.pages[f"/incidents/{number}"] = Answer(incident_page(f"Incident {number}"))
                links += f"<li><a href='{site.url}/incidents/{number}'>An incident</a></li>"
        first.pages["/incidents"] = Answer(f"<!doctype html><title>Incidents</title><h1>Incidents</h1><ul>{links}</ul>")
        yield TwoHosts(first, second, tmp_path / "data")


def source_file(first: LoopbackSite, second: LoopbackSite, folder: str = "incidents") -> str:
    labels = "\n".join(f'"{label}" = "{field}"' for label, field in zip(FACTS, FIELDS, strict=False))
    sections = dict(zip(SECTIONS, ("description", "root_cause", "mitigation", "lessons_learned"), strict=True))
    return f"""version = 1
title = "Two hosts"
home_url = "{first.url}/"
hosts = ["{first.host}", "{second.host}"]
incident_url = 'http://127\\.0\\.0\\.1:(?P<slug>\\d+/{folder}/\\d+)'
listings = ["{first.url}/{folder}"]
concurrency = 4
[labels]
{labels}
[sections]
{"".join(f'"{label}" = "{field}"' + chr(10) for label, field in sections.items())}"""


def gaps(site: LoopbackSite) -> list[float]:
    return [later - earlier for earlier, later in pairwise(site.times)]


def test_each_host_keeps_its_delay_over_a_kill_and_a_429(two_hosts: TwoHosts) -> None:
    first, second = two_hosts.first, two_hosts.second
    # Long after the kill: a run that dies with an answer in hand has not heard it.
    first.once["/incidents/6"] = Answer("slower", 429, {"Retry-After": "1"})
    with two_hosts.start() as process:
        assert second.wait_for("/incidents/1", 30)
        process.send_signal(signal.SIGKILL)
    with two_hosts.start() as process:
        assert process.wait(60) == 0
    smallest = min(gaps(first) + gaps(second))
    print(f"smallest gap {smallest:.3f} s, delay {DELAY} s, {len(first.asked) + len(second.asked)} requests")
    assert smallest >= DELAY
    refused = first.asked.index(("/incidents/6", 429))
    assert first.times[refused + 1] - first.times[refused] >= 1
    assert any(first.times[refused] < at < first.times[refused + 1] for at in second.times), "one held up the other"
    db = Database(two_hosts.data / "incidents.db")
    assert db.table("incidents").count == 22
    db.close()


def test_two_sources_of_one_host_keep_its_delay_together(two_hosts: TwoHosts, tmp_path: Path) -> None:
    first = two_hosts.first
    text = source_file(first, two_hosts.second, "reports")
    (tmp_path / "sites" / "reports.toml").write_text(text)
    first.pages |= {path.replace("incidents", "reports"): page for path, page in first.pages.items()}
    listing = first.pages["/reports"]
    first.pages["/reports"] = replace(listing, body=str(listing.body).replace("incidents/", "reports/"))
    with two_hosts.start() as one, two_hosts.start("reports") as other:
        assert (one.wait(60), other.wait(60)) == (0, 1), "the second host has no reports"
    assert {"/incidents/7", "/reports/7"} <= set(first.paths())
    assert min(gaps(first) + gaps(two_hosts.second)) >= DELAY


def test_a_run_that_follows_another_at_once_keeps_the_delay(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape("--delay", str(LONG_DELAY))
    replica.scrape("--delay", str(LONG_DELAY))
    assert len(replica.site.asked) > 4
    assert min(gaps(replica.site)) >= LONG_DELAY


def test_a_page_that_is_looked_at_after_a_run_keeps_the_delay(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape("--delay", str(LONG_DELAY))
    where = ("--source", "provyn", "--allow-host", replica.site.host)
    assert replica.ingest("parse", f"{replica.site.url}/incidents/a", *where).status == 0
    assert replica.site.paths()[-2:] == ["/robots.txt", "/incidents/a"]
    assert min(gaps(replica.site)) >= LONG_DELAY


def test_a_long_retry_after_leaves_the_host_to_a_later_run_over_restarts(replica: Replica) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(8)})
    replica.site.once["/incidents/page-3"] = Answer("later", 429, {"Retry-After": "3600"})
    assert "URLs are left to a later run." in replica.scrape(status=1).stdout
    [run] = replica.rows("SELECT outcome, deferred, failed FROM run_report")
    assert (run["outcome"], run["failed"]) == ("incomplete", 1)
    assert 1 <= run["deferred"] <= 7
    asked = len(replica.site.asked)
    assert "asked not to be requested before" in replica.scrape(status=1).stdout
    assert len(replica.site.asked) == asked, "the host was asked before its time"
    assert replica.rows("SELECT host, reason FROM hosts") == [{"host": "provyn.dev", "reason": "asked"}]
    let_the_host_be_asked(replica)
    replica.scrape()
    fetched = [path for path in replica.site.paths() if path.startswith("/incidents/")]
    assert sorted(fetched) == [f"/incidents/page-{number}" for number in range(8)], "each once"
    assert replica.rows("SELECT kind FROM open_failures") == [{"kind": "http_429"}]
    assert len(replica.rows("SELECT * FROM incidents")) == 7


def test_a_dead_host_is_left_alone_after_some_failures(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    limit_failures(monkeypatch, 4)
    replica.publish(**{f"page_{number}": Answer("broken", 500) for number in range(20)})
    assert "failed too often in a row" in replica.scrape(status=1).stdout
    [run] = replica.rows("SELECT outcome, deferred, failed, requests FROM run_report")
    assert run["outcome"] == "incomplete"
    assert run["failed"] <= 4
    assert run["deferred"] == 20 - run["failed"]
    assert len(replica.rows("SELECT * FROM open_failures")) == run["failed"]
    assert [row["reason"] for row in replica.rows("SELECT reason FROM hosts")] == ["down"]


def test_every_request_is_a_row_that_for_robots_txt_too(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private\n", content_type="text/plain")
    replica.scrape()
    rows = replica.rows("SELECT url, status FROM fetches ORDER BY id")
    assert rows[0] == {"url": "https://provyn.dev/robots.txt", "status": 200}
    assert [(row["url"].removeprefix("https://provyn.dev"), row["status"]) for row in rows] == replica.site.asked


def let_the_host_be_asked(replica: Replica) -> None:
    db = Database(replica.data / "incidents.db")
    with db.conn:
        db.execute("UPDATE hosts SET not_before = '2000-01-01T00:00:00.000000Z'")
    db.close()


def limit_failures(monkeypatch: pytest.MonkeyPatch, failures: int) -> None:
    """The circuit breaker opens after so many failures in a row, and attempts come quickly."""

    def policy(*arguments: Any) -> FetchSettings:
        return replace(plain_policy(*arguments), broken_limit=failures, backoff_seconds=0.001)

    monkeypatch.setattr("ingest.session.plain_policy", policy)
