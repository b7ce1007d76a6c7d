"""What the benchmarks say of their outcomes is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.figures import Spread, figures, prefect_share, ratios
from benchmarks.meter import Usage
from benchmarks.running import Outcome


def outcome(contender: str, pages: int, wall: float, cpu: float = 1.0, others: float = 0.0) -> Outcome:
    return Outcome(contender, pages, Usage(0, wall, cpu, 0.0, 100.0, 150.0, 1), 0.0, others)


def ran(contender: str, pages: int, wall: float, run: float) -> Outcome:
    return replace(outcome(contender, pages, wall), run_seconds=run)


def rounds(contender: str, startup: float, *walls: float) -> list[Outcome]:
    return [one for wall in walls for one in (outcome(contender, 1, startup), outcome(contender, 101, wall))]


def test_a_rate_is_that_of_the_pages_beyond_start_up() -> None:
    found = figures(rounds("ingest", 2.0, 3.0, 4.0, 2.5), "ingest", "", 2)
    assert found.pages_a_second == Spread(100.0, 50.0, 200.0)
    assert found.startup_seconds.median == 2.0
    assert not found.beyond_startup
    assert figures(rounds("ingest", 2.0, 4.0, 5.0), "ingest", "", 2).beyond_startup


def test_a_ratio_is_taken_within_a_round() -> None:
    # The machine is half as fast in the second round: both are, and the ratio stays.
    both = rounds("ingest", 1.0, 2.0, 3.0) + rounds("Scrapy", 1.0, 5.0, 9.0)
    [found] = ratios(both)
    assert (found.contender, found.beside, found.times) == ("ingest", "Scrapy", Spread(4.0, 4.0, 4.0))


def test_the_share_of_prefect_is_its_seconds_around_a_run_and_what_it_adds_to_the_run() -> None:
    by_itself = [ran("ingest", 101, 12.0, 10.0), ran("ingest", 101, 22.0, 20.0)]
    under_it = [ran("ingest under Prefect", 101, 20.0, 11.0), ran("ingest under Prefect", 101, 32.0, 22.0)]
    start_ups = [ran("ingest", 1, 1.0, 0.5), ran("ingest under Prefect", 1, 99.0, 9.0)]
    found = prefect_share(by_itself + under_it + start_ups)
    assert found is not None
    fixed, beyond = found
    assert fixed == Spread(7.5, 7.0, 8.0)
    assert beyond.median == pytest.approx(0.1)


def test_without_a_run_under_prefect_it_has_no_share() -> None:
    assert prefect_share([ran("ingest", 101, 12.0, 10.0)]) is None


def test_what_others_used_is_a_share_of_all_cores() -> None:
    busy = [outcome("ingest", 1, 1.0), outcome("ingest", 101, 10.0, cpu=6.0, others=5.0)]
    found = figures(busy, "ingest", "", 2)
    assert found.busiest_others == 0.25
    assert found.cpu_ms_a_page.median == pytest.approx(50.0)
