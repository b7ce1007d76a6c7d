"""What the label reader finds: labels with their values, and how labels compare."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ingest.page import Node, fold

_PICTURE: Final = re.compile("[0-9#*]\ufe0f?\u20e3|.\ufe0f|[\u2122\u24c2\u3297\u3299\U0001f100-\U0001f1ff]")
"""Letters and digits that are shown as pictures: NFKC would make them letters of the label."""
_SHORT: Final = 64
_MAX_KEYS: Final = 4_096
_keys: Final[dict[str, str]] = {}
"""The keys of short texts: the pages of a site share their labels and menus."""


RELATIONS: Final = {
    "definition": "dt and dd",
    "cells": "cells of a row",
    "colon": "behind the colon",
    "piece": "one of a line",
    "tail": "rest of the line",
    "sibling": "what follows",
    "panel": "what it opens",
    "section": "up to the next",
    "below": "row below",
    "column": "cell below",
    "before": "what precedes",
    "empty": "nothing there",
}
"""The relations that lead from a label to its value, the most telling first, and each in words."""


class Pair:
    """A label that a page prints, and its value.

    label is the text as printed, white space folded, without its colon; key is how it compares. value is the value's
    whole text and "" where the page prints no value; values are its items (list items, several dd, chips, links), or
    the value alone. section is the nearest heading above. relation names the way that leads from label to value, and
    votes is the number of labels of the block (or of the pages) that speak for it. Pairs of one block describe one
    thing; blocks are numbered in page order. nodes are the value's nodes in page order.
    """

    __slots__ = ("block", "key", "label", "label_node", "nodes", "relation", "section", "value", "values", "votes")

    def __init__(
        self,
        label: str,
        key: str,
        value: str,
        values: tuple[str, ...],
        section: str | None,
        relation: str,
        votes: int,
        block: int,
        label_node: Node,
        nodes: tuple[Node, ...],
    ) -> None:
        self.label: Final = label
        self.key: Final = key
        self.value: Final = value
        self.values: Final = values
        self.section: Final = section
        self.relation: Final = relation
        self.votes: Final = votes
        self.block: Final = block
        self.label_node: Final = label_node
        self.nodes: Final = nodes


def label_key(text: str) -> str:
    """How labels compare: without case, Unicode form, white space, a colon, or the marks and pictures around them."""
    return folded_key(fold(text))


def folded_key(text: str) -> str:
    """The label_key of a text whose white space is folded."""
    if len(text) > _SHORT:
        return _find_key(text)
    key = _keys.get(text)
    if key is None:
        if len(_keys) >= _MAX_KEYS:
            _keys.clear()
        key = _keys[text] = _find_key(text)
    return key


def _find_key(text: str) -> str:
    if text.isascii():
        return text.lower().strip(" :*")
    key = fold(unicodedata.normalize("NFKC", _PICTURE.sub(" ", text))).casefold()
    start, end = 0, len(key)
    while start < end and _is_mark(key[start]):
        start += 1
    while end > start and _is_mark(key[end - 1]):
        end -= 1
    return key[start:end]


def _is_mark(char: str) -> bool:
    return char in " :*•·†‡※\ufe0e\ufe0f\u20e3" or unicodedata.category(char) in ("So", "Sk", "Cf")
