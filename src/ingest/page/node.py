"""The tree that readers see: plain nodes, and their text as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

TEXT = "#text"


def names(text: str) -> frozenset[str]:
    """The words of a text as a set: how the lists of elements and attributes of this package are written."""
    return frozenset(text.split())


INLINE = names(
    """
    #text a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb ruby s samp
    small span strike strong sub sup time tt u var wbr
    """
)
"""Elements whose edges no reader sees: the words on both sides belong together."""

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


UNREAD = names("head script select option optgroup datalist textarea input progress meter audio video")
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

    attributes: Mapping[str, str]
    children: Sequence[Node]

    def __init__(self, tag: str, parent: Node | None, text: str = "") -> None:
        self.tag = tag
        self.parent = parent
        self.text = text
        self.folded = fold(text) if tag == TEXT else ""
        self.children = ()
        self.attributes = {}
        self.place = 0
        self.order: list[Node] = [self]
        self.start, self.stop = 0, 1
        self.length = self.seen = len(self.folded)

    def __repr__(self) -> str:
        return f"<{self.tag} {self.whole_text()[:40]!r}>"

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in page order."""
        return map(self.order.__getitem__, range(self.start, self.stop))

    def find(self, *tags: str) -> Iterator[Node]:
        """The elements below with one of these tags, in page order."""
        return (node for node in self.walk() if node.tag in tags and node is not self)

    def cut(self, text: str) -> Node:
        """A part of a text, standing where the whole one stands. It is in no tree."""
        part = Node(TEXT, self.parent, text)
        part.place = self.place
        return part

    def whole_text(self) -> str:
        """All text below; see text_of."""
        return text_of((self,))


def text_of(nodes: Iterable[Node]) -> str:
    """The text of some nodes as one, white space folded, with a space wherever a reader sees a break.

    `<p>A</p>B` is "A B" and `<b>A</b>B` is "AB". Icons below the nodes are left out.
    """
    pieces: list[str] = []
    for top in nodes:
        inner, edge = top, ""
        while len(inner.children) == 1 and not is_icon(inner.children[0]):
            edge = edge if inner.tag in INLINE else " "
            inner = inner.children[0]
        if inner.tag == TEXT:
            pieces += (edge, inner.text, edge)
            continue
        stack: list[Node | str] = [top]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            elif node.tag == TEXT:
                pieces.append(node.text)
            elif node is top or not is_icon(node):
                if node.tag not in INLINE:
                    pieces.append(" ")
                    stack.append(" ")
                stack.extend(reversed(node.children))
    return fold("".join(pieces))


def fold(text: str) -> str:
    """White space folded to single spaces, none at the ends; characters that are never seen removed.

    Those are the zero-width space, the word joiner, the byte order mark and the soft hyphen; joiners that change how
    letters look stay.
    """
    if not text.isascii():
        text = text.translate(_UNSEEN)
    return " ".join(text.split())


def is_icon(node: Node) -> bool:
    """Whether a node decorates what stands beside it: a tooltip, or a part of a line kept from screen readers."""
    if not node.attributes:
        return False
    return node.attributes.get("role") == "tooltip" or (
        node.tag in INLINE and node.attributes.get("aria-hidden") == "true"
    )
