"""A failure is a row that stays open until its URL gets past that stage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.backoff import FIRST_SECONDS, MAX_SECONDS, choose_wait
from ingest.results import Failed, WorkItem
from ingest.store.failures import dismiss_failures
from ingest.store.worklist import Wanted, failure_rows, next_open
from ingest.times import from_text
from tests.store.conftest import Site, record, url_of


def open_kinds(site: Site) -> list[tuple[str, str, int]]:
    rows = site.rows("SELECT stage, kind, attempts FROM open_failures ORDER BY stage")
    return [(row["stage"], row["kind"], row["attempts"]) for row in rows]


def test_failures_of_several_runs_are_one_open_row_with_a_count(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a"))
    site.begin()
    site.commit(site.failed("a", kind="timeout"))
    assert open_kinds(site) == [("fetch", "timeout", 2)]


def test_a_reading_resolves_what_was_open(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a"))
    site.commit(site.read("a", record()))
    assert open_kinds(site) == []
    [row] = site.rows("SELECT resolution, resolved_at FROM failures")
    assert row["resolution"] == "read"


def test_an_unchanged_page_resolves_what_was_open(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    site.commit(site.failed("a", "parse", "challenge_page"))
    site.commit(site.unchanged("a"))
    assert open_kinds(site) == []


def test_a_page_that_came_but_could_not_be_read_resolves_the_fetch_only(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a"))
    site.commit(site.failed("a", "parse", "challenge_page"))
    assert open_kinds(site) == [("parse", "challenge_page", 1)]
    [row] = site.rows("SELECT resolution FROM failures WHERE stage = 'fetch'")
    assert row["resolution"] == "fetched"


def test_a_failure_keeps_the_validators_and_the_page_of_the_last_reading(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    [before] = site.rows("SELECT etag, page_sha256, parser_version FROM urls")
    site.commit(site.failed("a", "parse", "challenge_page"))
    [after] = site.rows("SELECT etag, page_sha256, parser_version FROM urls")
    assert after == before
    assert after["etag"] == '"tag"'


def test_a_failure_is_not_tried_before_the_host_asks_for_it(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a", retry_at="2999-02-01T00:00:00.000000Z"))
    [row] = site.rows("SELECT next_attempt_at, url FROM open_failures")
    assert row == {"next_attempt_at": "2999-02-01T00:00:00.000000Z", "url": url_of("a")}


def test_each_failure_that_may_pass_is_tried_later_than_the_last(site: Site) -> None:
    site.list("a")
    waits = []
    for _ in range(3):
        site.commit(site.failed("a"))
        [row] = site.rows("SELECT last_failed_at, next_attempt_at FROM open_failures")
        waits.append((from_text(row["next_attempt_at"]) - from_text(row["last_failed_at"])).total_seconds())
        site.begin()
    assert waits == [pytest.approx(choose_wait(url_of("a"), attempts)) for attempts in (1, 2, 3)]


def test_a_failure_that_can_not_pass_by_itself_has_no_next_try(site: Site) -> None:
    site.list("a")
    site.commit(replace(site.failed("a"), verdict=Failed("parse", "half_page", "Half a page.")))
    assert site.rows("SELECT next_attempt_at FROM open_failures") == [{"next_attempt_at": None}]


def test_a_page_read_from_the_archive_does_not_say_that_it_can_be_fetched(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a", "parse", "half_page"))
    site.begin()
    site.commit(site.failed("a"))
    site.begin("retry")
    page = site.read("a", record())
    item = WorkItem(url_of("a"), archived_sha256=page.page_sha256)
    site.commit(replace(page, item=item, attempts=()))
    assert open_kinds(site) == [("fetch", "http_500", 1)]


def test_a_dismissed_failure_is_off_the_list_until_it_happens_again(site: Site) -> None:
    site.list("a", "b")
    site.commit(site.failed("a"), site.failed("b"))
    dismiss_failures(site.db, Wanted(url=url_of("a")), "The site knows.")
    assert site.rows("SELECT url FROM open_failures") == [{"url": url_of("b")}]
    assert site.rows("SELECT resolution, reason FROM failures WHERE url = ?", url_of("a")) == [
        {"resolution": "dismissed", "reason": "The site knows."}
    ]
    site.begin()
    site.commit(site.failed("a"))
    assert site.rows("SELECT attempts FROM open_failures WHERE url = ?", url_of("a")) == [{"attempts": 1}]


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        (Wanted(), ["a", "b"]),
        (Wanted(source="example"), ["a", "b"]),
        (Wanted(source="another"), []),
        (Wanted(kind="timeout"), ["b"]),
        (Wanted(stage="fetch"), ["a", "b"]),
        (Wanted(stage="parse"), []),
        (Wanted(url=url_of("b")), ["b"]),
        (Wanted(host="incidents.example"), ["a", "b"]),
        (Wanted(host="Incidents.Example"), ["a", "b"]),
        (Wanted(host="example"), []),
        (Wanted(host="incidents"), []),
        (Wanted(due_at="2000-01-01T00:00:00.000000Z"), []),
        (Wanted(due_at="2999-01-01T00:00:00.000000Z"), ["a", "b"]),
    ],
)
def test_only_the_failures_that_are_meant_are_selected(site: Site, wanted: Wanted, slugs: list[str]) -> None:
    site.list("a", "b")
    site.commit(site.failed("a"), site.failed("b", kind="timeout"))
    assert [row["url"] for row in failure_rows(site.db, wanted)] == [url_of(slug) for slug in slugs]
    run = site.begin("retry")
    if wanted.source != "another":
        assert [item.url for item in next_open(site.db, run, "", -1, wanted=wanted)] == [url_of(slug) for slug in slugs]


@given(st.text(max_size=50), st.integers(1, 10_000))
def test_the_wait_grows_to_a_day_and_is_the_same_each_time(url: str, attempts: int) -> None:
    wait = choose_wait(url, attempts)
    assert 0.75 * FIRST_SECONDS <= wait <= MAX_SECONDS
    assert wait == choose_wait(url, attempts)
    assert choose_wait(url, attempts + 2) >= min(wait, 0.75 * MAX_SECONDS)


def test_a_removal_resolves_what_was_open(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    site.commit(site.failed("a"))
    site.commit(site.gone("a"))
    assert open_kinds(site) == []
