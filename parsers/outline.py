"""Where the nodes of one page stand: what comes before what, what is inside what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ingest.page import INLINE, TEXT, Node

FURNITURE = frozenset({"nav", "footer", "form", "dialog", "select", "head", "script"})
"""Elements that belong to the site and not to the incident."""


_SOUGHT = ("a", "h1", "itemscope", "meta", "script")
_BY_ATTRIBUTE = ("h1", "itemscope")


class Outline:
    """The places of a page's nodes in page order, found in one pass.

    tagged: the elements that are sought all over a page, by tag and in page order. Under `h1` stand all headings of the
    first rank, under `itemscope` what has this attribute.
    """

    __slots__ = ("_start", "_stops", "nodes", "tagged")

    def __init__(self, root: Node) -> None:
        nodes: list[Node] = []
        tagged: dict[str, list[Node]] = {tag: [] for tag in _SOUGHT}
        stack = [root]
        while stack:
            node = stack.pop()
            nodes.append(node)
            if node.tag in tagged:
                tagged[node.tag].append(node)
            if node.children:
                stack += node.children[::-1]
        self.nodes, self.tagged = nodes, tagged
        self._start = dict(zip(nodes, range(len(nodes)), strict=True))
        self._stops = stops = list(range(1, len(nodes) + 1))
        for place in range(len(nodes) - 1, -1, -1):
            node = nodes[place]
            if node.children:
                stops[place] = stops[self._start[node.children[-1]]]
            if node.attributes:
                self._note_attributes(node)
        for name in _BY_ATTRIBUTE:
            tagged[name].sort(key=self._start.__getitem__)

    def _note_attributes(self, node: Node) -> None:
        attributes = node.attributes
        if "itemscope" in attributes:
            self.tagged["itemscope"].append(node)
        if attributes.get("aria-level") == "1" and attributes.get("role") == "heading" and node.tag != "h1":
            self.tagged["h1"].append(node)

    def start(self, node: Node) -> int:
        """The node's place. A text that a reader has cut out of another one stands where its parent does."""
        place = self._start.get(node)
        while place is None and node.parent is not None:
            node = node.parent
            place = self._start.get(node)
        return self._start[node] if place is None else place

    def stop(self, node: Node) -> int:
        """The place after all that is in the node."""
        return self._stops[self.start(node)]

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
                start = self._start[node]
                stop = self._stops[start]
                covered[start:stop] = b"\1" * (stop - start)
        return covered

    def branch(self, node: Node, beside: Node | None) -> Iterator[Node]:
        """The node and what holds it, from near to far, up to what holds `beside` too."""
        place = -1 if beside is None else self.start(beside)
        above: Node | None = node
        while above is not None:
            start = self._start.get(above)
            if above is beside or (start is not None and start <= place < self._stops[start]):
                return
            yield above
            above = above.parent

    def span(self, node: Node) -> tuple[int, int]:
        """The node's place, and the place after all that is in it."""
        start = self.start(node)
        return start, self._stops[start]

    def paragraphs(self, start: int, stop: int, taken: Collection[Node]) -> Iterator[Node]:
        """The blocks of text between two places that hold no further block, in page order.

        What is taken, and what holds something taken, is left out, and so is furniture.
        """
        holders = holders_of(taken)
        place = start
        while place < stop:
            node = self.nodes[place]
            if node in taken or node.tag in FURNITURE:
                place = self._stops[place]
                continue
            if node.tag not in INLINE and node not in holders and is_paragraph(node):
                yield node
                place = self._stops[place]
            else:
                place += 1


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
