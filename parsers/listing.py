"""A listing page, a sitemap or a feed to the incidents that it names, further sitemaps, and the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from ingest.extraction import Listing, Refusal
from ingest.page import INLINE, TEXT, Node, Page, fold
from ingest.sources import Source
from parsers.feed import is_feed, read_feed
from parsers.links import Links, find_links
from parsers.outline import FURNITURE, ancestors, is_paragraph
from parsers.refusals import diagnose_listing
from parsers.sitemap import read_sitemap

_NUMBER: Final = re.compile(r"\d{1,5}", re.ASCII)
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_MORE: Final = re.compile(r"(?:load|show) (?:\d+ )?more(?: \w+)?", re.IGNORECASE)
_PART_OF: Final = re.compile(
    r"(?:page (\d{1,6})|(?:showing |results? )?\d{1,6} ?(?:-|–|to) ?(\d{1,6})|showing (\d{1,6}))"
    r" (?:of|/) (\d{1,6})\b.*",
    re.IGNORECASE | re.ASCII,
)
_PART_CHARACTERS: Final = 60
_LEVELS: Final = 3


def read_listing_page(page: Page, source: Source) -> Listing | Refusal:
    """What the page names. A page without any incident is refused where it says that it is something else."""
    if page.root is None:
        return read_feed(page.text, source) if is_feed(page.text) else read_sitemap(page.text, source)
    links = Links(page, source)
    urls: dict[str, None] = {}
    for link in find_links(page.root):
        url = links.resolve(link.attributes["href"])
        identity = source.identify(url) if url is not None else None
        if identity is not None:
            urls.setdefault(identity[1])
    if not urls and (refusal := diagnose_listing(page.root)) is not None:
        return refusal
    next_url = find_next(page, page.root, source, links)
    more = next_url is None and says_more(page.root)
    return Listing(tuple(urls), next_url=next_url, complete=not more)


def find_next(page: Page, root: Node, source: Source, links: Links) -> str | None:
    """The page that follows: by rel=next, by the source's words for it, or by the number after the present one."""
    here = _listing_url(page.url or "", source)
    linked = [
        (link, url)
        for link in find_links(root)
        if (url := _listing_url(links.resolve(link.attributes["href"]), source))
    ]
    by_relation = [
        (link, _listing_url(links.resolve(link.attributes.get("href", "")), source))
        for link in root.find("link", "a")
        if "next" in link.attributes.get("rel", "").lower().split()
    ]
    words = {_word(word) for word in source.next_words}
    by_words = [(link, url) for link, url in linked if _names(link) & words]
    for _, url in (*by_relation, *by_words, *_by_number(linked, here)):
        if url is not None and url != here:
            return url
    return None


def _listing_url(url: str | None, source: Source) -> str | None:
    """The canonical URL of a page of the site that is no incident's."""
    if not url or not source.in_scope(url) or source.incident_slug(url) is not None:
        return None
    return source.canonical_url(url)


def _names(link: Node) -> set[str]:
    """What a link says that it leads to."""
    texts = (link.whole_text(), link.attributes.get("aria-label", ""), link.attributes.get("title", ""))
    return {word for word in map(_word, texts) if word}


def _word(text: str) -> str:
    plain = fold(text).casefold()
    return _EDGES.sub("", plain) or plain


def _by_number(linked: list[tuple[Node, str]], here: str | None) -> Iterator[tuple[Node, str]]:
    """The link to the page after the present one, among links whose texts are numbers."""
    numbered = {int(text): (link, url) for link, url in linked if _NUMBER.fullmatch(text := link.whole_text())}
    if not numbered:
        return
    present = next((number for number, (_, url) in numbered.items() if url == here), None)
    if present is None:
        present = next(_unlinked_numbers(next(iter(numbered.values()))[0]), None)
    if present is not None and present + 1 in numbered:
        yield numbered[present + 1]


def _unlinked_numbers(link: Node) -> Iterator[int]:
    """The numbers near a numbered link that are no links: the present page's."""
    for above in islice(ancestors(link), _LEVELS):
        for node in islice(above.walk(), 200):
            linked = any(each.tag == "a" and each.attributes.get("href") for each in islice(ancestors(node), _LEVELS))
            if node.tag == TEXT and not linked and _NUMBER.fullmatch(node.text.strip()):
                yield int(node.text)


def says_more(root: Node) -> bool:
    """Whether a page says that it shows a part of its list only: a button for more, or `Page 2 of 9`."""
    for node in root.walk():
        control = node.tag == "button" or (node.tag == "a" and node.attributes.get("href", "")[:1] in ("", "#"))
        if control and _MORE.fullmatch(node.whole_text()):
            return True
        if node.tag not in INLINE and node.tag not in FURNITURE - {"nav", "footer", "form"} and is_paragraph(node):
            part = _PART_OF.fullmatch(node.whole_text()[:_PART_CHARACTERS])
            if part and int(part[1] or part[2] or part[3]) < int(part[4]):
                return True
    return False
