"""Several published files in one: rows of all parts, cursors given anew, and those given before kept for ever."""

from __future__ import annotations

import heapq
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from ingest.errors import IngestError
from ingest.store.connection import is_published, open_reader
from ingest.store.snapshot import ROWS, Manifest, define_tables, finish_copy, open_published, read_manifest, read_state

PARTS = """
CREATE TABLE parts ( -- One row a published file that this one joins.
    number INTEGER PRIMARY KEY, -- Its place among the parts, from 1.
    name TEXT NOT NULL, -- The name of its data directory.
    sources TEXT NOT NULL CHECK (json_valid(sources)), -- JSON list of its sources; no other part has them.
    cursor INTEGER NOT NULL, -- Its own cursor: its versions up to this one are in this file.
    last_change_at TEXT, -- When that version was observed.
    written_at TEXT NOT NULL -- When the part was written.
) STRICT
"""
_VERSIONS_OF = """
SELECT v.id, v.incident_id, v.version FROM incident_versions v JOIN incidents i ON i.id = v.incident_id
WHERE i.source IN (SELECT value FROM json_each(?)) ORDER BY v.id
"""
_STEP = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A published file as the merged one names it: a row of `parts`."""

    name: str
    sources: tuple[str, ...]
    cursor: int
    last_change_at: str | None
    written_at: str


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part within one read transaction: what is published meanwhile does not touch it."""

    path: Path
    part: Part
    db: Database


@contextmanager
def open_part(path: Path, name: str) -> Iterator[OpenPart]:
    """A published file to be joined. Raises IngestError where it is none, of another schema, or merged itself."""
    if not path.exists():
        raise IngestError(f"There is no published file at {path}. `ingest publish` with that --data writes it.")
    open_reader(path).close()  # it says why a file can't be used, and of which schema it is
    db = open_published(path)
    try:
        db.execute("BEGIN")
        if not is_published(db):
            raise IngestError(f"{path} is no published file: it has no manifest. `ingest publish` writes one.")
        if db.table("parts").exists():
            raise IngestError(f"{path} is merged already. Name the data directories that it was merged from.")
        state = next(iter(db.query("SELECT cursor, last_change_at, written_at FROM manifest")))
        sources = tuple(row["id"] for row in db.query("SELECT id FROM sources ORDER BY id"))
        yield OpenPart(path, Part(name, sources, **state), db)
    except sqlite3.DatabaseError as error:
        raise IngestError(f"{path} can't be read: {error}.") from error
    finally:
        db.close()


def read_parts(path: Path) -> tuple[Part, ...] | None:
    """The parts of a merged file; None where there is no file. Raises IngestError for any other file."""
    if not path.exists():
        return None
    if read_manifest(path) is None:
        raise IngestError(f"{path} is in the way and no published file. Move it away, or name another --out.")
    db = open_published(path)
    try:
        if not db.table("parts").exists():
            raise IngestError(f"{path} is published from a database, and stays so. Name another folder with --out.")
        rows = db.query("SELECT name, sources, cursor, last_change_at, written_at FROM parts ORDER BY number")
        return tuple(Part(**{**row, "sources": tuple(json.loads(row["sources"]))}) for row in rows)
    finally:
        db.close()


def fill_joined(
    db: Database,
    parts: Sequence[OpenPart],
    before: Path | None,
    describe: Callable[[Database], Manifest],
    report_done: Callable[[int], None] = lambda versions: None,
) -> Manifest:
    """Write the rows of all parts into an open copy, then what every published file has besides.

    before: the merged file that this one follows. describe: the manifest of what stands in the copy by then.
    report_done is told how many versions have been copied further. Raises IngestError where a part is not a later state
    of what was merged.
    """
    _refuse_other_schemas(parts)
    define_tables(db)
    previous = open_published(before) if before else None
    try:
        ids = _assign_ids(parts, previous)
        _copy(db, "_sqlite_migrations", _rows(parts[0], "_sqlite_migrations"))
        for table in ("sources", "runs", "pages"):
            for part in parts:
                _copy(db, table, _rows(part, table))
        _copy_incidents(db, parts, previous)
    finally:
        if previous:
            previous.close()
    _copy(db, "incident_versions", _counted(_by_id(parts, "incident_versions", "id", ids), report_done))
    _copy(db, "incident_changes", _by_id(parts, "incident_changes", "version_id, field", ids))
    manifest = describe(db)
    db.execute(PARTS)
    for number, part in enumerate(parts, start=1):
        row = {"number": number, **asdict(part.part), "sources": json.dumps(part.part.sources)}
        db.execute(f"INSERT INTO main.parts VALUES ({_marks(row)})", list(row.values()))
    finish_copy(db, manifest)
    return manifest


def describe_joined(code_version: str, written_at: str) -> Callable[[Database], Manifest]:
    """The manifest of a joined copy, once its rows are there."""
    return lambda db: read_state(db, code_version, written_at)


def _refuse_other_schemas(parts: Sequence[OpenPart]) -> None:
    """Rows are copied column by column, so every part must have the same tables."""
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL ORDER BY name"
    first, *others = parts
    tables = first.db.execute(query).fetchall()
    for part in others:
        if part.db.execute(query).fetchall() != tables:
            raise IngestError(
                f"{part.path} has another schema than {first.path}. Publish both with the same version of ingest."
            )


def _assign_ids(parts: Sequence[OpenPart], previous: Database | None) -> list[array[int]]:
    """For each part the merged id of its versions, in their order.

    What was merged before keeps its id. What is new follows, by the time at which it was observed; within a part, whose
    times never decrease, the order stays.
    """
    ids = [array("q", _kept_ids(part, previous)) for part in parts]
    last = max((kept[-1] for kept in ids if kept), default=0)
    fresh = heapq.merge(*(_new_versions(part, number, len(ids[number])) for number, part in enumerate(parts)))
    for merged_id, (_, number, _) in enumerate(fresh, start=last + 1):
        ids[number].append(merged_id)
    return ids


def _kept_ids(part: OpenPart, previous: Database | None) -> Iterator[int]:
    if previous is None:
        return
    own = part.db.execute("SELECT incident_id, version FROM incident_versions ORDER BY id")
    for merged_id, *version in previous.execute(_VERSIONS_OF, [json.dumps(part.part.sources)]):
        if own.fetchone() != tuple(version):
            raise IngestError(
                f"{part.path} is not a later state of what was merged: {version[0]}, version {version[1]}, does not "
                "stand in its place, and readers would miss or repeat changes. Publish it from the same data "
                "directory as before, or move the merged file away to begin anew."
            )
        yield merged_id


def _new_versions(part: OpenPart, number: int, known: int) -> Iterator[tuple[str, int, int]]:
    """(observed_at, the part's number, its own id) of what has not been merged yet."""
    for own_id, at in part.db.execute(
        "SELECT id, observed_at FROM incident_versions ORDER BY id LIMIT -1 OFFSET ?", [known]
    ):
        yield at, number, own_id


def _copy_incidents(db: Database, parts: Sequence[OpenPart], previous: Database | None) -> None:
    """Incidents keep their number; it is their rowid too, as in every published file."""
    highest = previous.execute("SELECT coalesce(max(number), 0) FROM incidents").fetchone()[0] if previous else 0
    for part in parts:
        for row in part.db.query("SELECT * FROM incidents ORDER BY number"):
            found = previous and previous.execute("SELECT number FROM incidents WHERE id = ?", [row["id"]]).fetchone()
            highest += not found
            row["number"] = number = found[0] if found else highest
            columns = ", ".join(row)
            db.execute(
                f"INSERT INTO main.incidents (rowid, {columns}) VALUES (?, {_marks(row)})", [number, *row.values()]
            )


def _by_id(parts: Sequence[OpenPart], table: str, order: str, ids: Sequence[array[int]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of their merged version ids; the version's id is its first column."""

    def renumbered(part: OpenPart, own: array[int]) -> Iterator[tuple[Any, ...]]:
        for version_id, *row in part.db.execute(f"SELECT * FROM {table} ORDER BY {order}"):
            yield own[version_id - 1], *row

    return heapq.merge(*(renumbered(part, own) for part, own in zip(parts, ids, strict=True)), key=itemgetter(0))


def _rows(part: OpenPart, table: str) -> Iterator[tuple[Any, ...]]:
    assert table in ROWS
    yield from part.db.execute(f"SELECT * FROM {table} ORDER BY 1")


def _copy(db: Database, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows; a page that two parts have is there once."""
    count = db.execute("SELECT count(*) FROM pragma_table_info(?, 'main')", [table]).fetchone()[0]
    conflict = "OR IGNORE " if table == "pages" else ""
    db.conn.executemany(f"INSERT {conflict}INTO main.{table} VALUES ({_marks(range(count))})", rows)


def _counted(rows: Iterable[tuple[Any, ...]], report_done: Callable[[int], None]) -> Iterator[tuple[Any, ...]]:
    number = 0
    for number, row in enumerate(rows, start=1):
        if number % _STEP == 0:
            report_done(_STEP)
        yield row
    report_done(number % _STEP)


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
