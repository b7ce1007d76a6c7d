"""What the garbage collector need not look at: a run makes objects by the million, hardly any of them in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 20_000
"""New objects after which the newest are looked at; Python's own number, 700, comes with every second page."""


def collect_seldom() -> None:
    """Look for garbage at longer intervals."""
    gc.set_threshold(YOUNG, 20, 100)


@contextmanager
def sparing_what_stands() -> Iterator[None]:
    """Do not look, in this block, at what stands when it begins: modules, models and tables that live beyond it."""
    usual = gc.get_threshold()
    collect_seldom()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
