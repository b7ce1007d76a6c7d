"""The items of a value: list items, several dd, chips, links; and its whole text."""

from __future__ import annotations

import re
from typing import Final

from ingest.labels.view import View
from ingest.page import TEXT, Node, text_of
from ingest.page.node import names

_SEPARATOR: Final = re.compile(r"[\s,;|/·•⋅&]*")
_EMPHASIS: Final = names("b i em strong sub sup font mark small u s code abbr")
_ITEM_CHARACTERS: Final = 80


def value_of(view: View, nodes: tuple[Node, ...]) -> tuple[str, tuple[str, ...]]:
    """The value's whole text and its items; a value that is one thing is its own only item."""
    whole = view.text(nodes[0]) if len(nodes) == 1 else text_of(nodes)
    items = [text for node in _items(view, nodes) if (text := view.text(node))]
    if len(items) < 2:
        return whole, (whole,) if whole else ()
    apart = " ".join(items)
    return (apart if apart.replace(" ", "") == whole.replace(" ", "") else whole), tuple(items)


def _items(view: View, nodes: tuple[Node, ...]) -> list[Node]:
    """The nodes that are an item each; none where the value is one thing.

    Items are all that stands there, with separators between them at most: a link in a sentence is none.
    """
    parts = [node for node in nodes if not view.is_blank(node)]
    while len(parts) == 1:
        parts = [child for child in parts[0].children if not view.is_blank(child)]
    elements = [part for part in parts if part.tag != TEXT]
    if all(part.tag in ("li", "dd") for part in parts):
        return parts
    if any(part.tag == TEXT and not _SEPARATOR.fullmatch(part.text) for part in parts):
        return []
    if any(part.tag in _EMPHASIS or not view.shorter_than(part, _ITEM_CHARACTERS) for part in elements):
        return []
    return elements
