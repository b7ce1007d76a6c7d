"""Which of its readings each label gets: the one that explains most labels of its region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from ingest.labels.label import Label
from ingest.labels.pair import RELATIONS
from ingest.labels.relations import FOLLOWING, Reading, starts_pair
from ingest.labels.tops import above, after_slot, climb, inside
from ingest.labels.view import View
from ingest.page import INLINE, Node
from ingest.page.node import names

_ORDER: Final = tuple(RELATIONS)
_BESIDE: Final = {*FOLLOWING, "before", "empty"} - {"definition", "cells"}
"""The relations whose markup does not show where a row ends."""
_STANDS_OUT: Final = names("b strong th label em i h1 h2 h3 h4 h5 h6")
_DOUBTFUL_WEIGHT: Final = 0.6
"""What stands before labels can be their numbers and icons, and small print a note: the votes for it count less."""
_SUPPORTED: Final = 2
_NEVER: Final = 1_000_000
"""The labels that must speak for a reading that a single one could have by chance."""
_LINE_CHARACTERS: Final = 160
_LOOKED_AT: Final = 50
"""Nodes beside a label among which its like is sought before the rows are counted."""

_Counted = TypeVar("_Counted", bound=tuple[object, ...])
_Kind = tuple[str, bool, bool, str]
_Make = tuple[str, bool, bool]
_Place = tuple[Node | None, str, str, bool, bool]


class Choice:
    """How a label is read, and how many labels speak for it. The relation "empty" is a row without a value."""

    __slots__ = ("reading", "votes")

    def __init__(self, reading: Reading, votes: int) -> None:
        self.reading: Final = reading
        self.votes: Final = votes


def is_explained(reading: Reading, labels_below: dict[Node, int]) -> bool:
    """Whether a reading gives its label a value, and not another label, unless its relation is beyond doubt."""
    if reading.first is None:
        return False
    if reading.relation == "column" and len(reading.container.children) > 2:
        return True
    return reading.relation in ("definition", "colon", "piece") or not labels_below.get(reading.first, 0)


def can_be_read(view: View, label: Label, readings: Iterable[Reading], labels_below: dict[Node, int]) -> bool:
    """Whether a text that reads like a label is one: not within a sentence, and not over another label's value.

    Links and titles stay labels: in tables of contents and tabs one follows the other.
    """
    if label.title or _is_linked(label) or after_slot(view, label.node) is not None:
        return True
    return any(_is_open(way, labels_below) and _needed(view, way) < _NEVER for way in readings)


def _is_linked(label: Label) -> bool:
    return any(node.tag == "a" for node in above(label.node, 4))


def choose(
    view: View, labels: list[Label], readings: dict[Label, list[Reading]], labels_below: dict[Node, int]
) -> dict[Label, Choice]:
    """The reading of each label of a region and its votes; a label that can't be read with certainty gets none."""
    explained = [way for label in labels for way in readings[label] if is_explained(way, labels_below)]
    kinds = [_kind(view, way) for way in explained]
    votes = _count_votes(view, explained, kinds)
    rows: _Rows | None = None
    makes: dict[_Make, int] | None = None
    chosen: dict[Label, Choice] = {}
    for label in labels:
        ways = [way for way in readings[label] if _is_open(way, labels_below)]
        if not ways:
            continue
        best = ways[0]
        if len(ways) > 1:
            best = min(ways, key=lambda way: _rank(view, way, votes, labels_below))
        alike = 0
        if _may_fill_row(best, labels_below):
            rows = rows or _Rows(view, explained, kinds)
            alike = rows.like(best)
        if alike:
            chosen[label] = Choice(Reading("empty", label, best.top, best.container, None, best.outer), alike)
            continue
        for way in [best, *[way for way in ways if way.relation == "empty"]]:
            speaking = votes.get(_kind(view, way), 0)
            if not is_explained(way, labels_below):
                if makes is None:
                    makes = _count([_make(view, each) for each in explained if each.relation in FOLLOWING])
                speaking = max(speaking, makes.get(_make(view, way), 0))
            if speaking >= _needed(view, way):
                chosen[label] = Choice(way, speaking)
                break
    return chosen


def _kind(view: View, reading: Reading) -> _Kind:
    """What readings must share to vote together: the relation, and how their labels are made."""
    return reading.relation, reading.outer, reading.label.title, view.shape(reading.top)


def _make(view: View, reading: Reading) -> _Make:
    """How a label is made, whichever relation leads on from it."""
    return view.shape(reading.top), reading.outer, reading.label.colon


def _count_votes(view: View, explained: list[Reading], kinds: list[_Kind]) -> dict[_Kind, int]:
    """How many labels each kind of reading gives a value.

    Where all values are single words, twice as many as there are different ones at most: what gives every label the
    same word is an icon or a button.
    """
    values: dict[_Kind, list[str]] = {}
    for reading, kind in zip(explained, kinds, strict=True):
        if reading.first is not None:
            values.setdefault(kind, []).append(view.start_of(reading.first))
    return {
        kind: len(found) if any(" " in value for value in found) else min(len(found), 2 * len(set(found)))
        for kind, found in values.items()
    }


def _count(values: Iterable[_Counted]) -> dict[_Counted, int]:
    counts: dict[_Counted, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _is_open(reading: Reading, labels_below: dict[Node, int]) -> bool:
    """Whether a reading can be true: a value is there, or its place is empty, or the next label follows."""
    return reading.relation in FOLLOWING or reading.first is None or is_explained(reading, labels_below)


def _rank(view: View, reading: Reading, votes: dict[_Kind, int], labels_below: dict[Node, int]) -> tuple[object, ...]:
    """The order of preference of a label's readings, best first."""
    before = reading.relation == "before"
    doubtful = before or (reading.first is not None and view.is_note(reading.first))
    return (
        reading.relation == "empty",
        reading.relation != "below",
        reading.first is not None and not is_explained(reading, labels_below),
        -votes.get(_kind(view, reading), 0) * (_DOUBTFUL_WEIGHT if doubtful else 1),
        before,
        reading.outer,
        _ORDER.index(reading.relation),
    )


def _needed(view: View, reading: Reading) -> int:
    """The votes that a reading needs: one where the markup or a colon says enough, two where chance could do it."""
    label = reading.label
    if reading.relation in ("definition", "cells", "colon", "piece", "below"):
        return 1
    if reading.relation in ("before", "column"):
        return 1 if reading.top.tag == "th" else _SUPPORTED
    if label.colon or (reading.first is not None and reading.first.folded[:1] in (":", "：")):
        return 1
    if not view.stands_clear(reading.top):
        return _NEVER
    if reading.relation in ("panel", "section"):
        return 1
    in_prose = reading.top.tag in INLINE and not view.shorter_than(reading.container, _LINE_CHARACTERS)
    linked = _is_linked(label)
    return _SUPPORTED if reading.outer or reading.relation == "tail" or in_prose or linked else 1


def _place(node: Node, mark: str, label: Label) -> _Place:
    return node.parent, node.tag, mark, label.colon, label.title


def _may_fill_row(reading: Reading, labels_below: dict[Node, int]) -> bool:
    """Whether it is worth asking if a label fills a row alone: a colon promises its value in the row, or beside what it
    fills stands the same element with labels in it."""
    top = reading.top
    if reading.relation not in _BESIDE or reading.outer or top.parent is None:
        return False
    beside = top.parent.children
    if reading.label.colon or len(beside) > _LOOKED_AT:
        return True
    return any(node.tag == top.tag and labels_below.get(node, 0) > (node is top) for node in beside)


class _Rows:
    """The rows of a region that hold a label with its value.

    A label that fills such a row alone has no value: what follows it is the next row. Rows are known by what holds
    them, or, where a colon promises the value in the same line, by their own element.
    """

    def __init__(self, view: View, explained: list[Reading], kinds: list[_Kind]) -> None:
        self._view = view
        lines: dict[Node, tuple[str, str]] = {}
        rows: dict[Node, _Place] = {}
        alone: dict[Label, _Place] = {}
        self._in_one = 0
        self._told: dict[_Kind, int] = _count(kinds)
        for reading in explained:
            self._in_one += reading.label.rest is not None
            if not reading.outer:
                mark = self._mark(reading.top)
                row = climb(view, reading.container)
                if row not in rows:
                    rows[row] = _place(row, mark, reading.label)
                if reading.container not in lines:
                    lines[reading.container] = reading.container.tag, mark
                if reading.label not in alone:
                    alone[reading.label] = _place(reading.top, mark, reading.label)
        self._lines: dict[tuple[str, str], int] = _count(lines.values())
        self._rows: dict[_Place, int] = _count(rows.values())
        self._alone: dict[_Place, int] = _count(alone.values())

    def like(self, reading: Reading) -> int:
        """How many rows are made like what the label of a reading fills alone."""
        top, label = reading.top, reading.label
        mark = self._mark(top)
        place = _place(top, mark, label)
        rows = self._rows.get(place, 0)
        alike = rows if rows >= self._alone.get(place, 0) else 0
        if label.colon and reading.first is not None and starts_pair(self._view, reading.first):
            return max(rows, self._in_one)
        if label.colon:
            around = [self._lines.get((node.tag, mark), 0) for node in inside(label, top) if node.tag not in INLINE]
            lines = max(around, default=0)
            if lines >= _SUPPORTED and lines > self._told.get(_kind(self._view, reading), 0):
                return lines
        return alike if alike >= _SUPPORTED else 0

    def _mark(self, top: Node) -> str:
        """The element that makes a label stand out."""
        last = self._view.shape(top).split()[-1]
        return last if last in _STANDS_OUT else ""
