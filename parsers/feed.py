"""A feed of a site (RSS 2.0, RSS 1.0, Atom: RFC 4287) to the incidents that it links to; never the whole list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingest.extraction import Listing, Refusal
from ingest.sources import Source
from parsers.refusals import refuse
from parsers.xml import XmlError, stream_xml

ROOTS: Final = ("<rss", "<feed", "<rdf:RDF")
MAX_LINKS: Final = 10_000
MAX_CHARACTERS: Final = 2_048

_ENTRIES: Final = frozenset({"item", "entry"})


class _Reader:
    """Collects the link of each entry while the XML streams by."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self._path: list[str] = []
        self._text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._path.append(tag)
        self._text = ""
        if self._is_link() and attributes.get("rel", "alternate") == "alternate":
            self._add(attributes.get("href", ""))

    def text(self, text: str) -> None:
        if self._is_link() and len(self._text) <= MAX_CHARACTERS:
            self._text += text

    def end(self) -> None:
        if self._is_link():
            self._add(self._text.strip())
        self._path.pop()

    def _is_link(self) -> bool:
        return len(self._path) > 1 and self._path[-1] == "link" and self._path[-2] in _ENTRIES

    def _add(self, url: str) -> None:
        if url and len(url) <= MAX_CHARACTERS and len(self.links) < MAX_LINKS:
            self.links.append(url)


def read_feed(text: str, source: Source) -> Listing | Refusal:
    """The incidents that a feed's entries link to. Broken or hostile XML is refused: kind unreadable_feed."""
    reader = _Reader()
    try:
        stream_xml(text, reader)
    except XmlError as error:
        return refuse("unreadable_feed", f"The feed can't be read: {error}.")
    identities = (source.identify(source.own_url(link)) for link in reader.links)
    urls = dict.fromkeys(identity[1] for identity in identities if identity is not None)
    return Listing(tuple(urls), complete=False)


def is_feed(text: str) -> bool:
    """Whether an XML text is a feed, by its root element."""
    return any(root in text[:2_000] for root in ROOTS)
