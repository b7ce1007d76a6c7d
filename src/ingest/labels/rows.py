"""Rows that hold one pair each: what stands beside a row with a known label, and is made like it, is a pair too."""

from __future__ import annotations

from typing import Final

from ingest.labels.infer import COMMON_SHAPES, has_capital, path, text_like
from ingest.labels.label import Label, looks_like_label, make_label, split_label
from ingest.labels.relations import Reading
from ingest.labels.spans import FACT_CHARACTERS, Span, read_container
from ingest.labels.tops import climb
from ingest.labels.view import View
from ingest.page import TEXT, Node


class _Make:
    """How the known rows of one list are made whose labels look alike and are read alike.

    model is the first of them, and way leads from its row to what holds it. turns: whether a row has several pairs,
    labels and values in turn. widths: how many parts they have. prose: whether all of their values are long. capitals:
    whether all of their labels start with a capital.
    """

    __slots__ = ("capitals", "model", "prose", "turns", "way", "widths")

    def __init__(self, model: Reading) -> None:
        self.model: Final = model
        self.way: list[int] = []
        self.turns = False
        self.capitals = True
        self.widths: set[int] = set()
        self.prose = True


_MAX_STEPS: Final = 3

_List = tuple[Node, str]
_Row = tuple[Span, Node, bool]
"""The span of a known label, its row, and whether the row has several pairs."""
_Makes = dict[tuple[str, str], _Make]


def infer_rows(view: View, spans: list[Span], labels_below: dict[Node, int]) -> list[Span]:
    """The spans of the unknown labels in rows beside those of the known ones."""
    found: list[Span] = []
    for (parent, tag), known in _find_lists(view, spans, labels_below).items():
        rows = [row for row in parent.children if row.tag == tag and row.seen and not labels_below.get(row)]
        if rows:
            makes = _find_makes(view, known)
            for row in rows:
                found += _read_row(view, row, makes, labels_below)
    return found


def _find_lists(view: View, spans: list[Span], labels_below: dict[Node, int]) -> dict[_List, list[_Row]]:
    """What holds rows of one pair each, and the element of the rows, with the known ones."""
    held: dict[Node, int] = {}
    for span in spans:
        held[span.reading.container] = held.get(span.reading.container, 0) + 1
    lists: dict[_List, list[_Row]] = {}
    looked_at: set[Node] = set()
    for span in spans:
        reading = span.reading
        turns = held[reading.container] > 1
        first = reading.container not in looked_at
        looked_at.add(reading.container)
        if turns and not (first and _take_turns(view, reading, labels_below)):
            continue
        row = _row_of(view, reading.container, labels_below)
        if row.parent is not None and reading.relation != "piece":
            lists.setdefault((row.parent, row.tag), []).append((span, row, turns))
    return lists


def _find_makes(view: View, rows: list[_Row]) -> _Makes:
    """How the known rows of one list are made."""
    makes: _Makes = {}
    for span, row, turns in rows:
        reading = span.reading
        kind = view.shape(reading.top), reading.relation
        make = makes.get(kind)
        if make is None:
            make = makes[kind] = _Make(reading)
        make.way = make.way or path(reading.container, row)
        make.turns = make.turns or turns
        make.capitals = make.capitals and has_capital(reading.label)
        make.widths.add(len(_parts(view, reading.container)))
        make.prose = make.prose and _is_prose(view, span)
    return makes


def _row_of(view: View, container: Node, labels_below: dict[Node, int]) -> Node:
    """What holds a container's pairs and no others, in a list of rows with pairs of their own."""
    row = climb(view, container)
    beside = row.parent.children[max(row.place - 2, 0) : row.place + 3] if row.parent is not None else ()
    if any(other is not row and other.tag == row.tag and other.seen for other in beside):
        return row
    here = row
    for _ in range(_MAX_STEPS):
        above = here.parent
        if above is None or above.tag in ("body", "html", "main"):
            break
        if labels_below.get(above, 0) > labels_below.get(container, 0):
            return here
        here = above
    return row


def _take_turns(view: View, reading: Reading, labels_below: dict[Node, int]) -> bool:
    """Whether each second part of a row is a label, the first one too."""
    parts = _parts(view, reading.container)
    return len(parts) % 2 == 0 and all(
        bool(labels_below.get(part)) == (place % 2 == 0) for place, part in enumerate(parts)
    )


def _follow(view: View, row: Node, way: list[int]) -> list[Node]:
    """The parts of what stands in a row as a known label's container does in its own, or else of the row."""
    here = row
    for place in way:
        if place >= len(here.children):
            return []
        here = here.children[place]
    return _parts(view, here)


def _read_row(view: View, row: Node, makes: _Makes, labels_below: dict[Node, int]) -> list[Span]:
    """The pairs of a row that is made like the known ones."""
    inner = _parts(view, row)
    while len(inner) == 1 and inner[0].tag != TEXT:
        inner = _parts(view, inner[0])
    for (shape, relation), make in makes.items():
        for parts in (inner, _follow(view, row, make.way)):
            readings = _read_parts(view, parts, shape, relation, make)
            if not readings:
                continue
            like = make.model.label
            if relation == "before":
                return [Span(readings[0], tuple(parts[:-1]), like)]
            found = read_container(view, readings[0].container, readings, labels_below)
            return [Span(span.reading, span.nodes, like) for span in found if not make.prose or _is_prose(view, span)]
    return []


def _read_parts(view: View, parts: list[Node], shape: str, relation: str, make: _Make) -> list[Reading]:
    """The labels that a row has where the known rows have theirs: all of them, or none."""
    container = parts[0].parent if parts else None
    if container is None or (make.turns and len(parts) % 2):
        return []
    tops = parts[::2] if make.turns else parts[-1:] if relation == "before" else parts[:1]
    readings: list[Reading] = []
    for top in tops:
        label = _label_at(view, top, shape, parts, make)
        if label is None or label.colon < make.model.label.colon or has_capital(label) < make.capitals:
            return []
        value = parts[min(parts.index(top) + 1, len(parts) - 1)]
        readings.append(Reading(relation, label, top, container, label.rest or value))
    return readings


def _label_at(view: View, top: Node, shape: str, parts: list[Node], make: _Make) -> Label | None:
    """The label that a row has where the known rows have theirs."""
    node, text = text_like(view, make.model, top)
    heading = make.model.label.heading
    if make.model.relation == "colon":
        return split_label(top, text, heading) if top.tag == TEXT else None
    if len(parts) == 1 or view.shape(top) != shape or not looks_like_label(text.rstrip(" :：")):
        return None
    if shape in COMMON_SHAPES and len(parts) not in make.widths:
        return None
    return make_label(node, text, heading)


def _is_prose(view: View, span: Span) -> bool:
    return any(not view.shorter_than(node, FACT_CHARACTERS) for node in span.nodes)


def _parts(view: View, node: Node) -> list[Node]:
    parts = [child for child in node.children if view.has_place(child)]
    while parts and (view.is_blank(parts[0]) or (len(parts) > 2 and view.is_mark(parts[0]))):  # an icon or its box
        parts.pop(0)
    return parts
