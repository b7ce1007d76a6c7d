"""What leaves the database whole: the records as of a time, and versions as a feed tells them. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from ingest.store.reports import change_rows, read_moment

# The plus sign makes SQLite go through the versions in the order of their index instead of sorting whole records.
_RECORDS = """
SELECT v.incident_id AS id, i.url, v.version, v.change, v.observed_at AS valid_from,
       (SELECT n.observed_at FROM incident_versions n WHERE n.incident_id = v.incident_id AND n.version = v.version + 1)
       AS valid_to, v.record
FROM incident_versions v JOIN incidents i ON i.id = v.incident_id
WHERE +v.id IN (
    SELECT max(id) FROM incident_versions
    WHERE id <= (SELECT coalesce(max(id), 0) FROM incident_versions WHERE observed_at <= coalesce(:moment, observed_at))
    GROUP BY incident_id
) AND (:removed OR v.change <> 'removed')
ORDER BY v.incident_id, v.version
"""
_VERSIONS = """
SELECT v.id AS cursor, v.record ->> 'title' AS title, v.record ->> 'summary' AS summary, i.url, s.licence, s.attribution
FROM incident_versions v JOIN incidents i ON i.id = v.incident_id JOIN sources s ON s.id = i.source
WHERE v.id > ? ORDER BY v.id
"""


def record_rows(db: Database, time: str | None = None, *, removed: bool = False) -> Iterator[dict[str, Any]]:
    """A row an incident as it was valid at a time, or is now, by id; those that were removed then only on request.

    A time means what it means for `incident_as_of`: valid_from <= T < valid_to. Raises IngestError for a time that
    can't be read.
    """
    wanted = {"moment": read_moment(time) if time else None, "removed": removed}
    return ({**row, "record": json.loads(row["record"])} for row in db.query(_RECORDS, wanted))


def version_rows(db: Database, since: int) -> Iterator[dict[str, Any]]:
    """A row a version after a cursor, oldest first: its title and summary, its page, its rights, its changed fields."""
    groups = groupby(change_rows(db, since), key=lambda row: row["cursor"])
    for version, (_, group) in zip(db.query(_VERSIONS, [since]), groups, strict=True):
        rows = list(group)
        changes = [
            {name: row[name] for name in ("field", "old_value", "new_value")}
            for row in rows
            if row["field"] is not None
        ]
        head = {name: rows[0][name] for name in ("incident_id", "version", "change", "cause", "observed_at")}
        yield {**version, **head, "changes": changes}


def last_version(db: Database) -> tuple[int, str | None]:
    """The cursor as it stands, and when it last moved; 0 and None where there is no version."""
    row = db.execute("SELECT id, observed_at FROM incident_versions ORDER BY id DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, None)
