"""The published file: what readers need of the database, copied within one read transaction of it.

It holds the incidents, their whole history and what the history refers to. The work list, fetches, failures and drift
stay behind, and so do the columns under PRIVATE: what must not be public must not be in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from ingest.countries import country_codes
from ingest.errors import IngestError
from ingest.store.connection import open_reader

# A run is in the file where the history names it, where another one continues it, and where it is the last of its
# source to end or to complete: that is how fresh the file is.
_RUNS = """
WITH RECURSIVE public(id) AS (
    SELECT run_id FROM live.incident_versions
    UNION SELECT max(id) FROM live.runs WHERE outcome IS NOT NULL GROUP BY source
    UNION SELECT max(id) FROM live.runs WHERE outcome = 'completed' GROUP BY source
    UNION SELECT r.continues FROM live.runs r JOIN public USING (id) WHERE r.continues IS NOT NULL
)
SELECT {columns} FROM live.runs WHERE id IN public ORDER BY id
"""
_ALL = "SELECT {columns} FROM live.{table}"
ROWS = {
    "_sqlite_migrations": _ALL,
    "sources": _ALL,
    "runs": _RUNS,
    "pages": _ALL + " WHERE sha256 IN (SELECT page_sha256 FROM live.incident_versions)",
    "incidents": _ALL + " ORDER BY number",  # so that rowids are the numbers, by which many tools join the search index
    "incident_versions": _ALL + " WHERE id BETWEEN ? AND ? ORDER BY id",
    "incident_changes": _ALL + " ORDER BY version_id, field",
}
"""Each table of the file -> its rows; versions are copied in steps."""
_VERSIONS_A_STEP = 10_000
PRIVATE = {"runs": frozenset({"message", "prefect_run_id"})}
"""Columns that are null in the file: an error's text may name paths and hosts of the operator's machines."""
VIEWS = ("recent_changes", "incident_citations", "incidents_history")

TAGS = """
CREATE TABLE incident_tags ( -- One row a tag of an incident.
    incident_id TEXT NOT NULL REFERENCES incidents(id), -- The incident.
    position INTEGER NOT NULL, -- Its place among the incident's tags, from 0.
    tag TEXT NOT NULL, -- The tag as printed.
    PRIMARY KEY (incident_id, position)
) STRICT, WITHOUT ROWID
"""
_TAG_ROWS = "INSERT INTO main.incident_tags SELECT i.id, t.key, t.value FROM main.incidents i, json_each(i.tags) t"
_TAG_INDEX = "CREATE INDEX main.incident_tags_tag ON incident_tags(tag, incident_id)"
# Made at each publishing and no part of the record: a newer list of countries is no change of an incident.
COUNTRIES = """
CREATE TABLE incident_countries ( -- One row a country that an incident's jurisdiction names.
    incident_id TEXT NOT NULL REFERENCES incidents(id), -- The incident.
    country TEXT NOT NULL, -- Its code of ISO 3166-1, two letters; a jurisdiction that is no country has no row.
    PRIMARY KEY (incident_id, country)
) STRICT, WITHOUT ROWID
"""
_COUNTRY_INDEX = "CREATE INDEX main.incident_countries_country ON incident_countries(country, incident_id)"
# What many readers list and count. A record is 4 kB and its texts stand before removed_at: without these, a chart or a
# facet on 100,000 incidents reads the whole file.
_READING_INDICES = (
    """CREATE INDEX main.incidents_counted
    ON incidents(date_occurred, date_reported, severity, category, ai_provider, removed_at, source, id)""",
    "CREATE INDEX main.incidents_listed ON incidents(date_occurred DESC, id)",
    "CREATE INDEX main.incident_versions_counted ON incident_versions(observed_at, change, cause)",
    "CREATE INDEX main.incident_versions_change ON incident_versions(change)",
)

MANIFEST = """
CREATE TABLE manifest ( -- One row: what the file holds.
    schema_version INTEGER NOT NULL, -- The number of schema steps.
    code_version TEXT NOT NULL, -- The version of ingest that wrote the file.
    written_at TEXT NOT NULL, -- When the file was written.
    cursor INTEGER NOT NULL, -- The id of the last version; 0 where there is none.
    last_change_at TEXT, -- When that version was observed.
    last_run TEXT REFERENCES runs(id), -- The last run that had ended.
    sources INTEGER NOT NULL, -- Number of sources.
    incidents INTEGER NOT NULL, -- Number of incidents that are not removed.
    removed INTEGER NOT NULL, -- Number of incidents that are removed.
    versions INTEGER NOT NULL, -- Number of versions.
    changes INTEGER NOT NULL -- Number of changed fields.
) STRICT
"""
_STATE = """
SELECT (SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'ingest') AS schema_version,
       (SELECT coalesce(max(id), 0) FROM incident_versions) AS cursor,
       (SELECT observed_at FROM incident_versions ORDER BY id DESC LIMIT 1) AS last_change_at,
       (SELECT max(id) FROM runs WHERE outcome IS NOT NULL) AS last_run,
       (SELECT count(*) FROM sources) AS sources,
       (SELECT count(*) FROM incidents WHERE removed_at IS NULL) AS incidents,
       (SELECT count(*) FROM incidents WHERE removed_at IS NOT NULL) AS removed,
       (SELECT count(*) FROM incident_versions) AS versions,
       (SELECT count(*) FROM incident_changes) AS changes
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a published file holds: the row of its table `manifest`."""

    schema_version: int
    code_version: str
    written_at: str
    cursor: int
    last_change_at: str | None
    last_run: str | None
    sources: int
    incidents: int
    removed: int
    versions: int
    changes: int


@contextmanager
def open_copy(database: Path, target: Path) -> Iterator[Database]:
    """An empty database file at `target`, and the database beside it for one read transaction.

    Until `fill_copy` runs, every name means a table of the database. Who opens it removes a file that is not wanted.
    Raises IngestError where the database can't be read or the file can't be written.
    """
    open_reader(database).close()  # it says why a database can't be used
    target.unlink(missing_ok=True)
    with _converting_errors(target):
        db = _connect(target.resolve().as_uri())
        try:
            # Nobody sees the file before it is whole and synced: a journal would only cost time.
            db.execute("PRAGMA main.journal_mode = OFF")
            db.execute("PRAGMA main.synchronous = OFF")
            db.execute("ATTACH ? AS live", [database.resolve().as_uri() + "?mode=ro"])
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()


def read_state(db: Database, code_version: str, written_at: str) -> Manifest:
    """The manifest that a copy of the database has, as it stands."""
    return Manifest(code_version=code_version, written_at=written_at, **next(iter(db.query(_STATE))))


def is_earlier_state(db: Database, published: Manifest) -> bool:
    """Whether the published history is the beginning of this database's."""
    if published.cursor == 0:
        return True
    rows = db.query("SELECT observed_at FROM incident_versions WHERE id = ?", [published.cursor])
    return [row["observed_at"] for row in rows] == [published.last_change_at]


def fill_copy(db: Database, manifest: Manifest, report_done: Callable[[int], None] = lambda versions: None) -> None:
    """Write the published tables, indices, views and search index into an open copy.

    report_done is told how many versions have been copied further. Raises IngestError where rows refer to rows that
    the database does not have.
    """
    define_tables(db)
    for table, rows in ROWS.items():
        insert = f"INSERT INTO main.{table} {rows.format(columns=_public_columns(db, table), table=table)}"
        if table == "incident_versions":
            for first in range(1, manifest.cursor + 1, _VERSIONS_A_STEP):
                db.execute(insert, [first, first + _VERSIONS_A_STEP - 1])
                report_done(min(_VERSIONS_A_STEP, manifest.cursor + 1 - first))
        else:
            db.execute(insert)
    finish_copy(db, manifest)


def define_tables(db: Database) -> None:
    """Make the tables of a published file in an open copy, as the database beside it has them; all are empty."""
    for table in ROWS:
        db.execute(_definition(db, table))


def finish_copy(db: Database, manifest: Manifest) -> None:
    """Make what follows from the rows of an open copy: tags, countries, manifest, indices, search index and views.

    Raises IngestError where rows refer to absent ones.
    """
    for statement in (TAGS, _TAG_ROWS, _TAG_INDEX, COUNTRIES, _COUNTRY_INDEX, MANIFEST):
        db.execute(statement)
    _add_countries(db)
    values = asdict(manifest)
    db.execute(f"INSERT INTO main.manifest VALUES ({', '.join('?' * len(values))})", list(values.values()))
    for statement in _READING_INDICES:
        db.execute(statement)
    _add_indices(db)
    _add_search(db)
    for view in VIEWS:
        db.execute(_definition(db, view))
    if broken := db.execute("PRAGMA main.foreign_key_check").fetchone():
        raise IngestError(
            f"The database has rows of {broken[0]} that refer to absent rows of {broken[2]}, so nothing is published. "
            "`ingest check` says what is damaged."
        )


def read_manifest(path: Path) -> Manifest | None:
    """The manifest of a published file; None where there is no file, or none that can be read."""
    if not path.exists():
        return None
    columns = ", ".join(field.name for field in fields(Manifest))
    db = open_published(path)
    try:
        rows: list[dict[str, Any]] = list(db.query(f"SELECT {columns} FROM manifest"))
    except sqlite3.DatabaseError:
        return None
    finally:
        db.close()
    return Manifest(**rows[0]) if len(rows) == 1 else None


def open_published(path: Path) -> Database:
    """A published file, read only."""
    return _connect(path.resolve().as_uri() + "?mode=ro")


def _connect(uri: str) -> Database:
    return Database(sqlite3.connect(uri, uri=True, isolation_level=None), execute_plugins=False)


def _public_columns(db: Database, table: str) -> str:
    private = PRIVATE.get(table, frozenset())
    names = [row["name"] for row in db.query("SELECT name FROM pragma_table_info(?, 'live')", [table])]
    return ", ".join("NULL" if name in private else f'"{name}"' for name in names)


def _definition(db: Database, name: str) -> str:
    return str(db.execute("SELECT sql FROM live.sqlite_schema WHERE name = ?", [name]).fetchone()[0])


def _add_countries(db: Database) -> None:
    printed = db.execute("SELECT id, jurisdiction FROM main.incidents WHERE jurisdiction IS NOT NULL").fetchall()
    rows = [(incident_id, code) for incident_id, jurisdiction in printed for code in country_codes(jurisdiction)]
    db.conn.executemany("INSERT INTO main.incident_countries VALUES (?, ?)", rows)


def _add_indices(db: Database) -> None:
    """The indices that the database has further; made after the rows, they are packed and quick to make."""
    rows = db.query(
        "SELECT tbl_name, sql FROM live.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
        "AND name NOT IN (SELECT name FROM main.sqlite_schema)"
    )
    for row in list(rows):
        if row["tbl_name"] in ROWS:
            db.execute(row["sql"])


def _add_search(db: Database) -> None:
    db.execute(_definition(db, "incidents_fts"))
    for command in ("rebuild", "optimize"):
        db.execute("INSERT INTO incidents_fts(incidents_fts) VALUES (?)", [command])


@contextmanager
def _converting_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise IngestError(f"{target.parent} was not written to: {error}. What was published before stays.") from error
