"""The relations that lead from a label to its value.

A relation looks at what stands around a label's top. Where something that is no value stands beside the label (a
number, an icon made of text), what holds both is tried as the next top; the reading is then an outer one.
"""

from __future__ import annotations

from typing import Final

from ingest.labels.label import SWITCHES, Label, looks_like_label, split_label
from ingest.labels.tops import above, after_slot, climb, content_before, inside, next_content, tops
from ingest.labels.view import View, heading_level
from ingest.page import INLINE, TEXT, Node, is_icon
from ingest.page.node import names


class Reading:
    """One way to read a label: its value is among the children of container, after top or before it.

    first is the node that the value starts with, None where its place is empty.
    """

    __slots__ = ("container", "first", "label", "outer", "relation", "top")

    def __init__(
        self, relation: str, label: Label, top: Node, container: Node, first: Node | None, outer: bool = False
    ) -> None:
        self.relation: Final = relation
        self.label: Final = label
        self.top: Final = top
        self.container: Final = container
        self.first: Final = first
        self.outer: Final = outer


def readings(view: View, label: Label, labels_below: dict[Node, int]) -> list[Reading]:
    """Every way to read a label, nearest first."""
    if label.rest is not None:
        parent = label.node.parent
        relation = "piece" if label.whole else "colon"
        return [] if parent is None else [Reading(relation, label, label.node, parent, label.rest)]
    found: list[Reading] = []
    for step, top in enumerate(tops(view, label, labels_below)):
        if top.parent is None:
            break
        first, slot = next_content(view, top)
        if first is not None and step and _is_next_row(view, label, top, first):
            break
        if first is not None and first.tag == top.tag == "th":
            first, slot = None, False
        if first is not None and _is_next_label(view, label, first):
            first, slot = None, True
        if first is not None or slot or (step == 0 and label.colon):
            relation = _relation(label, top, first)
            found.append(Reading(relation, label, top, top.parent, first, outer=step > 0))
        elif step == 0 and not _ends_row(view, top, labels_below):
            found.append(Reading("empty", label, top, top.parent, None))
        if step == 0:
            below, before = _row_below(view, label, top), _before(view, label, top)
            column = _column(view, label, top, labels_below)
            found += [reading for reading in (below, column, before) if reading is not None]
    return found


def _ends_row(view: View, top: Node, labels_below: dict[Node, int]) -> bool:
    """Whether a row is a label and this one: a value that reads like a label."""
    before = content_before(view, top)
    return before is not None and labels_below.get(before, 0) == 1 and content_before(view, before) is None


def _is_next_row(view: View, label: Label, row: Node, other: Node) -> bool:
    """Whether a node is made like the one that holds the label and more: the next pair, not a value."""
    parts, others = _parts(view, row), _parts(view, other)
    if row.tag != other.tag or len(parts) != len(others) or len(parts) < 2:
        return False
    holders = set(above(label.node, 20))
    return any(
        part in holders and view.shape(part) == view.shape(like) for part, like in zip(parts, others, strict=True)
    )


def _parts(view: View, node: Node) -> list[Node]:
    """What a row is made of, however often it is wrapped."""
    parts = [child for child in node.children if view.has_place(child)]
    while len(parts) == 1 and parts[0].tag != TEXT:
        parts = [child for child in parts[0].children if view.has_place(child)]
    return parts


def _is_next_label(view: View, label: Label, other: Node) -> bool:
    """Whether a label with a colon is followed by another one, and not by its value."""
    if not label.colon:
        return False
    text = view.text(first_text(view, other))
    if text.endswith((":", "：")) and looks_like_label(text.rstrip(" :：")):
        return True
    return other.tag == TEXT and view.starts_line(other) and starts_pair(view, other)


def starts_pair(view: View, node: Node) -> bool:
    """Whether a node's first text is a label, a colon and a value."""
    first = first_text(view, node)
    return split_label(first, view.text(first), None) is not None


def first_text(view: View, node: Node) -> Node:
    """The first text below a node that can be read, or the node itself."""
    stack = [node]
    while stack:
        piece = stack.pop()
        if piece.tag == TEXT and not view.is_blank(piece):
            return piece
        if piece is node or not is_icon(piece):
            stack += piece.children[::-1]
    return node


# From a top to what follows it.

FOLLOWING: Final = names("definition cells panel section colon tail sibling")


def _relation(label: Label, top: Node, following: Node | None) -> str:
    """The most telling of the relations that lead from a top to what follows it."""
    if top.tag == "dt":  # `<dt>Status</dt><dd>Reported</dd>`, with as many dd as there are
        return "definition"
    if top.tag in ("td", "th"):  # `<tr><th>Status</th><td>Reported</td></tr>`, one pair a row or several
        return "cells"
    if label.title:
        if any(node.tag in SWITCHES or node.attributes.get("role") == "button" for node in inside(label, top)):
            return "panel"  # what a summary or a button opens: `<summary>Root Cause</summary><p>...</p>`
        if any(heading_level(node) is not None for node in inside(label, top)):
            return "section"  # `<h2>Root Cause</h2><p>...</p>`, up to the next heading of its rank
    if label.colon and top.tag == TEXT and following is None:
        return "colon"  # `Status:` with nothing after it, among lines such as `Model: Till 2`
    if top.tag in INLINE and (label.colon if following is None else following.tag == TEXT):
        return "tail"  # `<b>Status:</b> Reported`: the rest of the label's line, which a colon promises even when empty
    return "sibling"  # `<div>Status</div><div>Reported</div>`, whatever the elements


# From a top to what stands elsewhere: the reading, if there is one.


def _row_below(view: View, label: Label, top: Node) -> Reading | None:
    """A row that holds the label alone, and under it a row of one cell."""
    row = climb(view, top.parent) if top.tag in ("td", "th") and top.parent is not None else top
    if row.tag != "tr" or row.parent is None or content_before(view, top) or next_content(view, top)[0]:
        return None
    below = next_content(view, row)[0]
    if below is None or below.tag != "tr" or len(below.children) != 1:
        return None
    return Reading("below", label, row, row.parent, below)


def _column(view: View, label: Label, top: Node, labels_below: dict[Node, int]) -> Reading | None:
    """A row of labels, and under it one row with a value for each."""
    row = top.parent
    if row is None or labels_below.get(row, 0) < 2 or any(node.tag == "a" for node in inside(label, top)):
        return None
    value = view.remember(row, _values_below).get(top)
    if value is None:
        return None
    return Reading("column", label, top, row, None if view.is_blank(value) else value)


def _before(view: View, label: Label, top: Node) -> Reading | None:
    """`<div>3,916</div><div>Students</div>`: the label stands after its value, or after the place for one."""
    place = after_slot(view, label.node)
    if place is not None and place.parent is not None:
        return Reading("before", label, place, place.parent, None)
    first = content_before(view, top)
    if first is None or top.parent is None or next_content(view, top) != (None, False):
        return None
    return Reading("before", label, top, top.parent, first)


def _values_below(view: View, row: Node) -> dict[Node, Node]:
    """What stands under each part of a row, if under it is exactly one row of as many columns."""
    below = next_content(view, climb(view, row))[0]
    while below is not None and below.tag != row.tag and len(below.children) == 1:
        below = below.children[0]
    if below is None or below.tag != row.tag or len({child.tag for child in below.children} - {"th"}) != 1:
        return {}
    over = content_before(view, row)
    if over is not None and over.tag == "tr" and sum(1 for cell in over.children if not view.is_blank(cell)) > 1:
        return {}  # a heading of several rows belongs to a table of statistics
    heads, values = _columns(row), _columns(below)
    further = next_content(view, below)[0]
    if (
        len(heads) < 2
        or _width(heads) != _width(values)
        or (further is not None and _width(_columns(further)) == _width(heads))
    ):
        return {}
    starts = {start: part for part, (start, _) in values.items()}
    return {part: starts[start] for part, (start, _) in heads.items() if start in starts}


def _columns(row: Node) -> dict[Node, tuple[int, int]]:
    """The columns that each element of a row takes: the first, and the one after the last."""
    columns: dict[Node, tuple[int, int]] = {}
    start = 0
    for child in row.children:
        if child.tag != TEXT:
            given = child.attributes.get("colspan", "1")
            end = start + (int(given) if given.isascii() and given.isdigit() and 0 < int(given) <= 1000 else 1)
            columns[child] = start, end
            start = end
    return columns


def _width(columns: dict[Node, tuple[int, int]]) -> int:
    return max((end for _, end in columns.values()), default=0)
