"""What each source's state is, and what of it needs a person. Pure but for what it is handed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.schedules import Schedules
from ingest.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Published:
    """What readers find: the cursor of the published file, and when it was written; None where there is none."""

    cursor: int | None = None
    written_at: str | None = None


def judge(
    rows: Iterable[Mapping[str, Any]], schedules: Schedules, published: Published, moment: datetime
) -> list[dict[str, Any]]:
    """Rows of the store's status with age, next scrape, and `needs`: a sentence for each thing that needs a person."""
    due = schedules.next_scrape(moment)
    overdue = schedules.overdue_before(moment)
    return [
        {
            **row,
            "held": row["held_by"] is not None,
            "age_seconds": _age(row["last_good_at"], moment),
            "next_scrape_at": due and to_text(due),
            "published_cursor": published.cursor,
            "published_at": published.written_at,
            "needs": list(_needs(row, overdue)),
        }
        for row in rows
    ]


def _age(at: str | None, moment: datetime) -> int | None:
    return None if at is None else max(0, int((moment - from_text(at)).total_seconds()))


def _needs(row: Mapping[str, Any], overdue: datetime | None) -> Iterable[str]:
    source = row["source"]
    if row["held_by"]:
        yield f"{source} is held and nothing is published: `ingest drift {source}` says why and what ends it."
    if row["last_outcome"] == "failed":
        yield f"The last run of {source} failed: {row['last_message']}"
    if row["failures_for_a_person"]:
        count = row["failures_for_a_person"]
        many = f"{count} failures of {source} won't pass by themselves"
        one = f"A failure of {source} won't pass by itself"
        yield f"{one if count == 1 else many}: `ingest failures {source}`."
    begun = row["last_good_started_at"] or row["first_started_at"]
    if overdue is not None and begun is not None and from_text(begun) < overdue:
        since = f"since {begun[:16].replace('T', ' ')}" if row["last_good_started_at"] else "ever"
        yield f"{source} does not arrive: no good scrape {since}. `ingest runs {source}` shows what ran."
