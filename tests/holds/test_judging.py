"""A figure beside its floor in the source's file and its values in recent runs."""

from __future__ import annotations

import pytest

from ingest.drift import Figure, Measure, describe, judge
from ingest.sources import Floors

FLOORS = Floors()


@pytest.mark.parametrize(
    ("value", "of", "recent", "fell"),
    [
        (0.0, 20, [], False),
        (0.0, 20, [1.0], True),
        (0.79, 100, [1.0], True),
        (0.81, 100, [1.0], False),
        (0.0, 2, [1.0], True),
        (0.0, 1, [1.0], False),
        (0.6, 5, [1.0], False),
        (0.4, 5, [1.0], True),
        (0.1, 100, [0.12], False),
        (0.5, 100, [0.5, 0.5, 1.0, 0.5, 1.0], False),
    ],
)
def test_a_share_falls_out_far_below_what_is_usual(value: float, of: int, recent: list[float], fell: bool) -> None:
    assert judge(Figure("fill", "model", value, of), recent, FLOORS).fell is fell


@pytest.mark.parametrize(
    ("measure", "value", "before", "fell"),
    [
        ("incidents", 97, 100, False),
        ("incidents", 69, 100, True),
        ("incidents", 1, 2, False),
        ("listed", 2, 5, True),
        ("listed", 4, 5, False),
        ("listed", 1, 2, True),
    ],
)
def test_a_count_falls_out_below_the_share_of_the_last_ones(
    measure: Measure, value: int, before: int, fell: bool
) -> None:
    assert judge(Figure(measure, "", value, value), [before], FLOORS).fell is fell


@pytest.mark.parametrize(
    ("figure", "floors"),
    [
        (Figure("fill", "model", 0.9, 10), Floors(fill={"model": 0.95})),
        (Figure("known", "severity", 0.9, 10), Floors(known={"severity": 0.95})),
        (Figure("read", "", 0.9, 10), Floors(read=0.95)),
        (Figure("listed", "", 9, 9), Floors(listing_count=10)),
    ],
)
def test_a_floor_of_the_file_holds_at_the_first_run(figure: Figure, floors: Floors) -> None:
    assert judge(figure, [], floors).fell
    assert not judge(figure, [], FLOORS).fell


def test_a_verdict_is_told_with_its_numbers() -> None:
    verdict = judge(Figure("fill", "model", 0.1, 40), [0.95], FLOORS)
    assert describe(verdict) == "10% of the incidents have model, usually 95% (floor 76%)"
