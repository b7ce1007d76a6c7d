"""The texts of a page in page order, and the heading that each place stands under."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from ingest.labels.view import HEADINGS, heading_level
from ingest.page import TEXT, Node
from ingest.page.node import UNREAD

_TELLING: Final = UNREAD | frozenset(HEADINGS)


class Headings:
    """The nearest heading above each place of a page.

    The text of a heading stands under the nearest heading of a higher rank.
    """

    def __init__(self, headings: list[tuple[int, Node]]) -> None:
        """headings: level and node, in page order."""
        self._places: list[int] = []
        self._nodes: list[Node | None] = []
        above: list[tuple[int, Node]] = []
        begun: list[tuple[int, Node]] = []
        for level, node in headings:
            self._end(begun, above, node.start)
            while above and above[-1][0] >= level:
                above.pop()
            self._add(node.start, above[-1][1] if above else None)
            begun.append((level, node))
        self._end(begun, above, None)

    def _end(self, begun: list[tuple[int, Node]], above: list[tuple[int, Node]], place: int | None) -> None:
        """End the headings that hold nothing from a place on."""
        while begun and (place is None or begun[-1][1].stop <= place):
            ended = begun.pop()
            above.append(ended)
            self._add(ended[1].stop, ended[1])

    def _add(self, place: int, node: Node | None) -> None:
        self._places.append(place)
        self._nodes.append(node)

    def over(self, node: Node) -> Node | None:
        """The heading that a node stands under."""
        index = bisect_right(self._places, node.start)
        return self._nodes[index - 1] if index else None


def read_texts(root: Node) -> tuple[list[Node], Headings]:
    """Every text to read, in page order, and the headings."""
    texts: list[Node] = []
    headings: list[tuple[int, Node]] = []
    place, order = root.start, root.order
    while place < root.stop:
        node = order[place]
        place += 1
        if node.tag == TEXT:
            if node.folded:
                texts.append(node)
        elif node.tag in _TELLING or (node.attributes and "role" in node.attributes):
            if node.tag in UNREAD:
                place = node.stop
                continue
            level = heading_level(node)
            if level is not None:
                headings.append((level, node))
    return texts, Headings(headings)
