"""Where the nodes of one page stand: what comes before what, what is inside what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ingest.page import INLINE, TEXT, Node

FURNITURE = frozenset({"nav", "footer", "form", "dialog", "select", "head", "script"})
"""Elements that belong to the site and not to the incident."""


_SOUGHT = ("a", "h1", "h2", "itemscope", "meta", "script", "title")


class Outline:
    """The places of a page's nodes in page order, found in one pass.

    tagged: the elements that are sought all over a page, by tag and in page order, and under `itemscope` those with it.
    """

    __slots__ = ("_start", "_stop", "nodes", "tagged")

    def __init__(self, root: Node) -> None:
        self.nodes = nodes = list(root.walk())
        self._start = {node: place for place, node in enumerate(nodes)}
        self._stop: dict[Node, int] = {}
        self.tagged: dict[str, list[Node]] = {tag: [] for tag in _SOUGHT}
        for node in nodes:
            if node.tag in self.tagged:
                self.tagged[node.tag].append(node)
            if "itemscope" in node.attributes:
                self.tagged["itemscope"].append(node)
        for place in range(len(nodes) - 1, -1, -1):
            children = nodes[place].children
            self._stop[nodes[place]] = self._stop[children[-1]] if children else place + 1

    def start(self, node: Node) -> int:
        """The node's place. A text that a reader has cut out of another one stands where its parent does."""
        while node not in self._start and node.parent is not None:
            node = node.parent
        return self._start[node]

    def stop(self, node: Node) -> int:
        """The place after all that is in the node."""
        while node not in self._stop and node.parent is not None:
            node = node.parent
        return self._stop[node]

    def contains(self, outer: Node, inner: Node) -> bool:
        """Whether a node is in another one, or is it. A text that was cut out of another one holds nothing else."""
        if outer not in self._start:
            return outer is inner
        return self.start(outer) <= self.start(inner) < self.stop(outer)

    def cover(self, nodes: Iterable[Node]) -> bytearray:
        """For each place, 1 where it is inside one of these nodes."""
        covered = bytearray(len(self.nodes))
        for node in nodes:
            if node in self._start:
                start, stop = self._start[node], self._stop[node]
                covered[start:stop] = b"\1" * (stop - start)
        return covered

    def branch(self, node: Node, beside: Node | None) -> Iterator[Node]:
        """The node and what holds it, from near to far, up to what holds `beside` too."""
        for above in (node, *ancestors(node)):
            if beside is not None and self.contains(above, beside):
                return
            yield above

    def paragraphs(self, start: int, stop: int, taken: Collection[Node]) -> Iterator[Node]:
        """The blocks of text between two places that hold no further block, in page order.

        What is taken, and what holds something taken, is left out, and so is furniture.
        """
        holders = holders_of(taken)
        place = start
        while place < stop:
            node = self.nodes[place]
            if node in taken or node.tag in FURNITURE:
                place = self._stop[node]
                continue
            place += 1
            if node.tag not in INLINE and node not in holders and is_paragraph(node):
                yield node
                place = self._stop[node]


def is_paragraph(node: Node) -> bool:
    """Whether a block holds text and lines of text only."""
    return bool(node.children) and all(
        each.tag in INLINE or each.tag == "br" for each in node.walk() if each is not node
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


def content(nodes: Sequence[Node]) -> list[Node]:
    """The nodes without white space."""
    return [node for node in nodes if node.tag != TEXT or node.text.strip()]
