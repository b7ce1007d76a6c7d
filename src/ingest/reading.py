"""A body to a record, a listing, or a reason why not. Runs in a parser process: plain values go in and come out."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.extraction import Extraction, Listing, Observation, Refusal
from ingest.page import Page, PageError, decode, open_page
from ingest.records import validate
from ingest.sources import Source

Parse = Callable[[Page, Source], Extraction | Refusal]
ParseListing = Callable[[Page, Source], Listing | Refusal]

MAX_LISTING_BYTES = 20_000_000
"""A sitemap, as received and unpacked; the 50,000 URLs that the protocol allows are seldom half of it."""

_GZIP = b"\x1f\x8b"
_XML_STARTS = (b"<?xml", b"<urlset", b"<sitemapindex", b"<rss", b"<feed", b"<rdf:RDF")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page gave: the record's fields as JSON values, or a refusal.

    incident_id and url (canonical) are None where neither the page's URL nor its canonical link is an incident's.
    """

    incident_id: str | None = None
    url: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    observations: tuple[Observation, ...] = ()


def read_body(body: bytes, content_type: str | None, url: str | None, source: Source, parse: Parse) -> Reading:
    """Open, parse and validate an incident's page.

    url is the page's final URL; without one, the page's canonical link stands for it.
    """
    try:
        page = open_page(body, content_type, url)
    except PageError as error:
        return Reading(refusal=Refusal("parse", error.kind, str(error)))
    try:
        return _read_page(page, source, parse)
    finally:
        if page.root is not None:
            page.root.forget()


def _read_page(page: Page, source: Source, parse: Parse) -> Reading:
    if page.url is None:
        page = replace(page, url=canonical_link(page))
    identity = source.identify(page.url) if page.url is not None else None
    incident_id, own_url = identity or (None, None)
    extraction = parse(page, source)
    if isinstance(extraction, Refusal):
        return Reading(incident_id, own_url, refusal=extraction)
    observations = extraction.observations
    if page.replaced:
        observations = (*observations, Observation("assertion", "undecodable characters", None))
    validated = validate(extraction, source, incident_id)
    if isinstance(validated, Refusal):
        return Reading(incident_id, own_url, refusal=validated, observations=observations)
    return Reading(
        incident_id, own_url, validated.incident.fields(), observations=(*observations, *validated.observations)
    )


def read_listing(
    body: bytes, content_type: str | None, url: str | None, source: Source, parse: ParseListing
) -> Listing | Refusal:
    """Open and parse a listing page or a sitemap; a sitemap may be compressed with gzip.

    Of one that is too long when it is unpacked the beginning is read, and refused where that does not do.
    """
    try:
        content, is_cut = _uncompress(body) if body.startswith(_GZIP) else (body, False)
        start = content[:200].removeprefix(_MARK).lstrip()
        if start.startswith(_XML_STARTS) and b"<html" not in content[:4096].lower():
            text, encoding = decode(content, content_type)
            page = Page(url, text, None, encoding)
        else:
            page = open_page(content, content_type, url)
    except PageError as error:
        return Refusal("parse", error.kind, str(error))
    found = parse(page, source)
    if page.root is not None:
        page.root.forget()
    if is_cut and isinstance(found, Refusal):
        return Refusal("parse", "too_large", f"The body has more than {MAX_LISTING_BYTES:,} bytes when it is unpacked.")
    return found


def canonical_link(page: Page) -> str | None:
    """The address that a page gives for itself."""
    if page.root is None:
        return None
    for node in page.root.find("link", "meta"):
        attributes = node.attributes
        if node.tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            return attributes.get("href") or None
        if node.tag == "meta" and attributes.get("property") == "og:url" and attributes.get("content"):
            return attributes["content"]
    return None


def _uncompress(body: bytes) -> tuple[bytes, bool]:
    """The content of a gzip file as far as a listing may be long, and whether there is more. Raises PageError."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(body, MAX_LISTING_BYTES)
    except zlib.error as error:
        raise PageError("not_html", f"The body is no gzip file that can be read: {error}.") from error
    if not unpacker.eof and len(content) < MAX_LISTING_BYTES:
        raise PageError("not_html", "The body is a gzip file that is cut short.")
    return content, not unpacker.eof
