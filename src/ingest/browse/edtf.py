"""What a partial date can mean: the first and the last day that it may be."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def days_of(text: str | None) -> tuple[date, date] | None:
    """The first and last day of an EDTF date or range: `2024-03`, `2023-11/2023-12`.

    None for null, and for what is on no calendar: a source's corrections may say anything that looks like a date.
    """
    try:
        start, _, end = (text or "").partition("/")
        return _first(start), _last(end or start)
    except ValueError:
        return None


def _first(text: str) -> date:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    year, month = (*parts, 12)[:2]
    return date(year, month, parts[2] if len(parts) == 3 else monthrange(year, month)[1])
