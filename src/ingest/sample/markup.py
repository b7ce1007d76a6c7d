"""The documents of an edition, by path, each as text: pages in the edition's markup, robots.txt and sitemap.xml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from ingest.sample import divs, groups
from ingest.sample.editions import Edition
from ingest.sample.facts import Entry
from ingest.sample.pieces import SITE_NAME, address, listing_address, write_document

LISTED = 8
"""Incidents on a listing page."""
RELATED = 2
"""Cards under an incident."""

_MARKUPS = {"divs": divs, "groups": groups}


def write_pages(edition: Edition) -> dict[str, str]:
    """Every page of an edition in HTML by path, as if no fault hid any of them."""
    markup = _MARKUPS[edition.markup]
    entries = edition.entries
    pages = {"/": write_home(entries)}
    chunks = [entries[start : start + LISTED] for start in range(0, len(entries), LISTED)]
    for number, chunk in enumerate(chunks, 1):
        pages[listing_address(number)] = markup.write_listing(chunk, number, len(chunks))
    for place, entry in enumerate(entries):
        related = [entries[(place + step) % len(entries)] for step in range(1, RELATED + 1)]
        pages[address(entry)] = markup.write_incident(entry, related)
    return pages


def write_home(entries: Sequence[Entry]) -> str:
    """The front page."""
    body = (
        f"<h1>{SITE_NAME}</h1><p>What went wrong with artificial intelligence, and what came of it. "
        f'<a href="/incidents">All {len(entries)} incidents</a></p>'
    )
    return write_document("Home", "/", "", body)


def write_notice(title: str, text: str) -> str:
    """The page of an error."""
    return write_document(title, "/", "", f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def write_challenge() -> str:
    """A page as a bot filter sends it in another's place, with status 200."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>Just a moment...</title>'
        '<meta name="robots" content="noindex,nofollow"/></head><body><main><h1>Checking your browser</h1>'
        "<noscript><p>This check needs JavaScript and cookies.</p></noscript>"
        "<p>This takes a few seconds. The page that you asked for follows by itself.</p></main>"
        '<script src="/cdn-check/orchestrate.js" defer=""></script></body></html>\n'
    )


def write_robots(origin: str) -> str:
    """Allows all but the API and names the sitemap; no Crawl-delay. origin: scheme and host (RFC 9309)."""
    return f"User-agent: *\nAllow: /\nDisallow: /api/\n\nSitemap: {origin}/sitemap.xml\n"


def write_sitemap(origin: str, changed: Mapping[str, date]) -> str:
    """The sitemap (sitemaps.org/protocol.html) of some paths, each with the day of its last change."""
    urls = "".join(
        f"<url><loc>{escape(origin + path)}</loc><lastmod>{day.isoformat()}</lastmod></url>\n"
        for path, day in changed.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</urlset>\n"
    )
