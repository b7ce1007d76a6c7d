"""robots.txt read by the rules of RFC 9309, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.robots import MAX_ROBOTS_BYTES, read_robots

SITE = "https://example.org"


def allows(text: str | bytes, path: str) -> bool:
    return read_robots(text.encode() if isinstance(text, str) else text, "ingest").allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("User-agent: *\nDisallow: /ä", "/%C3%A4", False),
        ("user-agent:*\ndisallow:/a", "/a", False),
        ("User-agent: ingest\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: INGEST/2.0\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: ingest\nAllow: /", "/a", True),
        ("User-agent: in\nDisallow: /", "/a", True),
        ("User-agent: ingestion\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: ingest\nDisallow: /a", "/a", False),
        ("User-agent: ingest\nUser-agent: other\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /\nUser-agent: ingest\nDisallow: /a", "/b", True),
        (
            "User-agent: ingest\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: ingest\nDisallow: /c",
            "/c",
            False,
        ),
        ("Disallow: /", "/a", True),
        ("User-agent: * # everyone\nDisallow: /a # this", "/a", False),
        ("<html><body>Not found</body></html>", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: *\nDisallow: /robots.txt", "/robots.txt", True),
    ],
)
def test_a_url_is_allowed_or_not(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_rules_beyond_the_first_500_kib_are_not_read() -> None:
    rule = b"User-agent: *\nDisallow: /a\n"
    filler = b"#" * (MAX_ROBOTS_BYTES - 10) + b"\n"
    assert not allows(rule + filler + b"Disallow: /b\n", "/a")
    assert allows(filler + rule, "/a")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\x00" * 1000, b"User-agent: *\nDisallow: /\xff\xfe"])
def test_bytes_that_are_no_text_forbid_nothing_else(body: bytes) -> None:
    assert allows(body, "/a")


def test_an_agent_a_line_does_not_multiply_the_rules() -> None:
    agents = b"".join(b"User-agent: bot%d\n" % number for number in range(15_000))
    robots = read_robots(agents + b"Disallow: /a\n" * 15_000, "ingest")
    assert robots.allows(f"{SITE}/a")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: ingest\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 9", 3),
        ("User-agent: other\nCrawl-delay: 9", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: often", None),
    ],
)
def test_a_crawl_delay_is_a_number_for_us(text: str, seconds: float | None) -> None:
    assert read_robots(text.encode(), "ingest").crawl_delay_seconds == seconds


def test_sitemaps_are_listed_once_in_order() -> None:
    body = b"Sitemap: https://example.org/b.xml\nUser-agent: *\nSitemap: https://example.org/a.xml\n" * 2
    assert read_robots(body, "ingest").sitemaps == ("https://example.org/b.xml", "https://example.org/a.xml")


@given(st.binary(max_size=400))
def test_any_bytes_are_rules(body: bytes) -> None:
    read_robots(b"User-agent: *\n" + body, "ingest").allows(f"{SITE}/a")
