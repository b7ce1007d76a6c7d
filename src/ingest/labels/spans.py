"""Where values begin and end among the children of a container."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from ingest.labels.infer import find_tops
from ingest.labels.label import Label
from ingest.labels.relations import Reading
from ingest.labels.tops import above
from ingest.labels.view import View, heading_level
from ingest.page import INLINE, TEXT, Node
from ingest.page.node import names

FACT_CHARACTERS: Final = 80
"""What is shorter is a fact; what is longer, prose."""
_ENOUGH_FACTS: Final = 3
_ENDS_SECTION: Final = names("footer nav aside")
_KEEPS_PLACE: Final = names("definition cells")
"""The relations whose markup shows a label without a value to be one."""
_NO_HEADING: Final = 7
_LEADING: Final = re.compile(r"^\s*(?:[:：]|[-–—|](?=\s))\s*")
_TRAILING: Final = re.compile(r"\s*[|·•,;/]\s*$")


class Span:
    """A label and the nodes of its value, in page order.

    like is the known label that shows this one to be a label: itself, or the one before it in the same place.
    """

    __slots__ = ("like", "nodes", "reading")

    def __init__(self, reading: Reading, nodes: tuple[Node, ...], like: Label) -> None:
        self.reading: Final = reading
        self.nodes: Final = nodes
        self.like: Final = like


def read_container(view: View, container: Node, known: list[Reading], labels_below: dict[Node, int]) -> list[Span]:
    """The spans of all labels among the children of one container.

    known: its labels, read as followed by their values. What stands among them as they do is a label as well.
    """
    items = [child for child in container.children if child.tag == "br" or view.has_place(child)]
    if len(known) == 1 and len(items) == 2 and _are_pair(known[0], items):
        return [_read_pair(view, known[0], items[1], labels_below)]
    parts = [item for item in items if item.tag != "br" and (view.is_blank(item) or not view.is_trailer(item))]
    named = {reading.top: reading for reading in known}
    tops = find_tops(view, parts, named)
    if _stand_under(view, parts, tops):
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return [Span(_stand_after(tops[top]), (value,), known[0].label) for value, top in pairs]
    others = {item for item in items if labels_below.get(item) and (item in tops or item not in named)}
    places = [index for index, item in enumerate(items) if item in tops]
    like = known[0].label
    spans: list[Span] = []
    for index, end in pairwise([*places, len(items)]):
        reading = tops[items[index]]
        is_known = reading.top in named
        like = reading.label if is_known else like
        ends_list = len(places) > 1 and end == len(items)
        is_empty = is_known and reading.first is None
        nodes = [] if is_empty else _take(view, reading, items[index + 1 : end], others, ends_list)
        value = _trim(view, nodes, end < len(items))
        if value or is_known or reading.relation in _KEEPS_PLACE:
            spans.append(Span(reading, value, like))
    return _cut_last(view, spans)


def _are_pair(reading: Reading, items: list[Node]) -> bool:
    """Whether it is plain that two nodes are a label and the place of its value."""
    return reading.top is items[0] and reading.label.rest is None and items[1].tag != "dt"


def _read_pair(view: View, reading: Reading, value: Node, labels_below: dict[Node, int]) -> Span:
    """The span of a label that stands before one other node."""
    others = {value} if labels_below.get(value) else set[Node]()
    nodes = [] if reading.first is None else _take(view, reading, [value], others, False)
    return Span(reading, _trim(view, nodes, False), reading.label)


def _stand_after(reading: Reading) -> Reading:
    return Reading("before", reading.label, reading.top, reading.container, reading.first, reading.outer)


def _stand_under(view: View, parts: list[Node], tops: dict[Node, Reading]) -> bool:
    """Whether the labels of a container follow their values: each second part is one, from the second to the last."""
    if len(tops) < 2 or len(parts) != 2 * len(tops) or any(top not in tops for top in parts[1::2]):
        return False
    return len({view.shape(value) for value in parts[::2]}) == 1


def _take(view: View, reading: Reading, items: list[Node], others: set[Node], ends_list: bool) -> list[Node]:
    """The nodes of a value among those that follow its label, up to what can't be part of it.

    others: those that hold other labels. ends_list: whether this is the last of several labels, so that nothing else
    says where its value ends.
    """
    nodes = [] if reading.label.rest is None else [reading.label.rest]
    for node in items:
        if _ends_value(view, reading, nodes, node, others, ends_list):
            break
        nodes.append(node)
    return nodes


def _ends_value(
    view: View, reading: Reading, nodes: list[Node], node: Node, others: set[Node], ends_list: bool
) -> bool:
    if reading.relation == "definition":
        return node.tag == "dt" or (bool(nodes) and nodes[0].tag == "dd" and node.tag != "dd")
    if reading.relation == "cells":
        return False
    if node in others:
        return True
    if reading.relation == "panel" and not nodes:
        return False
    if reading.relation in ("section", "panel"):
        return node.tag in _ENDS_SECTION or _opening_level(view, node) <= _own_level(reading)
    in_line = reading.top.tag in INLINE and bool(nodes)
    return in_line and node.tag not in INLINE and (node.tag != "br" or ends_list)


def _own_level(reading: Reading) -> int:
    for node in above(reading.label.node, 8):
        level = heading_level(node)
        if level is not None:
            return level
    return _NO_HEADING - 1


def _opening_level(view: View, node: Node) -> int:
    """The level of the heading that a node starts with."""
    here: Node | None = node
    for _ in range(8):
        if here is None:
            break
        level = heading_level(here)
        if level is not None:
            return level
        here = next((child for child in here.children if not view.is_blank(child)), None)
    return _NO_HEADING


def _cut_last(view: View, spans: list[Span]) -> list[Span]:
    """The last value of each kind of label with one part only, where the others of its kind are one short part each.

    What follows such a list of facts in the same container is no part of its last value.
    """
    if len(spans) <= _ENOUGH_FACTS:
        return spans
    kinds: dict[str, list[int]] = {}
    for index, span in enumerate(spans):
        if span.reading.relation != "definition":
            kinds.setdefault(view.shape(span.reading.top), []).append(index)
    cut = list(spans)
    for *others, last in kinds.values():
        if len(others) >= _ENOUGH_FACTS and all(_is_fact(view, spans[index].nodes) for index in others):
            cut[last] = Span(spans[last].reading, spans[last].nodes[:1], spans[last].like)
    return cut


def _is_fact(view: View, nodes: tuple[Node, ...]) -> bool:
    return len(nodes) == 1 and view.shorter_than(nodes[0], FACT_CHARACTERS) and not view.text(nodes[0]).endswith(".")


def _trim(view: View, nodes: list[Node], goes_on: bool) -> tuple[Node, ...]:
    """The nodes without what joins a value to its label and to the next one: a colon, a dash, a separator."""
    start, end = 0, len(nodes)
    while start < end and (view.is_blank(nodes[start]) or view.is_trailer(nodes[start])):
        start += 1
    rest = [node for node in nodes[start + 1 : end] if not view.is_blank(node)]
    if rest and rest[0].tag != TEXT and view.is_note(nodes[start]) and not _is_control(rest[0]):
        start += 1
    while start < end and (view.is_blank(nodes[end - 1]) or (end - start > 1 and _is_control(nodes[end - 1]))):
        end -= 1
    kept = _without_control(view, nodes[start:end])
    if kept and kept[0].tag == TEXT:
        kept[0] = _without(_LEADING, kept[0])
    if kept and goes_on and kept[-1].tag == TEXT:
        kept[-1] = _without(_TRAILING, kept[-1])
    return tuple(node for node in kept if node.tag != TEXT or node.text)


def _without_control(view: View, nodes: list[Node]) -> list[Node]:
    """A value without the one control at its end: `<dd>Till 2 <button>Copy</button></dd>`."""
    inner = [child for child in nodes[0].children if not view.is_blank(child)] if len(nodes) == 1 else []
    if len(inner) > 1 and [_is_control(child) for child in inner] == [False] * (len(inner) - 1) + [True]:
        return inner[:-1]
    return nodes


def _is_control(node: Node) -> bool:
    return node.tag == "button" or node.attributes.get("role") == "button"


def _without(pattern: re.Pattern[str], node: Node) -> Node:
    text = pattern.sub("", node.text, count=1)
    return node if text == node.text else node.cut(text)
