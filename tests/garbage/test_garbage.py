"""The collector leaves alone what stood before a run, and only for its time."""

import gc

import pytest

from ingest.garbage import collect_seldom, sparing_what_stands


@pytest.fixture(autouse=True)
def _usual():
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self):
        self.itself = self


def count_rings() -> int:
    return sum(isinstance(each, Ring) for each in gc.get_objects())


def test_what_stands_is_looked_at_again_after_the_block() -> None:
    Ring()
    with sparing_what_stands():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert count_rings() == 0


def test_what_a_run_leaves_is_collected_within_the_block() -> None:
    with sparing_what_stands():
        Ring()
        gc.collect()
        assert count_rings() == 0


def test_the_intervals_are_as_before_after_the_block_even_when_it_fails() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), sparing_what_stands():
        assert gc.get_threshold()[0] > before[0]
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_the_program_looks_seldom() -> None:
    collect_seldom()
    assert gc.get_threshold()[0] > 10_000
