"""The tree that readers see: plain nodes, and their text as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

TEXT: Final = "#text"


def names(text: str) -> frozenset[str]:
    """The words of a text as a set: how the lists of elements and attributes of this package are written."""
    return frozenset(text.split())


INLINE: Final = names(
    """
    #text a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb ruby s samp
    small span strike strong sub sup time tt u var wbr
    """
)
"""Elements whose edges no reader sees: the words on both sides belong together."""

_UNSEEN: Final = "\u200b\u2060\ufeff\u00ad"
_WITHOUT_UNSEEN: Final = dict.fromkeys(map(ord, _UNSEEN))
_ASCII_BREAKS: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
_BREAKS: Final = (
    _ASCII_BREAKS + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))) + _UNSEEN
)
"""White space but for the plain space, as str.split has it, and what is never seen."""
_SHORT: Final = 64
"""Characters up to which looking at each of them is cheaper than looking for each kind of white space."""
_MAX_FOLDED: Final = 4_096
_folded: Final[dict[str, str]] = {}
"""Short texts that have been folded: the pages of a site share their labels and menus."""

UNREAD: Final = names("head script select option optgroup datalist textarea input progress meter audio video")
"""Elements without text of the page's own: data for programs, and controls that show what could be chosen."""


class Node:
    """An element, or a piece of text whose tag is `#text`. Children stand in page order.

    text is the text of a `#text` node and the source of a JSON-LD `script`; other elements have none of their own.
    folded is the text of a `#text` node with white space folded. place is the index among the parent's children.

    A tree keeps all of its nodes in page order, and each node where it begins and ends there: what is in it is
    `order[start:stop]`. length counts the characters of all folded texts in it, seen those that are the page's own to
    read. A node that is not made by the HTML parser is alone in its order.
    """

    __slots__ = (
        "attributes", "children", "folded", "length", "order", "parent", "place", "seen", "start", "stop", "tag",
        "text",
    )  # fmt: skip

    def __init__(
        self, tag: str, parent: Node | None, text: str = "", folded: str = "", order: list[Node] | None = None
    ) -> None:
        """folded: the text with white space folded. order: the tree's, to which the node is added."""
        self.tag: Final = tag
        self.parent = parent
        self.text = text
        self.folded = folded
        self.children = NO_CHILDREN
        self.attributes = NO_ATTRIBUTES
        self.place = 0
        self.order = [] if order is None else order
        self.start = len(self.order)
        self.stop = self.start + 1
        self.order.append(self)
        self.length = self.seen = len(folded)

    def __repr__(self) -> str:
        return f"<{self.tag} {self.whole_text()[:40]!r}>"

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in page order."""
        return iter(self.order[self.start : self.stop])

    def find(self, *tags: str) -> Iterator[Node]:
        """The elements below with one of these tags, in page order."""
        return (node for node in self.walk() if node.tag in tags and node is not self)

    def cut(self, text: str) -> Node:
        """A part of a text, standing where the whole one stands. It is in no tree."""
        part = Node(TEXT, self.parent, text, fold(text))
        part.place = self.place
        return part

    def whole_text(self) -> str:
        """All text below; see text_of."""
        inner = self
        while len(inner.children) == 1 and not is_icon(inner.children[0]):
            inner = inner.children[0]
        if inner.tag == TEXT:
            return inner.folded
        return text_of((self,))

    def forget(self) -> None:
        """Take the tree apart that begins with this node: its nodes then go with the last reference to each."""
        for node in self.order:
            node.parent = None
            node.children = NO_CHILDREN
        self.order.clear()


NO_CHILDREN: Final[list[Node]] = []
"""The children of what has none; never added to."""
NO_ATTRIBUTES: Final[dict[str, str]] = {}


def text_of(nodes: Sequence[Node]) -> str:
    """The text of some nodes as one, white space folded, with a space wherever a reader sees a break.

    `<p>A</p>B` is "A B" and `<b>A</b>B` is "AB". Icons below the nodes are left out.
    """
    words: list[str] = []
    run: list[Node] = []
    for top in nodes:
        stack: list[Node | None] = [top]
        while stack:
            node = stack.pop()
            if node is None:
                _end_run(run, words)
            elif node.tag == TEXT:
                run.append(node)
            elif node is top or not is_icon(node):
                if node.tag not in INLINE:
                    _end_run(run, words)
                    stack.append(None)
                stack.extend(reversed(node.children))
    _end_run(run, words)
    return " ".join(words)


def _end_run(run: list[Node], words: list[str]) -> None:
    """Add the texts between two breaks as one."""
    if run:
        text = run[0].folded if len(run) == 1 else fold("".join([node.text for node in run]))
        if text:
            words.append(text)
        run.clear()


def fold(text: str) -> str:
    """White space folded to single spaces, none at the ends; characters that are never seen removed.

    Those are the zero-width space, the word joiner, the byte order mark and the soft hyphen; joiners that change how
    letters look stay.
    """
    if len(text) > _SHORT:
        return _fold(text)
    folded = _folded.get(text)
    if folded is None:
        if len(_folded) >= _MAX_FOLDED:
            _folded.clear()
        folded = _folded[text] = _fold(text)
    return folded


def _fold(text: str) -> str:
    if _is_folded(text):
        return text
    if not text.isascii() and any(unseen in text for unseen in _UNSEEN):
        text = text.translate(_WITHOUT_UNSEEN)
    return " ".join(text.split())


def _is_folded(text: str) -> bool:
    """Whether it is plain that folding would change nothing."""
    if "  " in text or text.startswith(" ") or text.endswith(" "):
        return False
    if len(text) <= _SHORT:
        return text.isprintable()  # as no white space is but the plain space, and nothing that is never seen
    return not any(each in text for each in (_ASCII_BREAKS if text.isascii() else _BREAKS))


def is_icon(node: Node) -> bool:
    """Whether a node decorates what stands beside it: a tooltip, or a part of a line kept from screen readers."""
    if not node.attributes:
        return False
    return node.attributes.get("role") == "tooltip" or (
        node.tag in INLINE and node.attributes.get("aria-hidden") == "true"
    )
