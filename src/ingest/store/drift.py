"""Drift: what pages print that a source's file does not foresee, with the number of URLs that print it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from ingest.extraction import Observation
from ingest.store.runs import Run

_NOTE = """
INSERT INTO drift (source, kind, field, value, pages, example_url, first_seen, last_seen)
VALUES (:source, :kind, :field, :value, 0, :url, :at, :at)
ON CONFLICT (source, kind, field, value) DO UPDATE SET last_seen = excluded.last_seen
"""
_NOTE_URL = """
INSERT INTO drift_urls (source, kind, field, value, url) VALUES (:source, :kind, :field, :value, :url)
ON CONFLICT DO NOTHING
"""
_COUNT = """
UPDATE drift SET pages = pages + 1
WHERE source = :source AND kind = :kind AND field = :field AND value = :value
"""


def write_observations(db: Database, run: Run, url: str, observations: Iterable[Observation], at: str) -> None:
    """Count each observation once for the URL."""
    for one in observations:
        row = {"source": run.source, "kind": one.kind, "field": one.field, "value": one.value or "", "url": url}
        db.execute(_NOTE, {**row, "at": at})
        if db.execute(_NOTE_URL, row).rowcount == 1:
            db.execute(_COUNT, row)
