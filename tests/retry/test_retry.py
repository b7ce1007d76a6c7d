"""A retry starts at the stage that failed, and asks the site only for what could not be fetched."""

from __future__ import annotations

import json

import pytest

from tests.loopback import Answer
from tests.scrape.replica import Ended, Replica, incident_page

UNREADABLE = incident_page("Refund promised", Date_Occurred="early spring 2025")


def retry(replica: Replica, *more: str, status: int = 0) -> Ended:
    where = ("--base-url", replica.site.url, "--allow-host", replica.site.host, "--delay", "0")
    result = replica.ingest("retry", *more, *where)
    assert result.status == status, result
    return result


def kinds(replica: Replica) -> list[str]:
    return [row["kind"] for row in replica.rows("SELECT kind FROM open_failures ORDER BY url")]


def test_a_fetch_that_failed_is_fetched_again(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=Answer("busy", 500))
    replica.scrape(status=1)
    replica.publish(b=incident_page("Seat sold twice"))
    replica.site.asked.clear()
    retry(replica)
    assert [path for path in replica.site.paths() if path != "/robots.txt"] == ["/incidents/b"]
    assert kinds(replica) == []
    assert len(replica.rows("SELECT * FROM incidents")) == 2


def test_a_page_that_could_not_be_read_is_read_from_the_archive(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    replica.publish(a=UNREADABLE)
    replica.scrape(status=1)
    assert kinds(replica) == ["unreadable_value"]
    correct_the_source(monkeypatch, tmp_path)
    replica.site.asked.clear()
    retry(replica, "--stage", "validate")
    assert replica.site.asked == []
    assert kinds(replica) == []
    assert replica.rows("SELECT date_occurred FROM incidents") == [{"date_occurred": "2025-04"}]


def test_what_fails_again_stays_open_and_counts(replica: Replica) -> None:
    replica.publish(a=UNREADABLE)
    replica.scrape(status=1)
    retry(replica, status=1)
    assert replica.rows("SELECT kind, attempts FROM open_failures") == [{"kind": "unreadable_value", "attempts": 2}]


def test_only_what_is_asked_for_is_tried(replica: Replica) -> None:
    replica.publish(a=UNREADABLE, b=Answer("no", 404))
    replica.scrape(status=1)
    replica.publish(b=incident_page("Seat sold twice"))
    retry(replica, "--kind", "http_404")
    assert kinds(replica) == ["unreadable_value"]


def test_reports_of_past_runs_stay_as_they_were(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=Answer("busy", 500))
    replica.scrape(status=1)
    before = json.loads(replica.ingest("runs", "--json").stdout)
    replica.publish(b=incident_page("Seat sold twice"))
    retry(replica)
    after = [json.loads(line) for line in replica.ingest("runs", "--json").stdout.splitlines()]
    assert [row["flow"] for row in after] == ["retry", "scrape"]
    assert after[1] == before


def test_without_open_failures_nothing_is_done(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    assert "No failure is open" in retry(replica).stdout
    assert len(replica.rows("SELECT * FROM runs")) == 1


def correct_the_source(monkeypatch: pytest.MonkeyPatch, folder: object) -> None:
    """A source of the same name whose file knows the right date."""
    from importlib.resources import files
    from pathlib import Path

    text = files("parsers").joinpath("sites/provyn.toml").read_text()
    place = Path(str(folder)) / "sources"
    place.mkdir()
    correction = '\n[[corrections]]\nfield = "date_occurred"\nprinted = "early spring 2025"\nright = "April 2025"\n'
    (place / "provyn.toml").write_text(text + correction)
    monkeypatch.setenv("INGEST_SOURCES", str(place))


def test_a_page_whose_archive_is_damaged_fails_alone_until_the_file_is_restored(replica: Replica) -> None:
    replica.publish(a=UNREADABLE, b=Answer("busy", 500))
    replica.scrape(status=1)
    replica.publish(b=incident_page("Seat sold twice"))
    [archive] = (replica.data / "archive").iterdir()
    whole = archive.read_bytes()
    archive.write_bytes(whole[:100])
    retry(replica, status=1)
    assert len(replica.rows("SELECT * FROM incidents")) == 1
    assert "archive_damaged" in kinds(replica)
    archive.write_bytes(whole)
    retry(replica, status=1)
    assert kinds(replica) == ["unreadable_value"]
