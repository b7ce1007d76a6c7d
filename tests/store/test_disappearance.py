"""An incident that its site no longer names is removed when the site says so, or when it stays away twice."""

from __future__ import annotations

import pytest

from ingest.store.commit import complete_run
from ingest.store.connection import transaction
from ingest.store.figures import judge_listing
from ingest.store.runs import end_run
from ingest.store.work import next_listed, next_missing
from tests.store.conftest import NORMS, PARSER, Site, record, url_of


def complete(site: Site) -> int:
    complete_run(site.db, site.run, PARSER, NORMS, judge_listing(site.db, site.run, NORMS, 2))
    removed = "SELECT count(*) AS n FROM incident_versions WHERE change = 'removed' AND run_id = ?"
    return int(site.rows(removed, site.run.id)[0]["n"])


def known_pair(site: Site) -> None:
    site.list("a", "b")
    site.commit(site.read("a", record()), site.read("b", record()))
    complete(site)


def test_what_the_listing_does_not_name_is_to_be_fetched_in_the_same_run(site: Site) -> None:
    known_pair(site)
    site.begin()
    site.list("a")
    [missing] = next_missing(site.db, site.run, "", 10)
    assert (missing.url, missing.incident_id) == (url_of("b"), "example:b")
    assert [item.url for item in next_listed(site.db, site.run, "", 10)] == [url_of("a")]


def test_a_missing_page_that_fails_is_removed_by_the_second_completed_run(site: Site) -> None:
    known_pair(site)
    removed = []
    for _ in range(2):
        site.begin()
        site.list("a")
        site.commit(site.failed("b"))
        removed.append(complete(site))
    assert removed == [0, 1]


def test_a_missing_page_that_answers_is_alive(site: Site) -> None:
    known_pair(site)
    for result in (site.failed, site.unchanged, site.failed):
        site.begin()
        site.list("a")
        site.commit(result("b"))
        assert complete(site) == 0


@pytest.mark.parametrize(("stage", "kind"), [("parse", "partial_page"), ("validate", "unreadable_value")])
def test_a_missing_page_that_answers_with_what_can_not_be_read_is_alive(site: Site, stage: str, kind: str) -> None:
    known_pair(site)
    for result in (site.failed("b"), site.failed("b", stage, kind), site.failed("b", stage, kind), site.failed("b")):
        site.begin()
        site.list("a")
        site.commit(result)
        assert complete(site) == 0


def test_a_missing_page_that_says_that_there_is_none_is_removed_by_the_second_completed_run(site: Site) -> None:
    known_pair(site)
    removed = []
    for _ in range(2):
        site.begin()
        site.list("a")
        site.commit(site.failed("b", "parse", "soft_404"))
        removed.append(complete(site))
    assert removed == [0, 1]


def test_an_interrupted_run_counts_for_nothing(site: Site) -> None:
    known_pair(site)
    site.begin()
    site.list("a")
    site.commit(site.failed("b"))
    with transaction(site.db):
        end_run(site.db, site.run, "interrupted")
    site.begin()
    site.list("a")
    site.commit(site.failed("b"))
    assert complete(site) == 0


def test_a_page_that_is_named_again_is_no_longer_missing(site: Site) -> None:
    known_pair(site)
    site.begin()
    site.list("a")
    site.commit(site.failed("b"))
    complete(site)
    site.begin()
    site.list("a", "b")
    assert site.rows("SELECT missing_since FROM urls WHERE url = ?", url_of("b")) == [{"missing_since": None}]


def test_a_removed_incident_is_not_looked_for_again(site: Site) -> None:
    known_pair(site)
    site.begin()
    site.list("a")
    site.commit(site.gone("b"))
    site.begin()
    site.list("a")
    assert next_missing(site.db, site.run, "", 10) == []
