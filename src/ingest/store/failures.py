"""Failures: a row a run, URL and stage; resolved when the URL gets past that stage."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from sqlite_utils import Database

from ingest.extraction import Stage
from ingest.results import Failed, WorkItem
from ingest.store.runs import Run

_OPEN = """
WITH latest AS (SELECT max(id) AS id FROM failures WHERE resolved_at IS NULL AND source = :source GROUP BY url)
SELECT u.url, u.etag, u.last_modified, u.page_sha256, u.parser_version, i.id AS incident_id,
       CASE f.stage WHEN 'fetch' THEN NULL ELSE f.page_sha256 END AS archived_sha256,
       (SELECT x.final_url FROM fetches x WHERE x.url = u.url AND x.page_sha256 = f.page_sha256
        ORDER BY x.started_at DESC LIMIT 1) AS archived_url
FROM latest JOIN failures f USING (id) JOIN urls u ON u.url = f.url AND u.kind = 'incident'
LEFT JOIN incidents i ON i.source = u.source AND i.url = u.url
WHERE u.url > :after AND u.result_run_id IS NOT :run
  AND coalesce(f.stage = :stage, true) AND coalesce(f.kind = :kind, true) AND coalesce(f.url = :url, true)
  AND coalesce(f.url GLOB 'http*://' || :host || '/*', true)
ORDER BY u.url LIMIT :limit
"""

Resolution = Literal["read", "fetched", "removed", "dismissed", "accepted"]
ALL_STAGES: tuple[Stage, ...] = ("fetch", "parse", "validate")
READING_STAGES: tuple[Stage, ...] = ("parse", "validate")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open failures are meant; None is any."""

    stage: Stage | None = None
    kind: str | None = None
    url: str | None = None
    host: str | None = None


def next_open(db: Database, run: Run, after: str, limit: int, *, wanted: Wanted) -> list[WorkItem]:
    """The next incident URLs with an open failure that the run has not tried: to fetch, or to read from the archive."""
    parameters = {"source": run.source, "run": run.id, "after": after, "limit": limit, **asdict(wanted)}
    return [WorkItem(**row) for row in db.query(_OPEN, parameters)]


def sources_with_failures(db: Database) -> list[str]:
    """The sources with an open failure, by name."""
    return [row["source"] for row in db.query("SELECT DISTINCT source FROM open_failures ORDER BY source")]


def write_failure(db: Database, run: Run, url: str, failed: Failed, page_sha256: str | None, at: str) -> None:
    """Keep a failure."""
    db.table("failures").upsert(
        {
            "run_id": run.id,
            "url": url,
            "stage": failed.stage,
            "source": run.source,
            "kind": failed.kind,
            "transient": int(failed.transient),
            "message": failed.message,
            "detail": json.dumps(dict(failed.detail), ensure_ascii=False) if failed.detail else None,
            "page_sha256": page_sha256,
            "failed_at": at,
        },
        pk=("run_id", "url", "stage"),
    )


def stages_before(stage: Stage) -> tuple[Stage, ...]:
    """The stages that a URL has passed that fails at this one."""
    return ALL_STAGES[: ALL_STAGES.index(stage)]


def resolve_failures(
    db: Database, url: str, resolution: Resolution, at: str, stages: tuple[Stage, ...] = ALL_STAGES
) -> None:
    """Resolve what is open for a URL at these stages."""
    if stages:
        db.execute(
            "UPDATE failures SET resolved_at = ?, resolution = ? WHERE url = ? AND resolved_at IS NULL "
            "AND stage IN (SELECT value FROM json_each(?))",
            [at, resolution, url, json.dumps(stages)],
        )
