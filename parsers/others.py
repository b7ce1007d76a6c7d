"""Labels that stand in a list or a table of their own, with no known label among them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from ingest.labels import Pair, folded_key, read_labels
from ingest.page import Node
from ingest.sources import Source
from parsers.claims import Claims, Setting, is_furniture, is_in_card
from parsers.outline import ancestors

MAX_LABELS: Final = 200

_MARKED: Final = ("dt", "th")
_RELATIONS: Final = ("definition", "cells")


def find_others(root: Node, source: Source, setting: Setting, claims: Claims) -> tuple[Pair, ...]:
    """The pairs between title and first section that are ones by their markup and that nobody has claimed."""
    if setting.title is None:
        return ()
    outline = setting.outline
    begin = outline.stop(setting.title)
    sections = (outline.start(pair.label_node) for pair in claims.sections.values())
    end = min((place for place in sections if place >= begin), default=begin)
    known = source.words
    words = set(islice((word for word in _find_words(setting, claims, begin, end) if word not in known), MAX_LABELS))
    if not words:
        return ()
    return tuple(
        pair
        for pair in read_labels([root], words)[0]
        if pair.relation in _RELATIONS
        and pair.key in words
        and begin <= outline.start(pair.label_node) < end
        and not is_in_card(pair.label_node, setting)
        and not is_furniture(pair.label_node, setting)
    )


def _find_words(setting: Setting, claims: Claims, begin: int, end: int) -> Iterator[str]:
    """What the elements for labels print that hold nothing claimed, and stand in nothing claimed."""
    outline = setting.outline
    claimed = claims.nodes()
    for place in range(begin, end):
        node = outline.nodes[place]
        if node.tag in _MARKED and claimed.isdisjoint(node.walk()) and claimed.isdisjoint(ancestors(node)):
            word = folded_key(node.whole_text())
            if word:
                yield word
