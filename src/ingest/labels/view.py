"""What the reader asks of a page's nodes again and again, computed once: places, texts, what is seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ingest.page import INLINE, TEXT, Node, is_icon
from ingest.page.node import names

NO_SLOT: Final = names("i svg img picture a button br hr wbr audio video script map area b em strong")
"""Elements that stand empty for a picture or a script, and never for a value that is missing."""
_MEANINGLESS: Final = names("div span #text")
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}

_START_CHARACTERS: Final = 60
_SHAPE_DEPTH: Final = 6
_SHAPE_WIDTH: Final = 8
_MARK_CHARACTERS: Final = 4
_WORD: Final = re.compile(r"\w")
_DASHES: Final = ("-", "–", "—")
"""What an element of its own holds in place of a value; between texts a dash joins."""
_LIGATURE: Final = re.compile(r"[a-z][a-z0-9_]*")
_AFTER_LABEL: Final = re.compile(r"[\s:|·•›»>▸▾▼▲▴▿⌄⌃#¶§*?+−×ⓘ\u200b]*")


class View:
    """One page's tree with what was already found out about it. The tree must not change meanwhile."""

    __slots__ = ("_found", "_shapes", "_texts")

    def __init__(self) -> None:
        self._found: dict[Node, dict[Node, Node]] = {}
        self._shapes: dict[Node, str] = {}
        self._texts: dict[Node, str] = {}

    def remember(self, node: Node, find: Callable[[View, Node], dict[Node, Node]]) -> dict[Node, Node]:
        """What a function finds out about a node, found once."""
        found = self._found.get(node)
        if found is None:
            found = self._found[node] = find(self, node)
        return found

    def text(self, node: Node) -> str:
        """The node's whole text."""
        if node.tag == TEXT:
            return node.folded
        text = self._texts.get(node)
        if text is None:
            text = self._texts[node] = node.whole_text()
        return text

    def start_of(self, node: Node) -> str:
        """The start of the node's text: enough to tell values apart, without reading long ones."""
        pieces: list[str] = []
        length = 0
        for place in range(node.start, node.stop):
            text = node.order[place].folded
            if text:
                pieces.append(text)
                length += len(text)
                if length > _START_CHARACTERS:
                    break
        return " ".join(pieces)

    def is_blank(self, node: Node) -> bool:
        """Whether there is nothing to read below: icons and what could be chosen in a form don't count."""
        return not node.seen

    def is_mark(self, node: Node) -> bool:
        """Whether what stands before a label is no word: a bullet, a separator, an icon named by a ligature."""
        if len(node.children) > 1 or (node.tag != TEXT and self.text(node) in _DASHES):
            return False
        return _WORD.search(self.text(node)) is None or (
            node.tag == "i" and _LIGATURE.fullmatch(self.text(node)) is not None
        )

    def is_trailer(self, node: Node) -> bool:
        """Whether a node may follow a label and still be no value: a colon, an arrow, an anchor's sign."""
        if len(node.children) > 1 or not self.shorter_than(node, _MARK_CHARACTERS):
            return False
        return _AFTER_LABEL.fullmatch(self.text(node)) is not None

    def is_note(self, node: Node) -> bool:
        """Whether a node may explain what stands before it: small print of several words, or what is pressed."""
        if node.tag == "button" or node.attributes.get("role") in ("button", "note"):
            return True
        if node.tag not in ("small", "sup"):
            return False
        text = self.text(node)
        return " " in text or text.startswith("(") or _WORD.search(text) is None

    def is_slot(self, node: Node) -> bool:
        """Whether an empty node holds the place of a value."""
        if node.tag == "input":
            return node.attributes.get("type") != "hidden"
        return node.tag not in NO_SLOT and node.tag != TEXT and not is_icon(node)

    def has_place(self, node: Node) -> bool:
        """Whether a node is a part of what holds it: it can be read, or stands empty where a value could."""
        return not self.is_blank(node) or self.is_slot(node)

    def shape(self, node: Node) -> str:
        """The elements that a node is made of, outermost first, as far as only one of them can be read.

        Elements that mean nothing are left out, so that wrapping a node once more changes nothing.
        """
        shape = self._shapes.get(node)
        if shape is None:
            shape = self._shapes[node] = self._find_shape(node)
        return shape

    def _find_shape(self, node: Node) -> str:
        if node.tag == TEXT:
            return TEXT
        tags: list[str] = []
        here: Node | None = node
        while here is not None and len(tags) < _SHAPE_DEPTH:
            level = heading_level(here)
            if level is not None:
                return f"h{level}"
            if here.tag not in _MEANINGLESS:
                tags.append(here.tag)
            seen = [child for child in here.children[:_SHAPE_WIDTH] if not self.is_blank(child)]
            here = seen[0] if len(seen) == 1 else None
        return " ".join(tags) or ("span" if node.tag in INLINE else "div")

    def shorter_than(self, node: Node, characters: int) -> bool:
        """Whether the text below is short."""
        return node.length < characters

    def starts_line(self, node: Node) -> bool:
        """Whether nothing but icons and bullets stands before a node in its line."""
        while node.tag in INLINE:
            parent = node.parent
            if parent is None:
                return True
            children = parent.children
            for index in range(node.place - 1, -1, -1):
                before = children[index]
                if before.tag == "br":
                    return True
                if self.is_blank(before):
                    continue
                if before.tag not in INLINE:
                    return True
                if not self.is_mark(before):
                    return False
            node = parent
        return True

    def stands_clear(self, node: Node) -> bool:
        """Whether a node starts its line, or stands among elements only: it is no part of a sentence."""
        if node.parent is not None and node.tag != TEXT:
            siblings = node.parent.children
            place = node.place
            if all(
                near.tag != TEXT or self.is_blank(near) or self.is_mark(near)
                for near in siblings[max(place - 2, 0) : place + 3]
            ):
                return True
        return self.starts_line(node)


def heading_level(node: Node) -> int | None:
    """1 to 6 where the node is a heading."""
    if not node.attributes or node.attributes.get("role") != "heading":
        return HEADINGS.get(node.tag)
    given = node.attributes.get("aria-level", "2")
    return int(given) if given in ("1", "2", "3", "4", "5", "6") else 2
