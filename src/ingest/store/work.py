"""The work list: which URLs a source has, which a run has still to do. Rows, never memory."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from ingest.results import WorkItem
from ingest.store.runs import Run
from ingest.times import now

_ITEM = """
SELECT u.url, u.etag, u.last_modified, u.page_sha256, u.parser_version, i.id AS incident_id
FROM urls u LEFT JOIN incidents i ON i.source = u.source AND i.url = u.url
WHERE u.source = :source AND u.kind = 'incident' AND u.url > :after
  AND (u.result_run_id IS NULL OR u.result_run_id NOT IN (SELECT value FROM json_each(:chain)))
"""
_LISTED = _ITEM + " AND u.listed_run_id = :run ORDER BY u.url LIMIT :limit"
_MISSING = (
    _ITEM + " AND u.listed_run_id IS NOT :run AND i.id IS NOT NULL AND i.removed_at IS NULL ORDER BY u.url LIMIT :limit"
)

# The page of an open failure to read one is newer than the page that was last read.
_CURRENT = """
SELECT c.*, (SELECT x.final_url FROM fetches x WHERE x.url = c.url AND x.page_sha256 = c.archived_sha256
             ORDER BY x.started_at DESC LIMIT 1) AS archived_url
FROM (
    SELECT u.url, u.etag, u.last_modified, u.page_sha256, u.parser_version, i.id AS incident_id, i.content_sha256,
           coalesce((SELECT f.page_sha256 FROM failures f
                     WHERE f.url = u.url AND f.resolved_at IS NULL AND f.stage IN ('parse', 'validate')
                     ORDER BY f.failed_at DESC LIMIT 1),
                    CASE WHEN i.removed_at IS NULL AND i.id IS NOT NULL THEN u.page_sha256 END) AS archived_sha256
    FROM urls u LEFT JOIN incidents i ON i.source = u.source AND i.url = u.url
    WHERE u.source = :source AND u.kind = 'incident' AND u.url > :after
      AND (u.reread_run_id IS NULL OR u.reread_run_id NOT IN (SELECT value FROM json_each(:chain)))
    ORDER BY u.url
) c
WHERE c.archived_sha256 IS NOT NULL LIMIT :limit
"""


def note_urls(db: Database, run: Run, kind: str, urls: Iterable[str]) -> None:
    """Put URLs on the work list; known ones are marked as named by this run."""
    at = now()
    db.conn.executemany(
        "INSERT INTO urls (url, source, kind, first_seen, last_seen, listed_run_id) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (url) DO UPDATE SET last_seen = excluded.last_seen, listed_run_id = excluded.listed_run_id, "
        "missing_since = NULL",
        ((url, run.source, kind, at, at, run.id) for url in urls),
    )


def next_listed(db: Database, run: Run, after: str, limit: int) -> list[WorkItem]:
    """The next URLs, in order, that the run's listing names and whose result its chain has not committed."""
    return _items(db, _LISTED, run, after, limit)


def next_missing(db: Database, run: Run, after: str, limit: int) -> list[WorkItem]:
    """The next URLs of incidents that the run's listing does not name."""
    return _items(db, _MISSING, run, after, limit)


def next_current(db: Database, run: Run, after: str, limit: int) -> list[WorkItem]:
    """The next URLs with a page in the archive that the run's chain has not read again: the newest page of each.

    Pages of incidents that were removed are not among them.
    """
    return _items(db, _CURRENT, run, after, limit)


def count_current(db: Database, run: Run) -> int:
    """How many of them there are."""
    return int(db.execute(f"SELECT count(*) FROM ({_CURRENT})", _parameters(run, "", -1)).fetchone()[0])


def count_waiting(db: Database, run: Run) -> int:
    """How many of them have no result yet in the run or the runs that it continues."""
    return int(db.execute(f"SELECT count(*) FROM ({_LISTED})", _parameters(run, "", -1)).fetchone()[0])


def _items(db: Database, query: str, run: Run, after: str, limit: int) -> list[WorkItem]:
    return [WorkItem(**row) for row in db.query(query, _parameters(run, after, limit))]


def _parameters(run: Run, after: str, limit: int) -> dict[str, object]:
    return {"source": run.source, "after": after, "chain": json.dumps(run.chain), "run": run.id, "limit": limit}
