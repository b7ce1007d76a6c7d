"""The requests of a run, a row an attempt."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from ingest.results import AttemptRow
from ingest.store.runs import Run

_FETCH = """
INSERT INTO fetches (run_id, url, attempt, started_at, elapsed_ms, outcome, status, final_url, error, headers,
                     page_sha256)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def write_fetches(db: Database, run: Run, attempts: Iterable[tuple[AttemptRow, str | None]]) -> None:
    """Keep attempts, each with the hash of the body that it gave."""
    rows = [
        (
            run.id,
            attempt.url,
            attempt.attempt,
            attempt.started_at,
            attempt.elapsed_ms,
            attempt.outcome,
            attempt.status,
            attempt.final_url,
            attempt.error,
            attempt.headers,
            sha256,
        )
        for attempt, sha256 in attempts
    ]
    db.conn.executemany(_FETCH, rows)
