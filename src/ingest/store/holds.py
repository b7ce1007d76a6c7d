"""Holds: sources whose newest state waits for a person, and is not to be published."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

# A later scrape ends no hold: it was compared with the runs before the one that is held, and may agree with that.
_HOLDING = """
SELECT r.source, max(r.id) AS run_id FROM runs r
WHERE r.outcome = 'held'
  AND NOT EXISTS (SELECT 1 FROM acceptances a WHERE a.what = 'run' AND a.source = r.source AND a.run_id >= r.id)
  AND NOT EXISTS (SELECT 1 FROM runs n
                  WHERE n.source = r.source AND n.flow = 'reparse' AND n.outcome = 'completed' AND n.id > r.id)
GROUP BY r.source ORDER BY r.source
"""
_VERDICTS = f"""
SELECT h.source, f.measure, f.field, f.value, f.total, f.usual, f.floor, f.example_url, f.note, h.run_id
FROM ({_HOLDING}) h JOIN figures f ON f.run_id = h.run_id
WHERE f.fell = 1 AND coalesce(h.source = ?, true) ORDER BY h.source, f.measure, f.field
"""


def holding_runs(db: Database) -> dict[str, str]:
    """The sources that are held, by name, with the last of the runs that hold them.

    A person ends a hold by accepting that run, and a reparse ends it that comes out within the floors.
    """
    return {row["source"]: row["run_id"] for row in db.query(_HOLDING)}


def verdict_rows(db: Database, source: str | None = None) -> list[dict[str, Any]]:
    """The figures that hold a source, of one or of all: what was found, what is usual, and a page to look at."""
    return list(db.query(_VERDICTS, [source]))
