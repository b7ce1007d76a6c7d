"""What `ingest check` asks the database. All of it is to be called under `converting_errors`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from ingest.store.connection import BUSY_SECONDS, transaction
from ingest.store.migrations import migrations

_HISTORY = {
    "incidents differ from their last version": """
        SELECT i.id AS example FROM incidents i LEFT JOIN incident_versions v
        ON v.incident_id = i.id AND v.version = i.version
        WHERE v.content_sha256 IS NOT i.content_sha256 OR v.observed_at IS NOT i.changed_at
           OR (v.change = 'removed') IS NOT (i.removed_at IS NOT NULL)""",
    "incidents have versions that are not numbered from 1 without gaps": """
        SELECT incident_id AS example FROM incident_versions
        GROUP BY incident_id HAVING min(version) <> 1 OR max(version) <> count(*)""",
    "cursors are missing, or their times decrease": """
        SELECT id AS example FROM (SELECT id, observed_at, lag(id, 1, 0) OVER w AS last_id,
                                          lag(observed_at, 1, '') OVER w AS last_at
                                   FROM incident_versions WINDOW w AS (ORDER BY id))
        WHERE id <> last_id + 1 OR observed_at < last_at""",
}
_TERMS = """
SELECT s.id, s.licence, s.terms_url, s.attribution,
       (SELECT count(DISTINCT f.url) FROM open_failures f
        WHERE f.source = s.id AND f.kind IN ('robots_disallowed', 'robots_unreachable')) AS kept_out
FROM sources s ORDER BY s.id
"""
_GROWING = ("pages", "fetches", "failures", "runs", "incident_versions", "incident_changes", "drift_urls")


class DamageError(Exception):
    """The database can't be read, in SQLite's words."""


class BusyError(Exception):
    """Another process kept writing for as long as was waited."""


@contextmanager
def open_unchecked(path: Path, *, write: bool = False) -> Iterator[Database]:
    """The database as it is, of whatever schema, without creating or migrating anything."""
    uri = f"{path.resolve().as_uri()}?mode={'rw' if write else 'ro'}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    db = Database(connection, execute_plugins=False)
    try:
        yield db
    finally:
        db.close()


def schema_steps(db: Database) -> tuple[list[str], list[str]]:
    """The steps that the database lacks, and those that this program does not know."""
    own = [step.name for step in migrations.pending(Database(memory=True))]
    applied = [step.name for step in migrations.applied(db)]
    return [name for name in own if name not in applied], [name for name in applied if name not in own]


def file_journal_mode(db: Database) -> str:
    """The journal mode that the file is in."""
    return str(db.execute("PRAGMA journal_mode").fetchone()[0])


def storage_faults(db: Database, *, quick: bool) -> list[str]:
    """What SQLite finds wrong in the file; the quick way leaves indices out."""
    rows = db.execute(f"PRAGMA {'quick_check' if quick else 'integrity_check'}(20)").fetchall()
    return [text for (text,) in rows if text != "ok"]


def foreign_key_faults(db: Database) -> list[dict[str, Any]]:
    """Rows that refer to absent ones: how many, by table and table referred to."""
    query = 'SELECT "table", parent, count(*) AS rows FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2'
    return list(db.query(query))


def history_faults(db: Database) -> list[tuple[str, int, object]]:
    """Where incidents and versions contradict each other: what, how many, and one of them."""
    faults = []
    for what, query in _HISTORY.items():
        if rows := db.execute(query).fetchall():
            faults.append((what, len(rows), rows[0][0]))
    return faults


def search_fault(path: Path) -> str | None:
    """What is wrong with the full-text index, compared with the incidents. Takes the write lock; writes nothing."""
    with open_unchecked(path, write=True) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute("INSERT INTO incidents_fts(incidents_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
    return None


def unsearchable(db: Database) -> int:
    """By how many rows the full-text index has more or fewer than there are incidents."""
    query = "SELECT (SELECT count(*) FROM incidents) - (SELECT count(*) FROM incidents_fts_docsize)"
    return abs(int(db.execute(query).fetchone()[0]))


def rebuild_search(db: Database) -> None:
    """Make the full-text index again from the incidents."""
    with transaction(db):
        db.execute("INSERT INTO incidents_fts(incidents_fts) VALUES ('rebuild')")


def source_terms(db: Database) -> list[dict[str, Any]]:
    """A row a source: licence, terms, attribution, and how many URLs robots.txt keeps us from."""
    return list(db.query(_TERMS))


def unended_runs(db: Database) -> list[dict[str, Any]]:
    """The runs without an end: source, id, when they last committed something. They work, or they died."""
    return list(db.query("SELECT source, id, heartbeat_at FROM runs WHERE outcome IS NULL ORDER BY id"))


def growing_rows(db: Database) -> dict[str, int]:
    """The tables that only grow, and their rows."""
    return {table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _GROWING}


@contextmanager
def converting_errors() -> Iterator[None]:
    """Within the block, SQLite's errors are DamageError, and BusyError where another process held the lock."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise BusyError(str(error)) from error
        raise DamageError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DamageError(str(error)) from error
