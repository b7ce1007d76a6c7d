"""Whether a source still reads as it did: a run's figures beside the floors of its file and its own recent runs. Pure.

Figures are of the database as the run leaves it and not of what it happened to fetch, so that a run over unchanged
pages comes to the same verdict as the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Literal

from ingest.sources import Floors

Measure = Literal["listed", "incidents", "read", "fill", "known"]
"""Incidents that the listing names; incidents that are not removed; the share of pages that could be read; of
incidents with a field filled; of values of a field that are in its vocabulary."""
COUNTS = ("listed", "incidents")
USUAL_SHARE = 0.8
"""A share that is below so much of its usual value falls out."""
FEW = 3
"""Fewer incidents than this are single pages, and no sign of what ails the source; of a half that is lost, two are."""


@dataclass(frozen=True, slots=True)
class Norms:
    """What a source's file says of its figures."""

    floors: Floors
    vocabularies: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a source. value: a count, or a share of `of` things. field: of the record, else empty."""

    measure: Measure
    field: str
    value: float
    of: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure and what it is measured by. usual: its median in recent runs; floor: the least value that is right."""

    figure: Figure
    usual: float | None
    floor: float | None
    fell: bool


def judge(figure: Figure, recent: Sequence[float], floors: Floors) -> Verdict:
    """Compare a figure with its floor in the source's file, and with its values in the source's recent runs.

    A listing is compared with the last one alone, and every incident counts: what it leaves out may be removed.
    """
    own, usual = _own_floor(figure, floors), median(recent) if recent else None
    if own is not None and figure.value < own:
        return Verdict(figure, usual, own, fell=True)
    if usual is None:
        return Verdict(figure, None, own, fell=False)
    share = floors.listing if figure.measure in COUNTS else USUAL_SHARE
    floor = max(share * usual, own or 0.0)
    return Verdict(figure, usual, floor, _fell(figure, usual, share))


def describe(verdict: Verdict) -> str:
    """A verdict in words, for the message of a run that is held."""
    figure = verdict.figure
    usual = "" if verdict.usual is None else f", usually {_number(figure, verdict.usual)}"
    what = {
        "listed": "incidents are listed",
        "incidents": "incidents are left",
        "read": "of the pages could be read",
        "fill": f"of the incidents have {figure.field}",
        "known": f"of the values of {figure.field} are known",
    }[figure.measure]
    return f"{_number(figure, figure.value)} {what}{usual} (floor {_number(figure, verdict.floor or 0)})"


def _own_floor(figure: Figure, floors: Floors) -> float | None:
    own: Mapping[str, float | None] = {
        "listed": floors.listing_count,
        "read": floors.read,
        "fill": floors.fill.get(figure.field),
        "known": floors.known.get(figure.field),
    }
    return own.get(figure.measure)


def _fell(figure: Figure, usual: float, share: float) -> bool:
    if figure.measure == "listed":
        return figure.value < share * usual
    lost = usual - figure.value
    if figure.measure not in COUNTS:
        lost = round(lost * figure.of)
    return (figure.value < share * usual and lost >= FEW) or (figure.value < usual / 2 and lost >= FEW - 1)


def _number(figure: Figure, value: float) -> str:
    return f"{ceil(value)}" if figure.measure in COUNTS else f"{value:.0%}"
