"""Labels as they stand on a page: found by their words, or made from a node that stands where labels stand."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from ingest.labels.pair import folded_key, label_key
from ingest.labels.texts import read_texts
from ingest.labels.view import HEADINGS, View
from ingest.page import Node
from ingest.page.node import names

MAX_CHARACTERS: Final = 60
MAX_WORDS: Final = 8
MAX_LABELS: Final = 2_000
"""Labels that one page may print; what stands after them is not read."""

_MARKS: Final = 6
"""Characters beside a label's own that label_key may strip."""
SWITCHES: Final = names("summary button")
"""Elements that show and hide what they name."""
_TITLES: Final = SWITCHES | frozenset(HEADINGS)
_TITLE_DEPTH: Final = 8

_COLON_PLACE: Final = MAX_CHARACTERS + 2
_COLON: Final = re.compile(r"[:：]")
_SEPARATOR: Final = re.compile(r"\s[|•·]\s")
_COLON_LAST: Final = re.compile(r"[\s:：]*[:：]\s*$")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SENTENCE: Final = re.compile(r"[.!?;,…]$|[.!?] [^\W\d_]")


class Label:
    """A label on a page.

    node holds its text and nothing else; text has its white space folded. rest is what follows the colon where label
    and value share a text, whole whether that is all of the value; colon says whether there is a colon at all. title
    says that the label is a heading, a summary or a button. heading is the nearest heading above.
    """

    __slots__ = ("colon", "heading", "key", "node", "rest", "text", "title", "whole")

    def __init__(
        self, node: Node, text: str, heading: Node | None, colon: bool, rest: Node | None = None, whole: bool = False
    ) -> None:
        self.node: Final = node
        self.text: Final = text
        self.heading: Final = heading
        self.colon: Final = colon
        self.rest: Final = rest
        self.whole: Final = whole
        self.key: Final = folded_key(text)
        self.title: Final = _is_title(node)


def looks_like_label(text: str) -> bool:
    """Whether a text is short, has a letter, and is no sentence."""
    return (
        0 < len(text) <= MAX_CHARACTERS
        and text.count(" ") < MAX_WORDS
        and (text[0].isalpha() or _LETTER.search(text) is not None)
        and _SENTENCE.search(text) is None
        and text.count("(") == text.count(")")
    )


def make_label(node: Node, text: str, heading: Node | None) -> Label:
    """The label that a node's whole text is."""
    bare = _COLON_LAST.sub("", text) if text[-1:] in ":：" else text
    return Label(node, bare, heading, bare != text)


def split_label(node: Node, text: str, heading: Node | None, whole: bool = False) -> Label | None:
    """The label before a text's first colon, with what follows it; None where label or value would be none.

    whole: whether what follows is all of the value.
    """
    colon = _COLON.search(text, 0, _COLON_PLACE)
    if colon is None:
        return None
    bare, rest = text[: colon.start()].rstrip(), text[colon.end() :]
    if not rest or not looks_like_label(bare) or not (rest[0] == " " or (bare[-1].isalpha() and rest[0] != "/")):
        return None
    return Label(node, bare, heading, True, node.cut(rest.strip()), whole)


def split_labels(node: Node, text: str, heading: Node | None) -> list[Label]:
    """The labels of a text that holds one pair, or several with separators between: `Height: 2 m | Weight: 9 kg`."""
    pieces = _SEPARATOR.split(text)
    if len(pieces) > 1:
        labels = [split_label(node, piece, heading, whole=True) for piece in pieces]
        found = [label for label in labels if label is not None]
        if len(found) == len(pieces):
            return found
    label = split_label(node, text, heading)
    return [] if label is None else [label]


def _is_title(node: Node) -> bool:
    here: Node | None = node
    for _ in range(_TITLE_DEPTH):
        if here is None:
            return False
        if here.tag in _TITLES or (here.attributes and here.attributes.get("role") in ("heading", "button")):
            return True
        here = here.parent
    return False


class Sought:
    """Known labels as they compare, the length of the longest, and the first words of those of several words."""

    __slots__ = ("first_words", "keys", "longest")

    def __init__(self, words: Collection[str]) -> None:
        self.keys: Final = frozenset([label_key(word) for word in words])
        self.longest: Final = max(map(len, self.keys), default=0)
        self.first_words: Final = frozenset([key.partition(" ")[0] for key in self.keys if " " in key])


def seek(words: Collection[str]) -> Sought:
    """What to look for on a page that may print these labels, in any case. That of a frozenset is remembered."""
    return _remembered(words) if isinstance(words, frozenset) else Sought(words)


@lru_cache(maxsize=16)  # the pages of a source are read by the same words
def _remembered(words: frozenset[str]) -> Sought:
    return Sought(words)


def find_labels(view: View, root: Node, sought: Sought) -> list[Label]:
    """The places where a page prints one of these words as a whole text or before a colon."""
    texts, headings = read_texts(root)
    words, longest, first_words = sought.keys, sought.longest, sought.first_words
    labels: list[Label] = []
    for node in texts:
        text = node.folded
        key = folded_key(text) if len(text) <= longest + _MARKS else ""
        if key in words:
            labels.append(make_label(node, text, headings.over(node)))
        elif ":" in text or "：" in text:
            found = split_labels(node, text, headings.over(node))
            labels += [label for label in found if label.key in words]
        elif key:
            above = _more_than(node)
            if above is not None and above.length < longest + _MARKS and key.partition(" ")[0] in first_words:
                label = _find_spread(view, above, headings.over(node), words, longest)
                if label is not None:
                    labels.append(label)
        if len(labels) >= MAX_LABELS:
            break
    return labels


def _more_than(text: Node) -> Node | None:
    """The nearest node above a text that holds more text."""
    above = text.parent
    while above is not None and above.length == text.length:
        above = above.parent
    return above


def _find_spread(view: View, holder: Node, heading: Node | None, words: Collection[str], longest: int) -> Label | None:
    """The label that starts in one text of a node and goes on in others: `<b>Date</b> <i>Occurred</i>`."""
    above: Node | None = holder
    while above is not None and view.shorter_than(above, longest + _MARKS):
        if label_key(view.text(above)) in words:
            return make_label(above, view.text(above), heading)
        above = above.parent
    return None
