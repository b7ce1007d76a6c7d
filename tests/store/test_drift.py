"""Drift counts the distinct URLs that print something unforeseen."""

from __future__ import annotations

from ingest.extraction import Observation
from tests.store.conftest import Site, record, url_of

UNKNOWN = (Observation("unknown_label", "Estimated Cost", "12 USD"),)


def test_a_label_seen_on_two_pages_twice_counts_two_pages(site: Site) -> None:
    site.list("a", "b")
    for _ in range(2):
        site.commit(site.read("a", record(), observations=UNKNOWN), site.read("b", record(), observations=UNKNOWN))
    [row] = site.rows("SELECT kind, field, value, pages FROM open_drift")
    assert row == {"kind": "unknown_label", "field": "Estimated Cost", "value": "12 USD", "pages": 2}


def test_what_a_page_no_longer_prints_does_not_count_for_it(site: Site) -> None:
    site.list("a", "b")
    site.commit(site.read("a", record(), observations=UNKNOWN), site.read("b", record(), observations=UNKNOWN))
    site.commit(site.read("a", record()))
    assert site.rows("SELECT pages, example_url FROM open_drift") == [{"pages": 1, "example_url": url_of("b")}]
    site.commit(site.gone("b"))
    assert site.rows("SELECT pages FROM open_drift") == []
    assert site.rows("SELECT pages FROM drift") == [{"pages": 0}]


def test_accepted_drift_is_not_open(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(), observations=UNKNOWN))
    site.db.execute("UPDATE drift SET accepted_at = last_seen")
    site.commit(site.read("a", record(status="x"), observations=UNKNOWN))
    assert site.rows("SELECT * FROM open_drift") == []
