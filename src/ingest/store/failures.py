"""Failures: a row a run, URL and stage; resolved when the URL gets past that stage, or by a person."""

from __future__ import annotations

import json
from typing import Literal

from sqlite_utils import Database

from ingest.backoff import choose_wait
from ingest.extraction import Stage
from ingest.redaction import redact_text
from ingest.results import Failed
from ingest.store.connection import transaction
from ingest.store.runs import Run
from ingest.store.worklist import MATCHES, Wanted, parameters
from ingest.times import later, now

Resolution = Literal["read", "fetched", "removed", "dismissed", "accepted"]
ALL_STAGES: tuple[Stage, ...] = ("fetch", "parse", "validate")
READING_STAGES: tuple[Stage, ...] = ("parse", "validate")

RESOLVE = """
UPDATE failures SET resolved_at = ?, resolution = ?
WHERE url = ? AND resolved_at IS NULL AND stage IN (SELECT value FROM json_each(?))
"""
"""Resolves what is open for a URL at these stages."""
_DISMISS = f"""
UPDATE failures SET resolved_at = :at, resolution = 'dismissed', reason = :reason
WHERE resolved_at IS NULL AND (url, stage) IN (SELECT f.url, f.stage FROM open_failures f WHERE {MATCHES})
"""


def write_failure(db: Database, run: Run, url: str, failed: Failed, page_sha256: str | None, at: str) -> str | None:
    """Keep a failure. Returns when it is to be tried again by itself; None where it waits for a person."""
    db.table("failures").upsert(
        {
            "run_id": run.id,
            "url": url,
            "stage": failed.stage,
            "source": run.source,
            "kind": failed.kind,
            "transient": int(failed.transient),
            "message": redact_text(failed.message),
            "detail": json.dumps(dict(failed.detail), ensure_ascii=False) if failed.detail else None,
            "page_sha256": page_sha256,
            "failed_at": at,
        },
        pk=("run_id", "url", "stage"),
    )
    if not failed.transient:
        return None
    query = "SELECT count(*) FROM failures WHERE url = ? AND stage = ? AND resolved_at IS NULL"
    attempts = int(db.execute(query, [url, failed.stage]).fetchone()[0])
    return max(later(at, choose_wait(url, attempts)), failed.retry_at or "")


def stages_before(stage: Stage) -> tuple[Stage, ...]:
    """The stages that a URL has passed that fails at this one."""
    return ALL_STAGES[: ALL_STAGES.index(stage)]


def dismiss_failures(db: Database, wanted: Wanted, reason: str) -> None:
    """Take open failures off the work list by a person's word. One that happens again is open again."""
    with transaction(db):
        db.execute(_DISMISS, {**parameters(wanted), "at": now(), "reason": reason})
