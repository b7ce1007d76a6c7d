"""A host's turns in a file: one at a time, whoever takes them and whoever dies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetch.turns import SharedTurns

DELAY = 1000.0


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SharedTurns, SharedTurns]]:
    one, other = SharedTurns(tmp_path, "[::1]:8080"), SharedTurns(tmp_path, "[::1]:8080")
    yield one, other
    one.close()
    other.close()


def test_the_first_turn_is_free(two: tuple[SharedTurns, SharedTurns]) -> None:
    assert two[0].take(DELAY) == 0


def test_while_a_request_is_being_written_others_ask_again_soon(two: tuple[SharedTurns, SharedTurns]) -> None:
    one, other = two
    one.take(DELAY)
    assert 0 < other.take(0.001) < 1


def test_once_it_is_written_others_wait_for_the_delay_from_then(two: tuple[SharedTurns, SharedTurns]) -> None:
    one, other = two
    one.take(DELAY)
    one.give_back(1.0)
    assert DELAY < other.take(DELAY) <= DELAY + 1
    assert DELAY < one.take(DELAY) <= DELAY + 1


def test_an_answer_brings_the_next_turn_forward(two: tuple[SharedTurns, SharedTurns]) -> None:
    one, other = two
    one.take(DELAY)
    one.give_back(1.0)
    one.bring_forward(400.0)
    assert DELAY - 500 < other.take(DELAY) <= DELAY - 400


def test_an_answer_says_nothing_once_another_has_had_a_turn(two: tuple[SharedTurns, SharedTurns]) -> None:
    one, other = two
    one.take(DELAY)
    one.give_back(-2 * DELAY)
    assert other.take(DELAY) == 0
    other.give_back(1.0)
    one.bring_forward(2 * DELAY)
    assert one.take(DELAY) > DELAY - 1


def test_a_turn_whose_holder_dies_counts_as_taken(tmp_path: Path) -> None:
    dead = SharedTurns(tmp_path, "example.org")
    dead.take(DELAY)
    dead.close()
    assert DELAY - 1 < SharedTurns(tmp_path, "example.org").take(DELAY) <= DELAY + 1


@pytest.mark.parametrize("text", ["99999999999.000000", "torn", "-"])
def test_a_time_to_come_or_none_at_all_delays_by_little_more_than_the_delay(tmp_path: Path, text: str) -> None:
    (tmp_path / "example.org").write_text(text)
    assert DELAY - 1 < SharedTurns(tmp_path, "example.org").take(DELAY) <= DELAY + 1


def test_a_later_time_overwrites_an_earlier_one_whole(two: tuple[SharedTurns, SharedTurns]) -> None:
    one, other = two
    one.take(DELAY)
    one.give_back(-time.time() + 5)
    assert other.take(DELAY) == 0


def test_hosts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    one, other = SharedTurns(tmp_path, "a.example"), SharedTurns(tmp_path, "b.example")
    assert (one.take(DELAY), other.take(DELAY)) == (0, 0)
