"""Texts that may be labels where nobody has named any: each way to read them, and its place in the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from ingest.labels.label import Label, looks_like_label, make_label, split_labels
from ingest.labels.pair import label_key
from ingest.labels.relations import Reading, first_text, readings
from ingest.labels.texts import Headings
from ingest.labels.tops import above, inside
from ingest.labels.view import View
from ingest.page import INLINE, TEXT, Node
from ingest.page.node import names

_FURNITURE: Final = names("nav footer")
_WHOLE: Final = names("dt th h1 h2 h3 h4 h5 h6 summary legend caption")
"""Elements that are one label as a whole, however their text is divided."""
_ENTRIES: Final = 12
_ENOUGH_ENTRIES: Final = 3
_HEADLINE_CHARACTERS: Final = 25
_NEAR: Final = 4


class Place(NamedTuple):
    """A place in the template of a site.

    path: the elements down to the container. shape: those of the label. colon: whether the label ends with one.
    """

    relation: str
    outer: bool
    path: str
    shape: str
    colon: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A text that may be a label, with one way to read it.

    value is the start of what it leads to. lead is how many pages print the label, less how many print that start.
    """

    page: int
    label: Label
    reading: Reading
    place: Place
    value: str
    lead: int

    def is_linked(self) -> bool:
        """Whether the label is a link."""
        return any(node.tag == "a" for node in inside(self.label, self.reading.top))


def find_candidates(view: View, texts: list[Node], headings: Headings) -> Iterator[Label]:
    """Every text of a page that could be a label. texts, headings: see read_texts."""
    seen: set[Node | None] = set()
    for node in texts:
        text, heading = node.folded, headings.over(node)
        if _is_furniture(view, node):
            continue
        holder = next((each for each in above(node, 6) if each.tag in _WHOLE), None)
        if holder is None:
            found = split_labels(node, text, heading) or [make_label(node, text, heading)]
        elif holder not in seen:
            found = [make_label(holder, view.text(holder), heading)]
        else:
            found = []
        seen.add(holder)
        yield from (label for label in found if looks_like_label(label.text) and not _is_value(label.node))


def find_sightings(view: View, page: int, labels: list[Label], printed: dict[str, int]) -> Iterator[Sighting]:
    """Every way to read the candidates of a page that nothing speaks against.

    printed: key -> how many pages print it.
    """
    paths: dict[Node, str] = {}
    statistics: dict[Node, bool] = {}
    labels_below = Counter(node for label in labels for node in above(label.node))
    for label in labels:
        for reading in readings(view, label, labels_below):
            if reading.first is None or not _may_be_pair(view, reading, statistics):
                continue
            path, shape = _path(reading.container, paths), view.shape(reading.top)
            place = Place(reading.relation, reading.outer, path, shape, label.colon)
            lead = printed[label.key] - printed[label_key(view.text(first_text(view, reading.first)))]
            yield Sighting(page, label, reading, place, view.start_of(reading.first), lead)


def _is_furniture(view: View, node: Node) -> bool:
    """Whether a text is part of what frames the page, or an icon's name."""
    if node.parent is not None and node.parent.tag == "i" and view.is_mark(node.parent):
        return True
    return any(each.tag in _FURNITURE for each in above(node))


def _is_value(node: Node) -> bool:
    """Whether a node is all that a dd holds."""
    while node.parent is not None and len(node.parent.children) == 1:
        node = node.parent
        if node.tag == "dd":
            return True
    return False


def _may_be_pair(view: View, reading: Reading, statistics: dict[Node, bool]) -> bool:
    """Whether nothing around a label speaks against its being one.

    statistics: row of cells -> whether it belongs to a table of statistics, as far as it was found out.
    """
    label = reading.label
    if label.rest is not None:
        return not any(node.tag == "a" for node in above(label.node, _NEAR))
    if label.colon:
        return True
    if reading.relation == "cells":
        if reading.container not in statistics:
            statistics[reading.container] = _is_statistics(view, reading.container)
        return not statistics[reading.container]
    if reading.relation in ("section", "panel", "sibling") and _leads_to_entries(view, reading):
        return False
    return reading.relation == "before" or view.stands_clear(reading.top)


def _is_statistics(view: View, row: Node) -> bool:
    """Whether a row of cells is a heading or a line of a table of many columns, and not made of pairs."""
    cells = [child for child in row.children if not view.is_blank(child)]
    if len(cells) > 1 and all(cell.tag == "th" for cell in cells):
        return True
    return len(cells) > 2 and (len(cells) % 2 == 1 or not all(looks_like_label(view.text(cell)) for cell in cells[::2]))


def _leads_to_entries(view: View, reading: Reading) -> bool:
    """Whether a label stands over news, reviews or wares: over long links, or entries of several parts each."""
    start = reading.top.place + 1
    parts = [child for child in reading.container.children[start : start + _ENTRIES] if view.has_place(child)]
    while len(parts) == 1 and parts[0].tag != TEXT:
        parts = [child for child in parts[0].children[:_ENTRIES] if view.has_place(child)]
    if len(parts) < _ENOUGH_ENTRIES:
        return False
    headlines = sum(1 for part in parts if _is_headline(view, part))
    several = sum(1 for part in parts if sum(1 for child in part.children if not view.is_blank(child)) > 1)
    return 2 * headlines > len(parts) or (2 * several > len(parts) and all(part.tag not in INLINE for part in parts))


def _is_headline(view: View, part: Node) -> bool:
    link = next((node for node in part.walk() if node.tag == "a" and not view.is_blank(node)), None)
    return link is not None and not view.shorter_than(link, _HEADLINE_CHARACTERS)


def _path(node: Node, paths: dict[Node, str]) -> str:
    """The names of the elements down to a node."""
    for here in reversed(above(node)):
        if here not in paths:
            paths[here] = here.tag if here.parent is None else f"{paths[here.parent]}/{here.tag}"
    return paths[node]
