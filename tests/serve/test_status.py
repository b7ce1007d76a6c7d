"""`ingest status` says in one screen how each source is, and by its exit status whether a person is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.schedules import Schedules
from ingest.status import Published, judge
from ingest.store.connection import open_writer
from tests.loopback import Answer
from tests.receiver import Receiver, receive
from tests.scrape.replica import Replica, incident_page

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receive() as one:
        monkeypatch.setenv("INGEST_NOTIFY_URL", one.url)
        yield one


def row(replica: Replica) -> dict[str, Any]:
    [line] = replica.ingest("status", "--json").stdout.splitlines()
    result: dict[str, Any] = json.loads(line)
    return result


def test_a_source_that_is_well_needs_nobody(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), busy=Answer("busy", 503))
    replica.scrape(status=1)
    shown = replica.ingest("status")
    assert shown.status == 0
    assert "provyn" in shown.stdout
    assert "Nothing is published" in shown.stdout
    replica.ingest("publish")
    told = row(replica)
    assert (told["open_failures"], told["failures_for_a_person"], told["needs"]) == (1, 0, [])
    assert (told["published_cursor"], told["cursor"], told["last_outcome"]) == (1, 1, "completed")
    assert told["age_seconds"] >= 0
    assert told["next_scrape_at"][11:16] == "03:15"


def test_a_failure_that_will_not_pass_needs_a_person_and_is_posted(replica: Replica, receiver: Receiver) -> None:
    replica.publish(lost=Answer("no", 404))
    replica.scrape(status=1)
    shown = replica.ingest("status", "--notify")
    assert shown.status == 1
    assert "! A failure of provyn won't pass by itself" in shown.stdout
    [message] = receiver.messages
    assert (message["event"], message["sources"]) == ("attention", ["provyn"])
    assert "s3cret" not in shown.stdout + shown.stderr


def test_a_held_source_needs_a_person_until_one_has_accepted_it(replica: Replica) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(6)})
    replica.scrape()
    for number in range(4):
        replica.unlist(f"page-{number}")
    replica.scrape(status=1)
    held = row(replica)
    assert held["held_by"] == held["last_run"]
    assert "is held" in held["needs"][0]
    assert replica.ingest("accept", "run", "provyn").status == 0
    assert (row(replica)["held_by"], row(replica)["needs"]) == (None, [])


def test_a_run_that_failed_needs_a_person(replica: Replica) -> None:
    replica.site.pages["/incidents"] = Answer("no", 404)
    replica.scrape(status=2)
    assert "The last run of provyn failed" in row(replica)["needs"][0]


def test_a_source_that_has_missed_two_scrapes_needs_a_person(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    db = open_writer(replica.data / "incidents.db")
    db.execute("UPDATE runs SET started_at = '2026-01-02T03:15:00.000000Z'")
    db.close()
    shown = replica.ingest("status")
    assert shown.status == 1
    assert "provyn does not arrive: no good scrape since 2026-01-02 03:15" in shown.stdout
    (replica.data / "ingest.toml").write_text('[schedules]\nscrape = ""\n')
    assert replica.ingest("status").status == 0


@pytest.mark.parametrize(("hours", "late"), [(1, False), (32, False), (33, True)])
def test_a_source_is_late_from_the_second_missed_scrape_on(hours: int, late: bool) -> None:
    begun = (NOON - timedelta(hours=hours)).isoformat()
    facts = {
        "source": "provyn",
        "held_by": None,
        "last_outcome": "completed",
        "failures_for_a_person": 0,
        "last_good_started_at": begun,
        "last_good_at": begun,
        "first_started_at": begun,
    }
    [judged] = judge([facts], Schedules(), Published(), NOON)
    assert bool(judged["needs"]) is late
