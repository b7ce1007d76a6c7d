"""The operator's work list: the failures that are open, which of them are meant, and one of them in full."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.extraction import Stage
from ingest.results import WorkItem
from ingest.store.runs import Run

MATCHES = """
coalesce(f.source = :source, true) AND coalesce(f.stage = :stage, true) AND coalesce(f.kind = :kind, true)
AND coalesce(f.url = :url, true)
AND coalesce(substr(f.url, instr(f.url, '://') + 3, length(:host) + 1) = lower(:host) || '/', true)
AND (:due_at IS NULL OR (f.transient = 1 AND coalesce(f.next_attempt_at <= :due_at, true)))
"""
"""Whether a row of open_failures, by the name `f`, is one of those that a Wanted means."""

_LATEST = f"SELECT max(f.failure_id) AS id FROM open_failures f WHERE {MATCHES} GROUP BY f.url"
_NEXT = f"""
WITH latest AS ({_LATEST})
SELECT u.url, u.etag, u.last_modified, u.page_sha256, u.parser_version, i.id AS incident_id,
       CASE f.stage WHEN 'fetch' THEN NULL ELSE f.page_sha256 END AS archived_sha256,
       (SELECT x.final_url FROM fetches x WHERE x.url = u.url AND x.page_sha256 = f.page_sha256
        ORDER BY x.started_at DESC LIMIT 1) AS archived_url
FROM latest JOIN failures f USING (id) JOIN urls u ON u.url = f.url AND u.kind = 'incident'
LEFT JOIN incidents i ON i.source = u.source AND i.url = u.url
WHERE u.url > :after AND u.result_run_id IS NOT :run
ORDER BY u.url LIMIT :limit
"""
_COUNTS = f"""
WITH latest AS ({_LATEST})
SELECT f.source, f.url_kind, f.stage, f.kind, count(*) AS urls
FROM latest JOIN open_failures f ON f.failure_id = latest.id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 3, 4
"""
_ROWS = f"SELECT f.* FROM open_failures f WHERE {MATCHES} ORDER BY f.last_failed_at, f.url"
_FETCHES = """
SELECT started_at, outcome, status, elapsed_ms, final_url, error FROM fetches WHERE url = ? ORDER BY id DESC LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open failures are meant; None is any. due_at: those only that are to be tried by themselves by then."""

    source: str | None = None
    stage: Stage | None = None
    kind: str | None = None
    url: str | None = None
    host: str | None = None
    due_at: str | None = None


def parameters(wanted: Wanted) -> dict[str, Any]:
    """What MATCHES is given."""
    return asdict(wanted)


def next_open(db: Database, run: Run, after: str, limit: int, *, wanted: Wanted) -> list[WorkItem]:
    """The next incident URLs with an open failure that the run has not tried: to fetch, or to read from the archive."""
    values = {**parameters(wanted), "source": run.source, "run": run.id, "after": after, "limit": limit}
    return [WorkItem(**row) for row in db.query(_NEXT, values)]


def count_open(db: Database, wanted: Wanted) -> list[dict[str, Any]]:
    """How many URLs have an open failure, by source, url_kind (listing or incident), stage and kind; each URL once,
    by its last failure."""
    return list(db.query(_COUNTS, parameters(wanted)))


def count_failed(db: Database, run_id: str) -> dict[str, int]:
    """What failed in a run: kind -> number of failures, the most frequent first."""
    query = "SELECT kind, count(*) FROM failures WHERE run_id = ? GROUP BY kind ORDER BY 2 DESC, 1"
    return dict(db.execute(query, [run_id]).fetchall())


def run_failures(db: Database, run_id: str) -> list[dict[str, Any]]:
    """The failures of a run, resolved or not, in the order of commits."""
    query = "SELECT stage, kind, url, message, failed_at FROM failures WHERE run_id = ? ORDER BY id"
    return list(db.query(query, [run_id]))


def failure_rows(db: Database, wanted: Wanted) -> list[dict[str, Any]]:
    """The open failures that are meant, newest last."""
    return [_with_detail(row) for row in db.query(_ROWS, parameters(wanted))]


def failure_in_full(db: Database, row: Mapping[str, Any]) -> dict[str, Any]:
    """An open failure with where its page is in the archive, and the last requests for its URL, newest first."""
    pages = db.query("SELECT * FROM pages WHERE sha256 = ?", [row["page_sha256"]])
    return {**row, "page": next(iter(pages), None), "fetches": list(db.query(_FETCHES, [row["url"]]))}


def find_failure(db: Database, failure_id: int) -> tuple[str, Stage]:
    """The URL and the stage of a failure. Raises IngestError where there is none, or none that is open."""
    rows = db.query("SELECT url, stage, resolved_at, resolution, reason FROM failures WHERE id = ?", [failure_id])
    row = next(iter(rows), None)
    if row is None:
        raise IngestError(f"There is no failure {failure_id}. `ingest failures` lists the open ones.")
    again = "SELECT 1 FROM open_failures WHERE url = ? AND stage = ?"
    if row["resolved_at"] and not db.execute(again, [row["url"], row["stage"]]).fetchone():
        why = f": {row['reason']}" if row["reason"] else ""
        raise IngestError(
            f"Failure {failure_id} ({row['url']}) is not open: {row['resolution']} at {row['resolved_at']}{why}."
        )
    return row["url"], row["stage"]


def require_source(db: Database, name: str) -> None:
    """Raise IngestError for a source of which the database has nothing."""
    known = [row["id"] for row in db.query("SELECT id FROM sources ORDER BY id")]
    if name not in known:
        raise IngestError(f"This database has nothing of {name!r}; it has: {', '.join(known) or 'nothing yet'}.")


def _with_detail(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "detail": json.loads(row["detail"]) if row["detail"] else None}
