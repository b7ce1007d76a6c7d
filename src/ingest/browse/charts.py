"""The geometry of column charts: across in percent, so that a chart fits any screen; up and down in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.browse.tally import Series

HEIGHT = 220
BASE = 196
"""Where the columns stand, from the top; below it are their names."""
TOP = 14
LABELS = 6
"""How many columns have their name below, at most."""
FEWEST = 12
"""A chart has room for so many columns, however few there are."""
FILLED = 0.84
"""The share of its room that a column fills."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a column."""

    part: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it tells, where it stands in percent, its parts."""

    name: str
    told: str
    left: float
    width: float
    blocks: tuple[Block, ...]
    labelled: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """A whole chart. scale: number -> its height from the top."""

    columns: tuple[Column, ...]
    scale: dict[int, float]
    height: int = HEIGHT
    base: int = BASE


def lay_out(series: Series) -> Columns | None:
    """The chart of a series, a column a row; None where all is zero. The last part stands below."""
    if not series.highest:
        return None
    top = round_up(series.highest)
    room = 100 / max(len(series.rows), FEWEST)
    every = -(-len(series.rows) // LABELS)
    columns = []
    for place, (name, numbers) in enumerate(series.rows.items()):
        left = place * room + room * (1 - FILLED) / 2
        blocks = _stack(series.parts, numbers, (BASE - TOP) / top)
        columns.append(Column(name, _tell(series.parts, numbers), left, room * FILLED, blocks, place % every == 0))
    scale = {value: BASE - (BASE - TOP) * value / top for value in (top, top // 2) if value}
    return Columns(tuple(columns), scale)


def round_up(number: int) -> int:
    """The next round number, for the top of a scale."""
    size: int = 10 ** (len(str(number)) - 1)
    return next(factor * size for factor in (1, 2, 4, 5, 6, 8, 10) if factor * size >= number)


def _stack(parts: tuple[str, ...], numbers: tuple[int, ...], pixels_each: float) -> tuple[Block, ...]:
    blocks, below = [], float(BASE)
    for part, number in reversed(list(zip(parts, numbers, strict=True))):
        if number:
            height = max(number * pixels_each, 1.0)
            below -= height
            blocks.append(Block(part, below, height))
    return tuple(blocks)


def _tell(parts: tuple[str, ...], numbers: tuple[int, ...]) -> str:
    return ", ".join(f"{number:,} {part}" for part, number in zip(parts, numbers, strict=True) if number) or "none"
