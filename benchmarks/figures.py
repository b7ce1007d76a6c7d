"""From outcomes to figures: rates without start-up, ratios within a round, medians and their spread. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.running import Outcome


@dataclass(frozen=True, slots=True)
class Spread:
    """A median, and the lowest and the highest of the rounds."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One contender over all rounds. startup_seconds: a run of one page; the rate is that of the further pages."""

    contender: str
    does: str
    pages_a_second: Spread
    startup_seconds: Spread
    cpu_ms_a_page: Spread
    peak_mb: float
    busiest_others: float
    """The greatest share of the machine's cores that other processes used during a run."""
    beyond_startup: bool
    """Whether every run of all pages took twice as long as a start-up; else the rate says little."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times one contender's rate is another's, each round by itself. wanted: what it is to be at least."""

    contender: str
    beside: str
    wanted: float
    times: Spread


WANTED = (
    ("ingest", "Scrapy", 2.5),
    ("ingest", "Crawlee", 1.3),
    ("ingest", "bare loop", 0.85),
    ("ingest, nothing changed", "Scrapy", 5.0),
    ("ingest, nothing changed", "bare loop of 304s", 0.8),
    ("ingest reparse", "Scrapy", 7.0),
)


def spread(values: Iterable[float]) -> Spread:
    known = sorted(values)
    return Spread(median(known), known[0], known[-1])


def rates(outcomes: Sequence[Outcome], contender: str) -> list[float]:
    """Pages a second beyond the quickest start-up, a figure a round."""
    startup = min(one.usage.wall_seconds for one in outcomes if one.contender == contender and one.pages == 1)
    full = [one for one in outcomes if one.contender == contender and one.pages > 1]
    return [(one.pages - 1) / max(one.usage.wall_seconds - startup, 1e-3) for one in full]


def figures(outcomes: Sequence[Outcome], contender: str, does: str, cores: int) -> Figures:
    """The figures of one contender; it has had a run of one page and one of all of them in each round."""
    short = [one.usage for one in outcomes if one.contender == contender and one.pages == 1]
    full = [one for one in outcomes if one.contender == contender and one.pages > 1]
    startup_cpu = median(usage.cpu_seconds for usage in short)
    return Figures(
        contender,
        does,
        spread(rates(outcomes, contender)),
        spread(usage.wall_seconds for usage in short),
        spread(1000 * (one.usage.cpu_seconds - startup_cpu) / (one.pages - 1) for one in full),
        max(one.usage.pss_mb for one in full),
        max(one.others_cpu_seconds / one.usage.wall_seconds / cores for one in full),
        min(one.usage.wall_seconds for one in full) >= 2 * median(usage.wall_seconds for usage in short),
    )


def ratios(outcomes: Sequence[Outcome]) -> list[Ratio]:
    """Those of WANTED whose contenders both took part; a rate is set beside the other's of the same round."""
    present = {one.contender for one in outcomes}
    return [
        Ratio(
            name,
            beside,
            wanted,
            spread(a / b for a, b in zip(rates(outcomes, name), rates(outcomes, beside), strict=False)),
        )
        for name, beside, wanted in WANTED
        if {name, beside} <= present
    ]


def prefect_share(outcomes: Sequence[Outcome]) -> tuple[Spread, Spread] | None:
    """What a scrape under Prefect takes longer: seconds whatever the number of pages, and the share beyond them."""
    with_it, without = "ingest under Prefect", "ingest"
    if not {with_it, without} <= {one.contender for one in outcomes}:
        return None
    fixed = zip(_walls(outcomes, with_it, short=True), _walls(outcomes, without, short=True), strict=False)
    beyond = zip(rates(outcomes, without), rates(outcomes, with_it), strict=False)
    return spread(a - b for a, b in fixed), spread(a / b - 1 for a, b in beyond)


def _walls(outcomes: Sequence[Outcome], contender: str, short: bool) -> list[float]:
    return [one.usage.wall_seconds for one in outcomes if one.contender == contender and (one.pages == 1) == short]
