"""The pattern of a site's incidents, guessed from a few URLs: it takes them, others like them, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.onboarding.addresses import Addresses, guess_addresses
from ingest.onboarding.examples import OnboardingError, open_example

SITE = "https://site.example"


def guess(*paths: str, links: str = "") -> Addresses:
    html = f"<h1>A page</h1><p>Some words that a reader can see.</p>{links}".encode()
    return guess_addresses([open_example(f"{n}", html, None, f"{SITE}{path}", None) for n, path in enumerate(paths)])


@pytest.mark.parametrize(
    ("paths", "others", "strangers"),
    [
        (["/i/a-b", "/i/c"], ["/i/zz-9"], ["/i", "/", "/i/a/b", "/about/a"]),
        (["/cite/12", "/cite/7"], ["/cite/12345"], ["/cite/abc", "/cite"]),
        (["/a/X-2016-1.html", "/a/X-2017-2.html", "/a/X-2020-333.html"], ["/a/X-2024-44.html"], ["/a/about.html"]),
        (["/2024/05/one", "/2025/11/two"], ["/1999/01/three"], ["/2024/one"]),
        (["/i?id=5", "/i?id=17"], ["/i?id=1"], ["/i", "/i?page=2", "/j?id=5"]),
        (["/i/a/", "/i/b/"], ["/i/c/"], ["/i/"]),
        (["/i/a/1", "/i/b/1"], ["/i/c/1"], ["/i/a"]),
        (["/2024/a", "/2025/a"], ["/2026/a"], ["/2024"]),
        (["/i/only"], ["/i/other"], ["/i", "/j/only"]),
    ],
)
def test_the_pattern_takes_what_is_like_the_examples(paths: list[str], others: list[str], strangers: list[str]) -> None:
    pattern = re.compile(guess(*paths).incident_url)
    slugs = [match["slug"] for path in paths if (match := pattern.fullmatch(f"{SITE}{path}"))]
    assert len(set(slugs)) == len(paths)
    assert all(pattern.fullmatch(f"{SITE}{path}") for path in others)
    assert not any(pattern.fullmatch(f"{SITE}{path}") for path in strangers)


@given(st.lists(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._~!()'*-]{0,12}", fullmatch=True), min_size=1, unique=True))
def test_every_slug_is_told_apart(slugs: list[str]) -> None:
    pattern = re.compile(guess(*(f"/i/{slug}" for slug in slugs)).incident_url)
    found = [pattern.fullmatch(f"{SITE}/i/{slug}") for slug in slugs]
    assert len({match and match["slug"] for match in found}) == len(slugs)
    assert all(found)


def test_the_listing_is_the_nearest_folder_to_which_a_page_links() -> None:
    linked = guess("/db/cases/a", "/db/cases/b", links='<a href="/db/">Database</a> <a href="//other.example/db">x</a>')
    assert linked.listings == (f"{SITE}/db/",)
    assert "listings" not in linked.doubts
    assert guess("/db/cases/a").listings == (f"{SITE}/db/cases",)
    assert guess("/db/cases/a").doubts["listings"] == "no example links to it"


def test_a_feed_that_the_page_names_is_taken() -> None:
    links = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    assert guess("/i/a", links=links).feeds == (f"{SITE}/feed.xml",)


def test_what_the_pattern_would_take_for_an_incident_is_no_feed_and_no_sitemap() -> None:
    links = '<link rel="alternate" type="application/atom+xml" href="/i/feed">'
    found = guess("/i/a", "/i/b", links=links)
    assert found.feeds == ()
    assert found.sitemaps == (f"{SITE}/sitemap.xml",)
    assert guess("/a", "/b").sitemaps == (f"{SITE}/sitemap.xml",)
    assert guess("/a.b", "/c").sitemaps == ()
    assert guess("/a", "/b").doubts["incident_url"] == "every page at the site's top would be one"


def test_slashes_at_the_end_are_kept_where_all_have_one() -> None:
    assert guess("/i/a/", "/i/b/").trailing_slash == "add"
    assert guess("/i/a", "/i/b").trailing_slash == "drop"


def test_pages_at_different_depths_are_refused() -> None:
    with pytest.raises(OnboardingError, match="different depths"):
        guess("/i/a", "/i")
