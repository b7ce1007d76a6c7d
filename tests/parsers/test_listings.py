"""Listing pages and sitemaps: what they name, what comes next, and whether they say everything."""

from __future__ import annotations

import gzip

import pytest

from ingest.extraction import Listing, Refusal
from ingest.reading import read_listing
from parsers import listing, load_source

PROVYN = load_source("provyn")
HOME = "https://provyn.dev/incidents"
A = '<li><a href="/incidents/a">A</a></li>'
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def read(body: str | bytes, url: str = HOME, content_type: str = "text/html") -> Listing:
    found = listing_or_refusal(body, url, content_type)
    assert isinstance(found, Listing), found
    return found


def listing_or_refusal(body: str | bytes, url: str = HOME, content_type: str = "text/html") -> Listing | Refusal:
    content = body.encode() if isinstance(body, str) else body
    return read_listing(content, content_type, url, PROVYN, listing)


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="?page=2">more</a>',
        '<a href="?page=2">Next</a>',
        '<a href="?page=2">NEXT PAGE →</a>',
        '<a href="?page=2"><span>Older</span> posts</a>',
        '<a href="/incidents?page=2&utm_source=x">»</a>',
        '<a href="?page=2" aria-label="Next page"><svg></svg></a>',
        '<nav><span>1</span> <a href="?page=2">2</a> <a href="?page=3">3</a></nav>',
        '<nav><a href="/incidents">1</a><a href="?page=2">2</a><a href="?page=9">9</a></nav>',
        '<a href="?page=0">‹ Previous</a><a href="?page=2">Next ›</a>',
        '<link rel="next" href="https://www.provyn.dev/incidents?page=2">',
    ],
)
def test_the_next_page_is_found_by_relation_word_or_number(link: str) -> None:
    assert read(f"<h1>Incidents</h1><ul>{A}</ul>{link}").next_url == f"{HOME}?page=2"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/incidents/b">Next</a>',
        '<a href="https://elsewhere.example/incidents?page=2">Next</a>',
        '<a href="javascript:go(2)">Next</a>',
        '<a href="/incidents">Next</a>',
        '<a href="#">Next</a>',
        "<span>Next</span>",
        '<a href="?page=1">1</a><span>2</span>',
        '<a href="/2024">2024</a>',
    ],
)
def test_what_leads_nowhere_further_is_no_next_page(link: str) -> None:
    assert read(f"<h1>Incidents</h1><ul>{A}</ul>{link}").next_url is None


def test_an_incident_is_named_once_by_its_canonical_url() -> None:
    body = f'{A}<a href="https://www.provyn.dev/incidents/a/?utm_source=x#top">A</a><a href="b">B</a>'
    found = read(body, url="https://provyn.dev/incidents/")
    assert found.urls == (f"{HOME}/a", f"{HOME}/b")


def test_a_base_element_moves_relative_links() -> None:
    assert read('<base href="/incidents/"><a href="a">A</a>', url="https://provyn.dev/").urls == (f"{HOME}/a",)


@pytest.mark.parametrize("sign", ["<button>Load more</button>", "<p>Page 2 of 9</p>", "<p>Showing 1–20 of 134</p>"])
def test_a_page_that_says_there_is_more_and_has_no_link_is_incomplete(sign: str) -> None:
    assert not read(f"<h1>Incidents</h1><ul>{A}</ul>{sign}").complete
    assert read(f'<h1>Incidents</h1><ul>{A}</ul>{sign}<a href="?page=2">Next</a>').complete


@pytest.mark.parametrize("sign", ["", "<p>Page 9 of 9</p>", "<p>Showing 121–134 of 134</p>"])
def test_a_last_page_is_complete(sign: str) -> None:
    assert read(f"<h1>Incidents</h1><ul>{A}</ul>{sign}").complete


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>Just a moment...</title><h1>Just a moment...</h1>", "challenge"),
        ("<h1>Page not found</h1>", "soft_404"),
        ("<title>Provyn</title><div id=root></div><script src=/a.js></script>", "empty_shell"),
        ("<div><p>Loading…</p></div>", "empty_shell"),
        ("", "empty_body"),
    ],
)
def test_a_page_that_is_no_listing_is_refused(body: str, kind: str) -> None:
    found = listing_or_refusal(body)
    assert isinstance(found, Refusal)
    assert found.kind == kind


def test_a_listing_without_incidents_is_an_empty_one() -> None:
    assert read("<h1>Incidents</h1><p>There is nothing here yet.</p>") == Listing()


def test_a_sitemap_may_be_compressed_or_start_with_a_mark() -> None:
    text = SITEMAP.format(f"<url><loc>{HOME}/a</loc></url>").encode()
    for body in (text, b"\xef\xbb\xbf" + text, gzip.compress(text), b"\n" + text):
        assert read(body, content_type="application/octet-stream").urls == (f"{HOME}/a",)


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/x"><urlset/>',
        b'<?xml version="1.0"?><opml><body/></opml>',
        b"<urlset><url><loc>https://provyn.dev/incidents/a</loc>",
        b"<urlset>" + b"<a>" * 30,
    ],
)
def test_xml_that_is_broken_hostile_or_something_else_is_refused(body: bytes) -> None:
    found = listing_or_refusal(body, content_type="text/xml")
    assert isinstance(found, Refusal)
    assert found.kind == "unreadable_sitemap"


def test_a_sitemap_over_the_protocols_limit_is_cut_and_says_so() -> None:
    entries = "".join(f"<url><loc>{HOME}/a{number}</loc></url>" for number in range(50_001))
    found = read(SITEMAP.format(entries), content_type="application/xml")
    assert len(found.urls) == 50_000
    assert not found.complete


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    found = listing_or_refusal(gzip.compress(b"<urlset>" + b" " * 50_000_000), content_type="application/gzip")
    assert isinstance(found, Refusal)
    assert found.kind == "too_large"


def test_of_a_sitemap_with_a_million_urls_the_first_are_used() -> None:
    entry = b"<url><loc>https://provyn.dev/incidents/number-%07d</loc></url>"
    body = b"<urlset>" + b"".join(entry % number for number in range(60_000)) + entry % 0 * 940_000 + b"</urlset>"
    found = listing_or_refusal(gzip.compress(body, 1), content_type="application/gzip")
    assert isinstance(found, Listing)
    assert (len(found.urls), found.complete) == (50_000, False)
