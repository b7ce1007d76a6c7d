"""A page that would empty its record is refused, kept as evidence, and taken when a person says that it is right."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page

URL = "https://provyn.dev/incidents/a"


def without(page: str, *labels: str) -> str:
    for label in labels:
        page = re.sub(f"<dt>{label}</dt><dd>.*?</dd>", "", page)
    return page


GOOD = incident_page("Refund promised")
POORER = without(GOOD, "Status", "Model")


@pytest.fixture
def refused(replica: Replica) -> Replica:
    """A site of which one page has lost two fields."""
    replica.publish(a=GOOD, b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(a=POORER)
    replica.scrape(status=1)
    return replica


def stored(replica: Replica) -> dict[str, Any]:
    [row] = replica.rows("SELECT status, model, version FROM incidents WHERE id = 'provyn:a'")
    return row


def retry(replica: Replica) -> int:
    return replica.ingest("retry", "--base-url", replica.site.url, "--allow-host", replica.site.host).status


def failures(replica: Replica) -> list[dict[str, Any]]:
    return replica.rows("SELECT kind, stage, resolution FROM failures ORDER BY id")


def test_the_record_stays_and_the_page_is_evidence(refused: Replica) -> None:
    assert stored(refused) == {"status": "reported", "model": "Breeze 2", "version": 1}
    [failure] = refused.rows("SELECT stage, kind, detail, page_sha256, url FROM open_failures")
    assert (failure["stage"], failure["kind"], failure["url"]) == ("validate", "lost_fields", URL)
    assert failure["detail"] == '{"fields": "status, model"}'
    assert refused.rows("SELECT 1 FROM pages WHERE sha256 = ?", failure["page_sha256"])


def test_it_is_refused_at_every_run_and_by_a_retry(refused: Replica) -> None:
    refused.scrape(status=1)
    assert retry(refused) == 1
    assert stored(refused)["version"] == 1
    assert [row["kind"] for row in failures(refused)] == ["lost_fields"] * 3


@pytest.mark.parametrize("command", ["scrape", "retry"])
def test_an_accepted_page_is_taken_by_the_next_run(refused: Replica, command: str) -> None:
    accepted = refused.ingest("accept", "page", URL)
    assert (accepted.status, stored(refused)["version"]) == (0, 1)
    if command == "scrape":
        refused.scrape()
    else:
        assert retry(refused) == 0
    assert stored(refused) == {"status": None, "model": None, "version": 2}
    assert [row["resolution"] for row in failures(refused)] == ["accepted"]
    assert len(refused.rows("SELECT * FROM acceptances WHERE what = 'page' AND url = ?", URL)) == 1


def test_another_page_that_loses_fields_is_not_meant(refused: Replica) -> None:
    refused.ingest("accept", "page", URL)
    refused.publish(a=without(POORER, "Industry"))
    refused.scrape(status=1)
    assert stored(refused)["version"] == 1


def test_a_page_that_comes_back_with_less_is_refused_too(replica: Replica) -> None:
    replica.publish(a=GOOD, b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(a=Answer("gone", 410))
    replica.scrape()
    replica.publish(a=POORER)
    replica.scrape(status=1)
    assert replica.rows("SELECT change FROM incident_versions WHERE incident_id = 'provyn:a' ORDER BY version") == [
        {"change": "added"},
        {"change": "removed"},
    ]


def test_there_is_nothing_to_accept_where_nothing_was_refused(replica: Replica) -> None:
    replica.publish(a=GOOD)
    replica.scrape()
    ended = replica.ingest("accept", "page", URL)
    assert (ended.status, ended.stdout) == (2, "")
    assert "waits to be accepted" in ended.stderr


def test_accepting_needs_a_database(replica: Replica) -> None:
    assert replica.ingest("accept", "page", URL).status == 2
    assert not replica.data.exists()


def test_accepted_drift_is_no_longer_open(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised", Estimated_Cost="12 USD"))
    replica.scrape()
    ended = replica.ingest("accept", "drift", "provyn", "unknown_label", "Estimated Cost")
    assert (ended.status, replica.rows("SELECT * FROM open_drift")) == (0, [])
    assert replica.rows("SELECT what, kind, field FROM acceptances") == [
        {"what": "drift", "kind": "unknown_label", "field": "Estimated Cost"}
    ]
    assert replica.ingest("accept", "drift", "provyn", "unknown_label", "Estimated Cost").status == 2
