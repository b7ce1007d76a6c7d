"""A sitemap or an index of sitemaps (https://www.sitemaps.org/protocol.html) to the addresses that it names."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from ingest.extraction import Listing, Refusal
from ingest.page import fold
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
    """Collects loc and lastmod of each entry while the XML streams by."""

    def __init__(self) -> None:
        self.kind = ""
        self.found: list[tuple[str, str | None]] = []
        self.cut = False
        self._path: list[str] = []
        self._entry: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._path:
            if tag not in _ENTRIES:
                raise XmlError(f"its root is {tag[:40]!r}, not urlset or sitemapindex")
            self.kind = tag
        self._path.append(tag)
        if self._path == [self.kind, _ENTRIES[self.kind]]:
            self._entry = {}

    def text(self, text: str) -> None:
        if len(self._path) == 3 and self._path[1] == _ENTRIES[self.kind] and self._path[2] in ("loc", "lastmod"):
            so_far = self._entry.get(self._path[2], "")
            if len(so_far) <= MAX_CHARACTERS:
                self._entry[self._path[2]] = so_far + text

    def end(self) -> None:
        if self._path == [self.kind, _ENTRIES[self.kind]] and (url := self._entry.get("loc", "").strip()):
            if len(self.found) == MAX_URLS:
                self.cut = True
                raise _Enough
            if len(url) <= MAX_CHARACTERS:
                self.found.append((url, fold(self._entry.get("lastmod", "")) or None))
        self._path.pop()


def read_sitemap(text: str, source: Source) -> Listing | Refusal:
    """The incidents or the further sitemaps of a sitemap, those of the source's hosts only.

    XML that is broken or hostile is refused: kind unreadable_sitemap.
    """
    reader = _Reader()
    try:
        with suppress(_Enough):
            stream_xml(text, reader)
    except XmlError as error:
        return refuse("unreadable_sitemap", f"The sitemap can't be read: {error}.")
    if reader.kind == "sitemapindex":
        nested = dict.fromkeys(source.own_url(url) for url, _ in reader.found if source.in_scope(url))
        return Listing(sitemaps=tuple(nested), complete=not reader.cut)
    urls: dict[str, str | None] = {}
    for url, changed_at in reader.found:
        identity = source.identify(url)
        if identity is not None:
            urls.setdefault(identity[1], changed_at)
    return Listing(tuple(urls.items()), complete=not reader.cut)
