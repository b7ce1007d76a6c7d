"""A failure is a row that stays open until its URL gets past that stage."""

from __future__ import annotations

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


def test_a_failure_says_when_to_try_next(site: Site) -> None:
    site.list("a")
    site.commit(site.failed("a", retry_at="2026-02-01T00:00:00.000000Z"))
    [row] = site.rows("SELECT next_attempt_at, url FROM open_failures")
    assert row == {"next_attempt_at": "2026-02-01T00:00:00.000000Z", "url": url_of("a")}


def test_a_removal_resolves_what_was_open(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    site.commit(site.failed("a"))
    site.commit(site.gone("a"))
    assert open_kinds(site) == []
