"""Feeds name incidents that a listing may not name yet."""

from __future__ import annotations

import pytest

from ingest.extraction import Listing, Refusal
from ingest.reading import read_listing
from parsers import listing, load_source

A, B = "https://provyn.dev/incidents/a", "https://provyn.dev/incidents/b"
RSS = f"<rss version='2.0'><channel><link>https://provyn.dev/</link><item><title>A</title><link>{A}</link></item>"
FEEDS = {
    "rss 2.0": f"{RSS}<item><link> {B} </link></item><item><link>https://other.example/x</link></item></channel></rss>",
    "rss 1.0": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    f"<channel/><item><link>{A}</link></item><item><link>{B}</link></item></rdf:RDF>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://provyn.dev/'/>"
    f"<entry><link rel='alternate' href='{A}'/><link rel='edit' href='https://provyn.dev/incidents/edit'/></entry>"
    f"<entry><link href='{B}'/></entry></feed>",
}


def read(text: str) -> Listing | Refusal:
    return read_listing(text.encode(), "application/xml", "https://provyn.dev/feed", load_source("provyn"), listing)


@pytest.mark.parametrize("kind", FEEDS)
def test_the_entries_of_a_feed_are_incidents_and_never_all(kind: str) -> None:
    for head in ("", "<?xml version='1.0' encoding='utf-8'?>\n"):
        assert read(head + FEEDS[kind]) == Listing((A, B), complete=False)


@pytest.mark.parametrize("text", [RSS, "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", "<rss>" + "<a>" * 200])
def test_a_broken_or_hostile_feed_is_refused(text: str) -> None:
    found = read("<?xml version='1.0'?>" + text)
    assert isinstance(found, Refusal)
    assert found.kind == "unreadable_feed"
