"""One page, one URL; and which URLs are a source's incidents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import read_source
from ingest.sources.urls import normalize_url
from tests.sources.test_source_files import FILE

SOURCE = read_source("example", FILE, "example.toml")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a#top", "https://example.org/a"),
        ("http://example.org:80/a/", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/a?utm_source=x&page=2&fbclid=1", "https://example.org/a?page=2"),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?b=1&a=2"),
        ("https://example.org/%7eann/%e2%82%ac b", "https://example.org/~ann/%E2%82%AC%20b"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://www.example.org/a", "https://example.org/a"),
        ("https://elsewhere.example/a/", "https://elsewhere.example/a"),
        (" https://example.org/a\n", "https://example.org/a"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_a_url_has_one_spelling(url: str, canonical: str) -> None:
    assert SOURCE.canonical_url(url) == canonical
    assert SOURCE.canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url", ["", "a", "//x", "javascript:alert(1)", "ftp://example.org/", "http://[::1", "http://a:99999/"]
)
def test_what_is_no_web_address_has_none(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SOURCE.canonical_url(url)
    assert SOURCE.incident_slug(url) is None
    assert not SOURCE.in_scope(url)


@given(st.text(max_size=60), st.sampled_from(("https://example.org/", "http://", "")))
def test_normalizing_twice_is_normalizing_once(text: str, start: str) -> None:
    try:
        once = normalize_url(start + text, "drop")
    except ValueError:
        return
    assert normalize_url(once, "drop") == once


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://example.org/incidents/bad-bot", "bad-bot"),
        ("https://www.example.org/incidents/bad-bot/?utm_medium=mail#x", "bad-bot"),
        ("https://example.org/incidents/", None),
        ("https://example.org/incidents/bad-bot/edit", None),
        ("https://elsewhere.example/incidents/bad-bot", None),
        ("http://example.org/incidents/bad-bot", None),
    ],
)
def test_the_pattern_names_the_incident(url: str, slug: str | None) -> None:
    assert SOURCE.incident_slug(url) == slug
    expected = None if slug is None else (f"example:{slug}", f"https://example.org/incidents/{slug}")
    assert SOURCE.identify(url) == expected


def test_a_trailing_slash_goes_by_the_file() -> None:
    adding = read_source("example", 'trailing_slash = "add"\n' + FILE, "example.toml")
    keeping = read_source("example", 'trailing_slash = "keep"\n' + FILE, "example.toml")
    assert adding.canonical_url("https://example.org/a") == "https://example.org/a/"
    assert keeping.canonical_url("https://example.org/a/") == "https://example.org/a/"
    assert keeping.canonical_url("https://example.org/a") == "https://example.org/a"
