"""The work list as a person reads it: what failed, why, when it is tried next, and where the evidence is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Answer, serve
from tests.retry.test_retry import UNREADABLE, retry
from tests.scrape.replica import Replica, incident_page


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """One page that can't be read, one that is not there, one whose host is busy, and one that is fine."""
    with serve() as site:
        replica = Replica(site, tmp_path_factory.mktemp("failed") / "data")
        replica.publish(
            fine=incident_page("Fine"),
            odd=UNREADABLE,
            lost=Answer("no", 404),
            busy=Answer("busy", 503, {"Retry-After": "0"}),
        )
        replica.scrape(status=1)
        yield replica


@pytest.fixture
def failed(scraped: Replica, tmp_path: Path) -> Iterator[Replica]:
    """The site and the database as `scraped` leaves them, for one test."""
    data = tmp_path / "data"
    shutil.copytree(scraped.data, data)
    pages = dict(scraped.site.pages)
    scraped.site.asked.clear()
    yield Replica(scraped.site, data, list(scraped.slugs))
    scraped.site.pages.clear()
    scraped.site.pages.update(pages)


def rows(replica: Replica, *options: str) -> list[dict[str, Any]]:
    ended = replica.ingest("failures", *options, "--json")
    assert ended.status == 0, ended
    return [json.loads(line) for line in ended.stdout.splitlines()]


def slugs(replica: Replica, *options: str) -> set[str]:
    return {row["url"].rpartition("/")[2] for row in rows(replica, *options)}


def test_each_filter_leaves_what_it_says(failed: Replica) -> None:
    assert slugs(failed) == {"odd", "lost", "busy"}
    assert slugs(failed, "provyn") == {"odd", "lost", "busy"}
    assert slugs(failed, "--stage", "validate") == {"odd"}
    assert slugs(failed, "--kind", "http_404") == {"lost"}
    assert slugs(failed, "--host", "provyn.dev") == {"odd", "lost", "busy"}
    assert slugs(failed, "--host", "example.org") == set()
    assert slugs(failed, "--url", "https://provyn.dev/incidents/busy") == {"busy"}


def test_the_list_says_who_tries_next(failed: Replica) -> None:
    by_slug = {row["url"].rpartition("/")[2]: row for row in rows(failed)}
    assert by_slug["busy"]["next_attempt_at"] > by_slug["busy"]["last_failed_at"]
    assert by_slug["lost"]["next_attempt_at"] is None
    output = failed.ingest("failures").stdout
    assert output.count("Next try: by a person.") == 2
    assert output.count("Next try: 20") == 1


def test_a_failure_in_full_has_its_page_and_its_requests(failed: Replica) -> None:
    [row] = rows(failed, "--stage", "validate")
    [full] = rows(failed, str(row["failure_id"]))
    assert full["page"]["sha256"] == row["page_sha256"]
    assert [one["status"] for one in full["fetches"]] == [200]
    output = failed.ingest("failures", str(row["failure_id"])).stdout
    for text in ("validate, unreadable_value", "early spring 2025", full["page"]["warc_file"], "offset", "by a person"):
        assert text in output
    command = next(line.partition(":  ")[2] for line in output.splitlines() if "ingest parse" in line)
    assert "unreadable_value" in failed.ingest(*command.split()[1:]).stdout


def test_a_long_list_is_cut_and_counted_by_kind(failed: Replica) -> None:
    output = failed.ingest("failures", "--limit", "1").stdout
    assert "1 of 3 are shown" in output
    assert "http_404 1" in output


@pytest.mark.parametrize(("which", "message"), [("999", "no failure 999"), ("nowhere", "nothing of 'nowhere'")])
def test_what_the_database_does_not_know_is_said(failed: Replica, which: str, message: str) -> None:
    ended = failed.ingest("failures", which)
    assert ended.status == 2
    assert message in ended.stderr


def test_a_dismissed_failure_is_told_with_its_reason(failed: Replica) -> None:
    [row] = rows(failed, "--kind", "http_404")
    number = str(row["failure_id"])
    ended = failed.ingest("dismiss", number, "--reason", "The site took it down.")
    assert ended.status == 0, ended
    assert "Dismissed: 1." in ended.stdout
    assert slugs(failed) == {"odd", "busy"}
    assert "dismissed" in failed.ingest("failures", number).stderr
    assert "The site took it down." in failed.ingest("failures", number).stderr


def test_everything_is_not_dismissed_by_accident(failed: Replica) -> None:
    assert failed.ingest("dismiss", "--reason", "all of it").status == 2
    assert failed.ingest("dismiss", "provyn", "--reason", " ").status == 2
    assert len(rows(failed)) == 3


def test_a_retry_says_what_it_will_do_and_what_came_of_it(failed: Replica) -> None:
    failed.publish(lost=incident_page("Lost and found"))
    ended = retry(failed, "--host", "provyn.dev", status=1)
    assert "3 to try again" in ended.stdout
    assert "reads the archived page" in ended.stdout
    assert "1 of 3 got through." in ended.stdout
    assert "Failed again: " in ended.stdout


def test_a_dry_run_tries_nothing(failed: Replica) -> None:
    failed.site.asked.clear()
    assert "3 to try again" in retry(failed, "--dry-run").stdout
    assert failed.site.asked == []
    assert len(failed.rows("SELECT * FROM runs")) == 1


def test_one_failure_is_retried_by_its_number(failed: Replica) -> None:
    failed.publish(lost=incident_page("Lost and found"), busy=incident_page("Busy no more"))
    [row] = rows(failed, "--kind", "http_404")
    retry(failed, str(row["failure_id"]))
    assert slugs(failed) == {"odd", "busy"}


def test_only_what_is_due_is_tried_by_schedule(failed: Replica) -> None:
    assert "No failure is due." in retry(failed, "--due").stdout
    failed.site.asked.clear()
    let_the_time_come(failed)
    retry(failed, "--due", status=1)
    assert set(failed.site.paths()) == {"/robots.txt", "/incidents/busy"}


def test_a_listing_that_failed_is_left_to_the_next_scrape(replica: Replica) -> None:
    replica.publish(fine=incident_page("Fine"))
    replica.site.pages["/incidents"] = Answer("no", 404)
    replica.scrape(status=2)
    assert "Next try: the next scrape." in replica.ingest("failures").stdout
    replica.site.asked.clear()
    assert "the next scrape reads its listing again" in retry(replica).stdout
    assert replica.site.asked == []


def let_the_time_come(replica: Replica) -> None:
    from sqlite_utils import Database

    db = Database(replica.data / "incidents.db")
    with db.conn:
        db.execute("UPDATE urls SET next_attempt_at = '2000-01-01T00:00:00.000000Z' WHERE next_attempt_at IS NOT NULL")
    db.close()
