"""Runs: begun, kept alive, ended, and found dead."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.redaction import redact_text
from ingest.times import earlier, now

CONTINUED_WITHIN_SECONDS = 86_400
Flow = Literal["scrape", "retry", "reparse"]
Outcome = Literal["completed", "incomplete", "held", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun. chain: its id and those of the interrupted runs that it continues."""

    id: str
    flow: Flow
    source: str
    started_at: str
    chain: tuple[str, ...]


def register_source(db: Database, row: Mapping[str, Any]) -> None:
    """Insert or update a source. Raises IngestError where its origin is another than the data directory's."""
    known = list(db.query("SELECT origin FROM sources WHERE id = ?", [row["id"]]))
    if known and known[0]["origin"] != row["origin"]:
        raise IngestError(
            f"This data directory holds {row['id']} as read from {known[0]['origin']}, and this run would read it "
            f"from {row['origin']}. Name another directory with --data."
        )
    db.table("sources").upsert(dict(row), pk="id")


def begin_run(
    db: Database,
    flow: Flow,
    source: str,
    code_version: str,
    prefect_run_id: str | None,
    parser_version: str | None = None,
) -> Run:
    """Insert a run.

    A scrape continues the last one of its source if that was interrupted within a day, or left URLs to a later run; a
    reparse continues an interrupted one that read with the same parser.
    """
    started_at = now()
    chain: list[str] = []
    if flow != "retry":
        same = None if flow == "scrape" else parser_version
        chain = _interrupted_chain(db, flow, source, earlier(started_at, CONTINUED_WITHIN_SECONDS), same)
    run_id = started_at.replace("-", "").replace(":", "").replace(".", "") + "-" + secrets.token_hex(2)
    db.table("runs").insert(
        {
            "id": run_id,
            "flow": flow,
            "source": source,
            "started_at": started_at,
            "heartbeat_at": started_at,
            "continues": chain[0] if chain else None,
            "parser_version": parser_version,
            "code_version": code_version,
            "prefect_run_id": prefect_run_id,
        }
    )
    return Run(run_id, flow, source, started_at, (run_id, *chain))


def known_origins(db: Database, source: str | None = None) -> dict[str, str]:
    """The sources, or one of them, by name, and where their pages were fetched from.

    Raises IngestError for a source of which there is no page.
    """
    rows = db.query("SELECT id, origin FROM sources WHERE coalesce(id = ?, true) ORDER BY id", [source])
    origins = {row["id"]: row["origin"] for row in rows}
    if source and not origins:
        raise IngestError(f"The archive has no page of {source!r}: `ingest scrape {source}` comes first.")
    return origins


def dead_runs(db: Database, source: str) -> list[str]:
    """The unfinished runs of a source. For the holder of its lease, all of them are dead."""
    return [row["id"] for row in db.query("SELECT id FROM runs WHERE source = ? AND outcome IS NULL", [source])]


def interrupted_flow_runs(db: Database, source: str) -> list[str]:
    """Prefect's ids of the last runs of a source that were interrupted: it may take them for running still."""
    query = """
    SELECT prefect_run_id FROM runs WHERE source = ? AND outcome = 'interrupted' AND prefect_run_id IS NOT NULL
    ORDER BY id DESC LIMIT 20
    """
    return [row["prefect_run_id"] for row in db.query(query, [source])]


def working_flow_runs(db: Database, source: str) -> list[str]:
    """Prefect's ids of the unfinished runs of a source."""
    query = "SELECT prefect_run_id FROM runs WHERE source = ? AND outcome IS NULL AND prefect_run_id IS NOT NULL"
    return [row["prefect_run_id"] for row in db.query(query, [source])]


def later_scrape(db: Database, source: str, moment: str) -> str | None:
    """When the first scrape of a source began, of those that began after a moment and came to their end."""
    query = """
    SELECT min(started_at) AS at FROM runs WHERE source = ? AND flow = 'scrape' AND started_at > ?
    AND outcome IN ('completed', 'incomplete', 'held')
    """
    at: str | None = next(db.query(query, [source, moment]))["at"]
    return at


def close_dead_runs(db: Database, run_ids: list[str]) -> None:
    """End dead runs as interrupted, at their last heartbeat."""
    for run_id in run_ids:
        db.execute(
            "UPDATE runs SET outcome = 'interrupted', finished_at = heartbeat_at, message = ? WHERE id = ?",
            ["The process died; the next run found it.", run_id],
        )


def note_listing(db: Database, run: Run, complete: bool, listed: int) -> None:
    """Keep what the run's listing gave: whether it is complete, and how many incidents it names."""
    db.execute("UPDATE runs SET listing_complete = ?, listed = ? WHERE id = ?", [int(complete), listed, run.id])


def note_deferred(db: Database, run: Run, urls: int) -> None:
    """Keep how many URLs the run leaves to a later one."""
    db.execute("UPDATE runs SET deferred = ? WHERE id = ?", [urls, run.id])


def end_run(db: Database, run: Run, outcome: Outcome, message: str | None = None) -> None:
    """Set the outcome of a run, once."""
    at = now()
    db.execute(
        "UPDATE runs SET outcome = ?, message = ?, finished_at = ?, heartbeat_at = ? WHERE id = ? AND outcome IS NULL",
        [outcome, message and redact_text(message), at, at, run.id],
    )


def _interrupted_chain(db: Database, flow: Flow, source: str, since: str, parser_version: str | None) -> list[str]:
    rows = list(
        db.query(
            "SELECT id, outcome, deferred, continues, parser_version FROM runs "
            "WHERE source = ? AND flow = ? AND heartbeat_at >= ? ORDER BY started_at DESC, id DESC",
            [source, flow, since],
        )
    )
    chain = []
    for row in rows:
        if row["outcome"] != "interrupted" and not row["deferred"]:
            break
        if parser_version not in (None, row["parser_version"]):
            break
        chain.append(row["id"])
        if row["continues"] is None:
            break
    return chain
