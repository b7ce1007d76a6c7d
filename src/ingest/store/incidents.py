"""Incidents, their numbered versions and their field changes. Nothing is written where nothing changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import orjson
from sqlite_utils import Database

from ingest.changes import FieldChange, content_sha256, diff, settle, to_json
from ingest.results import Cause, Read, Step
from ingest.store.runs import Run

Change = Literal["added", "changed", "removed", "restored"]
NESTED = ("tags", "citations", "raw", "extra")
FLAGS = ("human_review", "litigation_filed")
_NOT_FIELDS = frozenset("id number source url content_sha256 version first_seen changed_at removed_at moved_to".split())
_VERSION = (
    *("id", "incident_id", "version", "change", "cause", "run_id", "observed_at", "page_sha256", "parser_version"),
    *("content_sha256", "record"),
)


def _insert(table: str, columns: Iterable[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


_ADD_VERSION = _insert("incident_versions", _VERSION)
_ADD_CHANGE = _insert("incident_changes", ("version_id", "field", "old_value", "new_value"))
_ENCODER = json.JSONEncoder(ensure_ascii=False)


@lru_cache(maxsize=16)  # the rows of a run have one shape or two
def _put_incident(columns: tuple[str, ...]) -> str:
    """Every column of a row: a field that has none in the table is an error."""
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"{_insert('incidents', columns)} ON CONFLICT (id) DO UPDATE SET {updates}"


@dataclass(frozen=True, slots=True)
class Event:
    """Why a version is written; page_sha256 is None where no page was read, as for a removal."""

    change: Change
    cause: Cause
    page_sha256: str | None
    changes: tuple[FieldChange, ...] = ()


@dataclass(slots=True)
class Journal:
    """The incidents that one transaction touches: their rows as they stand, and what is to be written."""

    run: Run
    parser_version: str
    observed_at: str
    rows: dict[str, dict[str, Any]]
    next_number: int
    next_version_id: int
    touched: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


def open_journal(db: Database, run: Run, parser_version: str, ids: list[str], at: str) -> Journal:
    """Load the rows of these incidents within a write transaction; cursors are taken from it without gaps."""
    rows = db.query("SELECT * FROM incidents WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])
    last_id, last_at = db.execute(
        "SELECT (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'incident_versions'), "
        "(SELECT observed_at FROM incident_versions ORDER BY id DESC LIMIT 1)"
    ).fetchone()
    number = db.execute("SELECT coalesce(max(number), 0) FROM incidents").fetchone()[0]
    return Journal(
        run, parser_version, max(at, last_at or at), {row["id"]: row for row in rows}, number + 1, last_id + 1
    )


def note_reading(journal: Journal, read: Read) -> Change | None:
    """Bring an incident to the last of the reading's steps. Returns the last change made, None where there was none."""
    last: Change | None = None
    for step in read.steps:
        last = _note_step(journal, read, step) or last
    return last


def note_removal(journal: Journal, incident_id: str, moved_to: str | None = None) -> Change | None:
    """Set the tombstone of an incident; None where it has one or was never there."""
    row = journal.rows.get(incident_id)
    if row is None or row["removed_at"] is not None:
        return None
    tombstone = {**row, "removed_at": journal.observed_at, "moved_to": moved_to}
    _add_version(journal, tombstone, record_of_row(row), Event("removed", "site", None))
    return "removed"


def stored_record(journal: Journal, incident_id: str) -> dict[str, Any] | None:
    """The record of an incident as it stands, removed or not; None for a new one."""
    row = journal.rows.get(incident_id)
    return None if row is None else record_of_row(row)


def write_journal(db: Database, journal: Journal) -> None:
    """Write what the journal holds; the caller's transaction makes it one."""
    if not journal.versions:
        return
    for row in journal.touched.values():
        db.conn.execute(_put_incident(tuple(row)), row)
    db.conn.executemany(_ADD_VERSION, journal.versions)
    db.conn.executemany(_ADD_CHANGE, journal.changes)


def record_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record that a row of `incidents` holds, as JSON values."""
    record = {name: value for name, value in row.items() if name not in _NOT_FIELDS}
    for name in NESTED:
        record[name] = orjson.loads(record[name])
    for name in FLAGS:
        record[name] = None if record[name] is None else bool(record[name])
    return record


def _note_step(journal: Journal, read: Read, step: Step) -> Change | None:
    row = journal.rows.get(read.incident_id)
    change: Change
    changes: tuple[FieldChange, ...] = ()
    if row is None:
        change, record = "added", dict(step.record)
        row = _blank_row(journal, read.incident_id)
    else:
        stored = record_of_row(row)
        change, record, changes = "changed", settle(stored, step.record), diff(stored, step.record)
        if row["removed_at"] is not None:
            change = "restored"
        elif not changes:
            return None
    columns = {name: _column(value) for name, value in record.items()}
    row = {**row, **columns, "url": read.incident_url, "removed_at": None, "moved_to": None}
    row["content_sha256"] = content_sha256(record)
    _add_version(journal, row, record, Event(change, step.cause, step.page_sha256, changes))
    return change


def _blank_row(journal: Journal, incident_id: str) -> dict[str, Any]:
    number = journal.next_number
    journal.next_number += 1
    source, at = journal.run.source, journal.observed_at
    return {"id": incident_id, "number": number, "source": source, "version": 0, "first_seen": at, "removed_at": None}


def _add_version(journal: Journal, row: dict[str, Any], record: Mapping[str, Any], event: Event) -> None:
    row["version"] += 1
    row["changed_at"] = journal.observed_at
    journal.rows[row["id"]] = journal.touched[row["id"]] = row
    version_id = journal.next_version_id
    journal.next_version_id += 1
    journal.versions.append(
        {
            "id": version_id,
            "incident_id": row["id"],
            "version": row["version"],
            "change": event.change,
            "cause": event.cause,
            "run_id": journal.run.id,
            "observed_at": journal.observed_at,
            "page_sha256": event.page_sha256,
            "parser_version": journal.parser_version,
            "content_sha256": row["content_sha256"],
            "record": to_json(record),
        }
    )
    journal.changes.extend(
        {"version_id": version_id, "field": one.field, "old_value": _column(one.old), "new_value": _column(one.new)}
        for one in event.changes
    )


def _column(value: Any) -> str | int | float | None:
    """A JSON value as SQLite keeps it: null, text, 0 or 1, JSON text for lists and objects."""
    if isinstance(value, (list, dict)):
        return _ENCODER.encode(value)
    return int(value) if isinstance(value, bool) else value
