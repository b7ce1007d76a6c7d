"""Counts for charts, from groups of equal values. Pure; a date is never taken for more precise than it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.browse.edtf import days_of

SEVERITIES = ("critical", "high", "medium", "low", "not said")
DELAYS = {
    "within a month": (0, 31),
    "1 to 3 months": (32, 92),
    "3 to 12 months": (93, 366),
    "more than a year": (367, 10**6),
}
"""How long until an incident was reported -> from and to how many days."""
MONTHS_SHOWN = 60
"""The longest span that is drawn by month; a longer one is drawn by year."""
WEEKS_SHOWN = 52


@dataclass(frozen=True, slots=True)
class Series:
    """A chart's numbers. rows: name -> a number for each part; left_out: why -> how many are not drawn."""

    parts: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]
    left_out: Mapping[str, int]

    @property
    def highest(self) -> int:
        return max((sum(row) for row in self.rows.values()), default=0)


def by_time(groups: Iterable[tuple[str | None, str | None, int]]) -> Series:
    """Incidents by month or year of occurrence and by severity, from (date, severity, count).

    A date that lies in no single month, or year, is left out and counted as such.
    """
    listed = [(days_of(text), severity, count) for text, severity, count in groups]
    dated = [(*days, severity, count) for days, severity, count in listed if days]
    unit = 7 if dated and _months(min(d[0] for d in dated), max(d[1] for d in dated)) <= MONTHS_SHOWN else 4
    counts: dict[str, Counter[str]] = {}
    vague = 0
    for first, last, severity, count in dated:
        name = first.isoformat()[:unit]
        if name != last.isoformat()[:unit]:
            vague += count
            continue
        counts.setdefault(name, Counter())[severity if severity in SEVERITIES else SEVERITIES[-1]] += count
    rows = {name: tuple(counts.get(name, Counter())[part] for part in SEVERITIES) for name in _names(counts, unit)}
    undated = sum(count for days, _, count in listed if not days)
    precise = "month" if unit == 7 else "year"
    return Series(SEVERITIES, rows, _positive({f"a date less precise than a {precise}": vague, "no date": undated}))


def by_name(groups: Iterable[tuple[str | None, int]], shown: int) -> Series:
    """The names that stand in most incidents, from (names joined by `; `, count). An incident counts for each name."""
    counts: Counter[str] = Counter()
    unnamed = 0
    for names, count in groups:
        for name in set((names or "").split("; ")):
            if name:
                counts[name] += count
            else:
                unnamed += count
    top = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:shown])
    left_out = {"other names": sum(counts.values()) - sum(top.values()), "none printed": unnamed}
    return Series(("incidents",), {name: (count,) for name, count in top.items()}, _positive(left_out))


def by_delay(groups: Iterable[tuple[str | None, str | None, int]]) -> Series:
    """How long it took from occurrence to report, from (occurred, reported, count).

    An incident counts only where its dates, as precise as they are, leave no doubt in which span it falls.
    """
    counts: Counter[str] = Counter()
    undated = vague = backward = 0
    for occurred, reported, count in groups:
        event, report = days_of(occurred), days_of(reported)
        if event is None or report is None:
            undated += count
            continue
        shortest, longest = max(0, (report[0] - event[1]).days), (report[1] - event[0]).days
        span = next((name for name, (low, high) in DELAYS.items() if low <= shortest and longest <= high), None)
        if longest < 0:
            backward += count
        elif span is None:
            vague += count
        else:
            counts[span] += count
    left_out = {
        "dates that are not precise enough to tell": vague,
        "a date missing": undated,
        "reported before it occurred": backward,
    }
    return Series(("incidents",), {name: (counts[name],) for name in DELAYS}, _positive(left_out))


def by_week(groups: Iterable[tuple[str, str, int]], parts: Sequence[str]) -> Series:
    """Counts by week and part, from (day, part, count), for the weeks up to the last one. A week begins on a Monday."""
    counts: dict[date, Counter[str]] = {}
    for day, part, count in groups:
        moment = date.fromisoformat(day)
        counts.setdefault(moment - timedelta(moment.weekday()), Counter())[part] += count
    if not counts:
        return Series(tuple(parts), {}, {})
    last, first = max(counts), min(counts)
    weeks = [last - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    shown = [week for week in weeks if week >= first] or [last]
    rows = {week.isoformat(): tuple(counts.get(week, Counter())[part] for part in parts) for week in shown}
    earlier = sum(sum(counter.values()) for week, counter in counts.items() if week < shown[0])
    return Series(tuple(parts), rows, _positive({"earlier": earlier}))


def _names(counts: Iterable[str], unit: int) -> list[str]:
    """All months or years from the first to the last, those without an incident too."""
    known = sorted(counts)
    if not known:
        return []
    first, last = (date.fromisoformat(name + "-01-01"[unit - 4 :]) for name in (known[0], known[-1]))
    if unit == 4:
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    start = first.year * 12 + first.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, start + _months(first, last))]


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _positive(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
