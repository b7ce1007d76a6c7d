"""Where the nodes of one page stand: what comes before what, what is inside what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ingest.page import INLINE, TEXT, Node

FURNITURE: Final = frozenset({"nav", "footer", "form", "dialog", "select", "head", "script"})
"""Elements that belong to the site and not to the incident."""

_SOUGHT: Final = ("a", "h1", "itemscope", "meta", "script")
_SOUGHT_TAGS: Final = frozenset(_SOUGHT)


class Outline:
    """The places of a page's nodes in page order.

    tagged: the elements that are sought all over a page, by tag and in page order. Under `h1` stand all headings of the
    first rank, under `itemscope` what has this attribute.
    """

    __slots__ = ("nodes", "tagged")

    def __init__(self, root: Node) -> None:
        self.nodes: list[Node] = root.order
        self.tagged: dict[str, list[Node]] = {tag: [] for tag in _SOUGHT}
        for node in self.nodes:
            if node.tag == TEXT:
                continue
            if node.tag in _SOUGHT_TAGS:
                self.tagged[node.tag].append(node)
            if node.attributes:
                self._note_attributes(node)

    def _note_attributes(self, node: Node) -> None:
        attributes = node.attributes
        if "itemscope" in attributes:
            self.tagged["itemscope"].append(node)
        if attributes.get("aria-level") == "1" and attributes.get("role") == "heading" and node.tag != "h1":
            self.tagged["h1"].append(node)

    def span(self, node: Node) -> tuple[int, int]:
        """The node's place, and the place after all that is in it.

        A text that a reader has cut out of another one stands where its parent does.
        """
        while node.order is not self.nodes and node.parent is not None:
            node = node.parent
        return node.start, node.stop

    def start(self, node: Node) -> int:
        """The node's place."""
        return self.span(node)[0]

    def stop(self, node: Node) -> int:
        """The place after all that is in the node."""
        return self.span(node)[1]

    def cover(self, nodes: Iterable[Node]) -> list[bool]:
        """For each place, whether it is inside one of these nodes."""
        covered = [False] * len(self.nodes)
        for node in nodes:
            if node.order is self.nodes and not covered[node.start]:  # else what holds it is covered
                for place in range(node.start, node.stop):
                    covered[place] = True
        return covered

    def branch(self, node: Node, beside: Node | None) -> list[Node]:
        """The node and what holds it, from near to far, up to what holds `beside` too."""
        place = -1 if beside is None else self.start(beside)
        branch: list[Node] = []
        above: Node | None = node
        while above is not None:
            if above is beside or (above.order is self.nodes and above.start <= place < above.stop):
                break
            branch.append(above)
            above = above.parent
        return branch

    def paragraphs(self, start: int, stop: int, taken: set[Node], holders: set[Node]) -> Iterator[Node]:
        """The blocks of text between two places that hold no further block, in page order.

        What is taken, and what holds something taken, is left out, and so is furniture.
        """
        place = start
        while place < stop:
            node = self.nodes[place]
            if node in taken or node.tag in FURNITURE:
                place = node.stop
                continue
            if node.tag not in INLINE and node not in holders and is_paragraph(node):
                yield node
                place = node.stop
            else:
                place += 1


def is_paragraph(node: Node) -> bool:
    """Whether a block holds text and lines of text only, and icons."""
    return bool(node.children) and all(
        each.tag in INLINE or each.tag == "br" or not each.seen for each in node.walk() if each is not node
    )


def ancestors(node: Node) -> Iterator[Node]:
    """What holds a node, from near to far."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def holders_of(nodes: Iterable[Node]) -> set[Node]:
    """All that holds one of these nodes."""
    holders: set[Node] = set()
    for node in nodes:
        above = node.parent
        while above is not None and above not in holders:
            holders.add(above)
            above = above.parent
    return holders


def content(nodes: list[Node]) -> list[Node]:
    """The nodes with something to read: no white space, no icons."""
    return [node for node in nodes if node.seen]
