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
    """What a scrape of all pages takes longer under Prefect, each round by itself: seconds before and after the run,
    whatever the number of pages, and the share by which the run itself is longer.

    Prefect's server starts within seconds of one time and another, too far apart to be told by a difference of two
    whole processes; so a run counts from its beginning to its end as the database has them.
    """
    under_prefect, by_itself = (_full(outcomes, name) for name in ("ingest under Prefect", "ingest"))
    rounds = list(zip(under_prefect, by_itself, strict=False))
    if not rounds:
        return None
    fixed = [
        one.usage.wall_seconds - one_run - (other.usage.wall_seconds - other_run)
        for (one, one_run), (other, other_run) in rounds
    ]
    return spread(fixed), spread(one_run / other_run - 1 for (_, one_run), (_, other_run) in rounds)


def _full(outcomes: Sequence[Outcome], contender: str) -> list[tuple[Outcome, float]]:
    """A contender's runs of all pages that say how long they took, with that time in seconds."""
    return [
        (one, one.run_seconds)
        for one in outcomes
        if one.contender == contender and one.pages > 1 and one.run_seconds is not None
    ]
