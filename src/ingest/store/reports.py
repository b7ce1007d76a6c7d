"""What people and tools ask the database: status, failures, changes, one incident and its history. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.store.holds import holding_runs
from ingest.store.incidents import FLAGS, NESTED
from ingest.times import from_text, to_text

_CHANGE = ("field", "old_value", "new_value")
# A held run is good once a person has accepted it, or a later one.
_STATUS = """
WITH good AS (
    SELECT source, max(started_at) AS started_at, max(finished_at) AS finished_at FROM runs r
    WHERE flow = 'scrape' AND (outcome = 'completed' OR (outcome = 'held' AND EXISTS (
        SELECT 1 FROM acceptances a WHERE a.what = 'run' AND a.source = r.source AND a.run_id >= r.id)))
    GROUP BY source
)
SELECT s.id AS source, r.id AS last_run, r.flow AS last_flow, r.outcome AS last_outcome, r.message AS last_message,
       r.started_at AS last_started_at, good.started_at AS last_good_started_at, good.finished_at AS last_good_at,
       (SELECT min(started_at) FROM runs WHERE source = s.id) AS first_started_at,
       (SELECT count(*) FROM incidents WHERE source = s.id) AS known,
       (SELECT count(*) FROM incidents WHERE source = s.id AND removed_at IS NOT NULL) AS removed,
       (SELECT count(*) FROM open_failures WHERE source = s.id) AS open_failures,
       (SELECT count(*) FROM open_failures WHERE source = s.id AND transient = 0 AND url_kind = 'incident')
           AS failures_for_a_person,
       (SELECT count(*) FROM open_drift WHERE source = s.id) AS open_drift,
       (SELECT coalesce(max(id), 0) FROM incident_versions) AS cursor
FROM sources s
LEFT JOIN good ON good.source = s.id
LEFT JOIN runs r ON r.id = (SELECT id FROM runs WHERE source = s.id ORDER BY id DESC LIMIT 1)
ORDER BY s.id
"""
_CHANGES = """
SELECT v.id AS cursor, v.incident_id, v.version, v.change, v.cause, v.observed_at, c.field, c.old_value, c.new_value
FROM incident_versions v LEFT JOIN incident_changes c ON c.version_id = v.id
WHERE v.id > ? AND coalesce(v.run_id = ?, true) ORDER BY v.id, c.field
"""
_HISTORY = """
SELECT v.id AS cursor, v.version, v.change, v.cause, v.observed_at, v.run_id, v.page_sha256, v.parser_version,
       c.field, c.old_value, c.new_value
FROM incident_versions v LEFT JOIN incident_changes c ON c.version_id = v.id
WHERE v.incident_id = ? ORDER BY v.version, c.field
"""


def status_rows(db: Database) -> list[dict[str, Any]]:
    """A row a source: its last run, its last good scrape, what it holds, what is open, and the run that holds it."""
    held = holding_runs(db)
    rows = list(db.query(_STATUS))
    for row in rows:  # two counts that an index answers
        row["incidents"] = row.pop("known") - row["removed"]
    return [{**row, "held_by": held.get(row["source"])} for row in rows]


def run_row(db: Database, run_id: str) -> dict[str, Any]:
    """A run's row of `run_report`."""
    return next(iter(db.query("SELECT * FROM run_report WHERE id = ?", [run_id])))


def run_rows(db: Database, source: str | None, limit: int) -> list[dict[str, Any]]:
    """The last rows of `run_report`, newest first, of one source or of all."""
    query = "SELECT * FROM run_report WHERE coalesce(source = ?, true) ORDER BY id DESC LIMIT ?"
    return list(db.query(query, [source, limit]))


def most_changed(db: Database) -> str | None:
    """The id of the incident with most versions."""
    return next((row["id"] for row in db.query("SELECT id FROM incidents ORDER BY version DESC, id LIMIT 1")), None)


def drift_rows(db: Database, source: str | None) -> list[dict[str, Any]]:
    """The open drift, of one source or of all; what most pages print comes first."""
    query = "SELECT * FROM open_drift WHERE coalesce(source = ?, true) ORDER BY source, kind, pages DESC, field, value"
    return list(db.query(query, [source]))


def change_rows(db: Database, since: int = 0, run_id: str | None = None) -> Iterator[dict[str, Any]]:
    """A row a changed field, and a row with field null for an incident added, removed or restored; by cursor.

    since: only what came after this cursor; run_id: only what this run has observed.
    """
    for _, group in groupby(db.query(_CHANGES, [since, run_id]), key=lambda row: row["cursor"]):
        rows = list(group)
        if rows[0]["change"] != "changed":
            yield {**rows[0], "field": None, "old_value": None, "new_value": None}
        yield from (_with_json_values(row) for row in rows if row["field"] is not None)


def history_rows(db: Database, incident_id: str) -> list[dict[str, Any]]:
    """A row a version of an incident, oldest first, each with its changes. Raises IngestError for an unknown id."""
    versions = []
    for _, group in groupby(db.query(_HISTORY, [incident_id]), key=lambda row: row["version"]):
        rows = [_with_json_values(row) for row in group]
        changes = [
            {name: row[name] for name in ("field", "old_value", "new_value")}
            for row in rows
            if row["field"] is not None
        ]
        version = {name: value for name, value in rows[0].items() if name not in ("field", "old_value", "new_value")}
        versions.append({**version, "changes": changes})
    if not versions:
        raise _unknown(db, incident_id)
    return versions


def incident_as_of(db: Database, incident_id: str, time: str | None = None) -> dict[str, Any]:
    """The version of an incident that was valid at a time, or is now. A removed incident keeps its last record.

    Raises IngestError for an unknown id, a time that can't be read or one before the incident was known.
    """
    rows = list(db.query("SELECT * FROM incidents_history WHERE incident_id = ? ORDER BY version", [incident_id]))
    if not rows:
        raise _unknown(db, incident_id)
    moment = read_moment(time) if time else None
    valid = [row for row in rows if moment is None or row["valid_from"] <= moment]
    if not valid:
        raise IngestError(f"{incident_id} was not known at {moment}; its first version is of {rows[0]['valid_from']}.")
    row = valid[-1]
    names = ("version", "change", "valid_from", "valid_to")
    return {"id": incident_id, **{name: row[name] for name in names}, "record": json.loads(row["record"])}


def read_moment(time: str) -> str:
    """A time as a person writes it, as the database keeps it. Raises IngestError for what is none."""
    try:
        return to_text(from_text(time))
    except ValueError as error:
        raise IngestError(f"{time!r} is no time. Write it as 2026-03-31 or 2026-03-31T12:00:00Z.") from error


def _with_json_values(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: _json_value(row["field"], row[name]) for name in ("old_value", "new_value")}}


def _json_value(field: str | None, value: Any) -> Any:
    if value is None:
        return None
    if field in NESTED:
        return json.loads(value)
    return bool(value) if field in FLAGS else value


def _unknown(db: Database, incident_id: str) -> IngestError:
    near = db.query("SELECT id FROM incidents WHERE id LIKE '%' || ? || '%' ORDER BY id LIMIT 3", [incident_id])
    hint = ", ".join(row["id"] for row in near)
    return IngestError(f"There is no incident {incident_id}." + (f" Did you mean {hint}?" if hint else ""))
