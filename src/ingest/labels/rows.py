"""Rows that hold one pair each: what stands beside a row with a known label, and is made like it, is a pair too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.labels.infer import COMMON_SHAPES, has_capital, path, text_like
from ingest.labels.label import Label, looks_like_label, make_label, split_label
from ingest.labels.relations import Reading
from ingest.labels.spans import FACT_CHARACTERS, Span, read_container
from ingest.labels.tops import climb
from ingest.labels.view import View
from ingest.page import TEXT, Node


@dataclass(slots=True, eq=False)
class _Make:
    """How the known rows of one list are made whose labels look alike and are read alike.

    model is the first of them, and way leads from its row to what holds it. turns: whether a row has several pairs,
    labels and values in turn. widths: how many parts they have. prose: whether all of their values are long. capitals:
    whether all of their labels start with a capital.
    """

    model: Reading
    way: Sequence[int] = ()
    turns: bool = False
    capitals: bool = True
    widths: set[int] = field(default_factory=set)
    prose: bool = True


_MAX_STEPS = 3

_List = tuple[Node, str]
_Makes = dict[tuple[str, str], _Make]


def infer_rows(view: View, spans: Sequence[Span], labels_below: Mapping[Node, int]) -> list[Span]:
    """The spans of the unknown labels in rows beside those of the known ones."""
    return [
        span
        for (parent, tag), makes in _find_lists(view, spans, labels_below).items()
        for row in parent.children
        if row.tag == tag and not labels_below.get(row) and not view.is_blank(row)
        for span in _read_row(view, row, makes, labels_below)
    ]


def _find_lists(view: View, spans: Sequence[Span], labels_below: Mapping[Node, int]) -> dict[_List, _Makes]:
    """What holds rows of one pair each, and the element of the rows, with how they are made."""
    held = Counter(span.reading.container for span in spans)
    lists: dict[_List, _Makes] = {}
    looked_at: set[Node] = set()
    for span in spans:
        reading = span.reading
        turns = held[reading.container] > 1
        first = reading.container not in looked_at
        looked_at.add(reading.container)
        if turns and not (first and _take_turns(view, reading, labels_below)):
            continue
        row = _row_of(view, reading.container, labels_below)
        if row.parent is None or reading.relation == "piece":
            continue
        makes = lists.setdefault((row.parent, row.tag), {})
        make = makes.setdefault((view.shape(reading.top), reading.relation), _Make(reading))
        make.way = make.way or path(reading.container, row)
        make.turns = make.turns or turns
        make.capitals = make.capitals and has_capital(reading.label)
        make.widths.add(len(_parts(view, reading.container)))
        make.prose = make.prose and _is_prose(view, span)
    return lists


def _row_of(view: View, container: Node, labels_below: Mapping[Node, int]) -> Node:
    """What holds a container's pairs and no others, in a list of rows with pairs of their own."""
    row = climb(view, container)
    here = row
    for _ in range(_MAX_STEPS):
        above = here.parent
        if above is None or above.tag in ("body", "html", "main"):
            break
        if labels_below.get(above, 0) > labels_below.get(container, 0):
            return here
        here = above
    return row


def _take_turns(view: View, reading: Reading, labels_below: Mapping[Node, int]) -> bool:
    """Whether each second part of a row is a label, the first one too."""
    parts = _parts(view, reading.container)
    return len(parts) % 2 == 0 and all(
        bool(labels_below.get(part)) == (place % 2 == 0) for place, part in enumerate(parts)
    )


def _follow(view: View, row: Node, way: Sequence[int]) -> list[Node]:
    """The parts of what stands in a row as a known label's container does in its own, or else of the row."""
    here = row
    for place in way:
        if place >= len(here.children):
            return []
        here = here.children[place]
    return _parts(view, here)


def _read_row(view: View, row: Node, makes: _Makes, labels_below: Mapping[Node, int]) -> Iterator[Span]:
    """The pairs of a row that is made like the known ones."""
    inner = _parts(view, row)
    while len(inner) == 1 and inner[0].tag != TEXT:
        inner = _parts(view, inner[0])
    for (shape, relation), make in makes.items():
        model = make.model
        parts = (_follow(view, row, make.way) if make.way else []) or inner
        container = parts[0].parent if parts else None
        if container is None:
            return
        if make.turns:
            labels = [_label_at(view, part, shape, parts, make) for part in parts[::2]]
            if len(parts) % 2 == 0 and all(labels):
                known = [
                    Reading(relation, label, part, container, value)
                    for label, part, value in zip(labels, parts[::2], parts[1::2], strict=True)
                    if label is not None
                ]
                found = read_container(view, container, known, labels_below)
                yield from (replace(span, like=model.label) for span in found)
                return
            continue
        top = parts[-1] if relation == "before" else parts[0]
        label = _label_at(view, top, shape, parts, make)
        if label is None or label.colon < model.label.colon or has_capital(label) < make.capitals:
            continue
        reading = Reading(relation, label, top, container, label.rest or parts[-1])
        if relation == "before":
            yield Span(reading, tuple(parts[:-1]), model.label)
        else:
            found = read_container(view, container, [reading], labels_below)
            yield from (replace(span, like=model.label) for span in found if not make.prose or _is_prose(view, span))
        return


def _label_at(view: View, top: Node, shape: str, parts: Sequence[Node], make: _Make) -> Label | None:
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
