"""The title of an incident's page, and the badge that may stand in it."""

from __future__ import annotations

import re
from typing import Final

from ingest.labels import label_key
from ingest.page import TEXT, Node, text_of
from ingest.sources import Source
from parsers.badge import badge_key, badge_words, strip_badge
from parsers.links import find_links
from parsers.outline import Outline, ancestors, content

_BADGE_TAGS: Final = frozenset("a div mark p small span strong".split())
"""Elements that set a badge apart in a title; others stress a word of it."""
_WORD: Final = re.compile(r"\w")


def find_titles(outline: Outline, source: Source) -> list[Node]:
    """The headings of the first rank with different texts, without the site's own where others are left."""
    by_text: dict[str, Node] = {}
    for node in outline.tagged["h1"]:
        text = node.whole_text()
        outside = any(above.tag in ("nav", "footer", "dialog") for above in ancestors(node))
        if text and not outside and label_key(text) not in source.words:
            by_text.setdefault(text, node)
    titles = list(by_text.values())
    return [title for title in titles if not _is_site_name(title)] or titles if len(titles) > 1 else titles


def _is_site_name(title: Node) -> bool:
    """Whether a heading leads to the site's own start, or stands in the head of the page outside its main part."""
    above = {node.tag for node in ancestors(title)}
    return any(link.attributes["href"] == "/" for link in find_links(title)) or (
        "header" in above and not above & {"main", "article"}
    )


def split_title(title: Node, source: Source) -> tuple[str, str | None]:
    """The title's text without links to itself, and the badge's where one stands at its beginning or end."""
    parts = content(title.children)
    while len(parts) == 1 and parts[0].tag != TEXT:
        parts = content(parts[0].children)
    parts = [part for part in parts if part.tag not in ("a", "button") or _WORD.search(part.whole_text())]
    words = badge_words(source)
    for place in (0, -1):
        if len(parts) > 1 and parts[place].tag in _BADGE_TAGS and badge_key(parts[place].whole_text()) in words:
            badge = parts.pop(place)
            return text_of(parts), strip_badge(badge.whole_text())
    return text_of(parts), None
