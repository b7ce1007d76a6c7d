"""The guard: a page that would empty a record is evidence of a broken page or parser, and no news. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.changes import Record
from ingest.extraction import DATE_FIELDS, LONG_FIELDS, SLUG_FIELDS, TEXT_FIELDS, YES_NO_FIELDS
from ingest.results import Failed, Step

GUARDED = (
    *("title", "summary", *SLUG_FIELDS, *DATE_FIELDS, *TEXT_FIELDS, *YES_NO_FIELDS, *LONG_FIELDS),
    *("tags", "citations"),
)
"""The fields whose loss counts: `raw` is evidence, and what `extra` holds nobody has foreseen."""
SEVERAL = 2
"""So many fields emptied at once are no edit."""


def find_lost(old: Record, new: Record) -> tuple[str, ...]:
    """The fields that the old record fills and the new one does not."""
    return tuple(name for name in GUARDED if is_filled(old.get(name)) and not is_filled(new.get(name)))


def is_filled(value: Any) -> bool:
    """Whether a value of a record says anything: null, an empty text and an empty list do not; false does."""
    return value is not None and value != "" and value != [] and value != ()


def is_loss(lost: Sequence[str], required: frozenset[str]) -> bool:
    """Whether the loss of these fields is no edit: one that every page fills is among them, or there are several."""
    return len(lost) >= SEVERAL or not required.isdisjoint(lost)


def refuse_loss(stored: Record, steps: Sequence[Step], required: frozenset[str]) -> Failed | None:
    """The refusal of a reading whose last step loses fields of the stored record; None where it may be stored."""
    lost = find_lost(stored, steps[-1].record) if steps else ()
    if not is_loss(lost, required):
        return None
    message = (
        f"The page would empty {', '.join(lost)}, which the stored record fills. Where the page is right, "
        "`ingest accept page URL` says so; else the source's file or the parser is to be mended."
    )
    return Failed("validate", "lost_fields", message, detail={"fields": ", ".join(lost)})


def drop_losses(stored: Record, steps: Sequence[Step], required: frozenset[str]) -> tuple[Step, ...]:
    """The steps without those before the last that lose fields: the present parser can't read that old page."""
    kept: list[Step] = []
    before: Mapping[str, Any] = stored
    for step in steps[:-1]:
        if not is_loss(find_lost(before, step.record), required):
            kept.append(step)
            before = step.record
    return (*kept, *steps[-1:])
