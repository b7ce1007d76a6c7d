"""Rows that hold one pair each: what stands beside a row with a known label, and is made like it, is a pair too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.labels.infer import COMMON_SHAPES, has_capital
from ingest.labels.label import Label, looks_like_label, make_label, split_label
from ingest.labels.relations import Reading
from ingest.labels.spans import FACT_CHARACTERS, Span, read_container
from ingest.labels.tops import climb
from ingest.labels.view import View
from ingest.page import TEXT, Node


@dataclass(slots=True, eq=False)
class _Make:
    """How the known rows of one list are made whose labels look alike and are read alike.

    model is the first of them. widths: how many parts they have. prose: whether all of their values are long. capitals:
    whether all of their labels start with a capital.
    """

    model: Reading
    capitals: bool = True
    widths: set[int] = field(default_factory=set)
    prose: bool = True


_List = tuple[Node, str]
_Makes = dict[tuple[str, str], _Make]


def infer_rows(view: View, spans: Sequence[Span], labels_below: Mapping[Node, int]) -> list[Span]:
    """The spans of the unknown labels in rows beside those of the known ones."""
    return [
        span
        for (parent, tag), makes in _find_lists(view, spans).items()
        for row in parent.children
        if row.tag == tag and not labels_below.get(row) and not view.is_blank(row)
        for span in _read_row(view, row, makes, labels_below)
    ]


def _find_lists(view: View, spans: Sequence[Span]) -> dict[_List, _Makes]:
    """What holds rows of one pair each, and the element of the rows, with how they are made."""
    held = Counter(span.reading.container for span in spans)
    lists: dict[_List, _Makes] = {}
    for span in spans:
        reading = span.reading
        row = climb(view, reading.container)
        if row.parent is None or held[reading.container] > 1 or reading.relation == "piece":
            continue
        makes = lists.setdefault((row.parent, row.tag), {})
        make = makes.setdefault((view.shape(reading.top), reading.relation), _Make(reading))
        make.capitals = make.capitals and has_capital(reading.label)
        make.widths.add(len(_parts(view, reading.container)))
        make.prose = make.prose and _is_prose(view, span)
    return lists


def _read_row(view: View, row: Node, makes: _Makes, labels_below: Mapping[Node, int]) -> Iterator[Span]:
    """The pairs of a row that is made like the known ones."""
    parts = _parts(view, row)
    while len(parts) == 1 and parts[0].tag != TEXT:
        parts = _parts(view, parts[0])
    container = parts[0].parent if parts else None
    if container is None:
        return
    for (shape, relation), make in makes.items():
        model = make.model
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
    text = view.text(top)
    heading = make.model.label.heading
    if make.model.relation == "colon":
        return split_label(top, text, heading) if top.tag == TEXT else None
    if len(parts) == 1 or view.shape(top) != shape or not looks_like_label(text.rstrip(" :：")):
        return None
    if shape in COMMON_SHAPES and len(parts) not in make.widths:
        return None
    return make_label(top, text, heading)


def _is_prose(view: View, span: Span) -> bool:
    return any(not view.shorter_than(node, FACT_CHARACTERS) for node in span.nodes)


def _parts(view: View, node: Node) -> list[Node]:
    parts = [child for child in node.children if view.has_place(child)]
    while parts and view.is_blank(parts[0]):  # an icon's empty box
        parts.pop(0)
    return parts
