"""What the garbage collector need not look at: a run makes objects by the million, hardly any of them in cycles."""

from __future__ import annotations

import gc

YOUNG = 20_000
"""New objects after which the newest are looked at; Python's own number, 700, comes with every second page."""


def collect_seldom() -> None:
    """Look for garbage at longer intervals."""
    gc.set_threshold(YOUNG, 20, 100)


def spare_what_stands() -> None:
    """Never look again at what start-up has made: modules, models and tables live to the end."""
    collect_seldom()
    gc.freeze()
