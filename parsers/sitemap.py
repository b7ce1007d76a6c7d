"""A sitemap or an index of sitemaps (https://www.sitemaps.org/protocol.html) to the addresses that it names."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from ingest.extraction import Listing, Refusal
from ingest.sources import Source
from parsers.refusals import refuse
from parsers.xml import XmlError, stream_xml

MAX_URLS: Final = 50_000
"""The protocol's own limit."""
MAX_CHARACTERS: Final = 2_048

_ENTRIES: Final = {"urlset": "url", "sitemapindex": "sitemap"}


class _Enough(Exception):
    """More URLs than the protocol allows: the first of them are used."""


class _Reader:
    """Collects what a sitemap names while the XML streams by.

    urls: incidents by canonical URL; sitemaps: those of an index.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.kind = ""
        self.urls: dict[str, None] = {}
        self.sitemaps: dict[str, None] = {}
        self.cut = False
        self._entries = 0
        self._path: list[str] = []
        self._address = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._path:
            if tag not in _ENTRIES:
                raise XmlError(f"its root is {tag[:40]!r}, not urlset or sitemapindex")
            self.kind = tag
        self._path.append(tag)
        if self._path == [self.kind, _ENTRIES[self.kind]]:
            self._address = ""

    def text(self, text: str) -> None:
        if self._path == [self.kind, _ENTRIES[self.kind], "loc"] and len(self._address) <= MAX_CHARACTERS:
            self._address += text

    def end(self) -> None:
        if self._path == [self.kind, _ENTRIES[self.kind]] and (url := self._address.strip()):
            if self._entries == MAX_URLS:
                self.cut = True
                raise _Enough
            if len(url) <= MAX_CHARACTERS:
                self._entries += 1
                self._add(url)
        self._path.pop()

    def _add(self, url: str) -> None:
        if self.kind == "sitemapindex":
            if self._source.in_scope(url):
                self.sitemaps[self._source.own_url(url)] = None
        elif (identity := self._source.identify(url)) is not None:
            self.urls[identity[1]] = None


def read_sitemap(text: str, source: Source) -> Listing | Refusal:
    """The incidents or the further sitemaps of a sitemap, those of the source's hosts only.

    XML that is broken or hostile is refused: kind unreadable_sitemap.
    """
    reader = _Reader(source)
    try:
        with suppress(_Enough):
            stream_xml(text, reader)
    except XmlError as error:
        return refuse("unreadable_sitemap", f"The sitemap can't be read: {error}.")
    return Listing(tuple(reader.urls), tuple(reader.sitemaps), complete=not reader.cut)
