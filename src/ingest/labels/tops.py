"""Where a label stands: its top, the outermost node that holds the label and nothing else, and what is around it.

Wrapping a label once more makes no difference to its top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.labels.label import Label
from ingest.labels.view import View
from ingest.page import MAX_DEPTH, TEXT, Node
from ingest.page.node import names

_NO_TOP: Final = names("td th dt dd caption body html main")
"""Elements that are never wrapped further to find a label's top: what holds them is a list or a table of pairs."""
_HOLDERS: Final = names("dt th summary")
"""Elements that are a label as a whole, whatever stands beside its text."""
_MAX_STEPS: Final = 3
_MAX_CLIMB: Final = 6
_ROOM_BESIDE_LABEL: Final = 40
_WORDS_BESIDE_LABEL: Final = 2
_MAX_PARTS: Final = 8
"""What may stand beside a label without being its value: a number, an icon's name, a note."""


def next_content(view: View, node: Node) -> tuple[Node | None, bool]:
    """The first sibling after a node that can be read, and whether an empty place for a value stands before it.

    A note on the label is only read where nothing else stands there.
    """
    slot, note = False, None
    if node.parent is not None:
        siblings = node.parent.children
        for index in range(node.place + 1, len(siblings)):
            sibling = siblings[index]
            if view.is_blank(sibling):
                slot = slot or view.is_slot(sibling)
            elif note is None and view.is_note(sibling):
                note = sibling
            elif not view.is_trailer(sibling):
                return (sibling, slot) if note is None or sibling.tag != TEXT else (note, slot)
    return note, slot


def content_before(view: View, node: Node) -> Node | None:
    """The nearest sibling before a node that can be read."""
    if node.parent is not None:
        siblings = node.parent.children
        for index in range(node.place - 1, -1, -1):
            if not view.is_blank(siblings[index]) and not view.is_mark(siblings[index]):
                return siblings[index]
    return None


def after_slot(view: View, node: Node) -> Node | None:
    """The node, or the nearest that holds it, right before which an empty place for a value stands."""
    here = node
    for _ in range(_MAX_CLIMB):
        parent = here.parent
        if parent is None:
            return None
        if len(parent.children) > 1:
            before = parent.children[here.place - 1] if here.place else None
            return here if before is not None and view.is_blank(before) and view.is_slot(before) else None
        here = parent
    return None


def climb(view: View, node: Node) -> Node:
    """The outermost node that holds what this node holds and nothing else."""
    while node.tag not in _NO_TOP and node.parent is not None and node.parent.tag not in ("body", "html"):
        if len(node.parent.children) > 1:
            following, slot = next_content(view, node)
            if following is not None or slot or content_before(view, node) is not None:
                break
        node = node.parent
    return node


def tops(view: View, label: Label, labels_below: dict[Node, int]) -> Iterator[Node]:
    """The label's top, and then the tops of what holds the label and little else: at most three."""
    room = len(label.text) + _ROOM_BESIDE_LABEL
    node = label.node
    holder: Node | None = node
    for _ in range(_MAX_CLIMB):
        if holder is None:
            break
        if holder.tag in _HOLDERS and view.shorter_than(holder, room):
            node = holder
            break
        holder = holder.parent
    for _ in range(_MAX_STEPS):
        top = climb(view, node)
        yield top
        parent = top.parent
        if parent is None or top.tag in _NO_TOP or parent.tag in _NO_TOP or labels_below.get(parent, 1) > 1:
            return
        if not _is_mostly(view, parent, top, label):
            return
        node = parent


def _is_mostly(view: View, parent: Node, top: Node, label: Label) -> bool:
    """Whether a node holds a label and little else: notes on it don't count."""
    noted = len(parent.children) <= _MAX_PARTS and any(view.is_note(child) for child in parent.children)
    if not noted:
        room = len(label.text) + _ROOM_BESIDE_LABEL
        if not view.shorter_than(parent, room):
            return False
        return _words(view.text(parent)) <= _words(label.text) + _WORDS_BESIDE_LABEL
    beside = [view.text(child) for child in parent.children if child is not top and not view.is_note(child)]
    return sum(map(len, beside)) < _ROOM_BESIDE_LABEL and sum(map(_words, filter(None, beside))) <= _WORDS_BESIDE_LABEL


def _words(text: str) -> int:
    return text.count(" ") + 1


def above(node: Node, count: int = MAX_DEPTH) -> list[Node]:
    """A node and what holds it, count nodes at most."""
    nodes: list[Node] = []
    here: Node | None = node
    while here is not None and len(nodes) < count:
        nodes.append(here)
        here = here.parent
    return nodes


def inside(label: Label, top: Node) -> Iterator[Node]:
    """The nodes from a label up to its top."""
    node: Node | None = label.node
    while node is not None:
        yield node
        node = None if node is top else node.parent
