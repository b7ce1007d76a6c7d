"""Drift: what pages print that a source's file does not foresee, with the number of URLs that print it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from ingest.extraction import Observation
from ingest.store.runs import Run

Key = tuple[str, str, str]
"""Kind, field and value."""

_PRINTED = "SELECT kind, field, value, url FROM drift_urls WHERE url IN (SELECT value FROM json_each(?))"
_NOTE = """
INSERT INTO drift (source, kind, field, value, pages, example_url, first_seen, last_seen)
VALUES (:source, :kind, :field, :value, 0, :url, :at, :at)
ON CONFLICT (source, kind, field, value) DO UPDATE SET last_seen = excluded.last_seen
"""
_ADD = "INSERT INTO drift_urls (source, kind, field, value, url) VALUES (?, ?, ?, ?, ?)"
_DROP = "DELETE FROM drift_urls WHERE source = ? AND kind = ? AND field = ? AND value = ? AND url = ?"
_COUNT = """
UPDATE drift SET pages = pages + :more, example_url = coalesce(
    (SELECT max(url) FROM drift_urls d WHERE d.source = :source AND d.kind = :kind AND d.field = :field
     AND d.value = :value AND d.url = drift.example_url),
    (SELECT min(url) FROM drift_urls d WHERE d.source = :source AND d.kind = :kind AND d.field = :field
     AND d.value = :value), example_url)
WHERE source = :source AND kind = :kind AND field = :field AND value = :value
"""


def write_observations(db: Database, run: Run, observed: Mapping[str, Iterable[Observation]], at: str) -> None:
    """Bring the drift of URLs to what their pages print now: each observation counts once for a URL, and what a page
    no longer prints does not count for it."""
    rows = db.query(_PRINTED, [json.dumps(list(observed))])
    before = {((row["kind"], row["field"], row["value"]), row["url"]) for row in rows}
    after = {
        ((one.kind, one.field, one.value or ""), url) for url, observations in observed.items() for one in observations
    }
    seen: dict[Key, str] = {}
    for key, url in sorted(after):
        seen.setdefault(key, url)
    db.conn.executemany(_NOTE, [{**_row(run, key), "url": url, "at": at} for key, url in seen.items()])
    new, gone = after - before, before - after
    db.conn.executemany(_ADD, [(run.source, *key, url) for key, url in sorted(new)])
    db.conn.executemany(_DROP, [(run.source, *key, url) for key, url in sorted(gone)])
    more = Counter(key for key, _ in new)
    more.subtract(Counter(key for key, _ in gone))
    db.conn.executemany(_COUNT, [{**_row(run, key), "more": count} for key, count in sorted(more.items())])


def _row(run: Run, key: Key) -> dict[str, str]:
    kind, field, value = key
    return {"source": run.source, "kind": kind, "field": field, "value": value}
