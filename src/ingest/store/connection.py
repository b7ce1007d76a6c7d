"""Opens the database: pragmas, schema, and one kind of write transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage

from sqlite_utils import Database
from sqlite_utils.db import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from ingest.errors import IngestError
from ingest.store.migrations import migrations

DatabaseError: type[Exception] = sqlite3.DatabaseError
"""What SQLite raises, by whichever library is in use."""
BUSY_SECONDS = 30
AGAIN_SECONDS = 0.02
CACHE = "PRAGMA cache_size = -32000"
"""Of each connection, in kB, which is what the minus means."""
PAGE_BYTES = 8192
"""Of a new database: records are long, and in pages of 4,096 bytes take a tenth more room, and longer."""
LEAST_FREE_BYTES = 65_536
"""What opening a database takes of the disk."""
SAFE_WAL = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that two connections write (https://sqlite.org/wal.html)."""


def library_version() -> tuple[int, ...]:
    """The version of the SQLite library that opens the database."""
    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))


def journal_mode() -> str:
    """WAL where the library is safe with it, else the rollback journal."""
    return "wal" if library_version() >= SAFE_WAL else "delete"


def open_writer(path: Path) -> Database:
    """The database, created or migrated to the newest schema.

    Raises IngestError where the file can't be written, is no database, or has a newer schema.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(path.as_uri() if path.is_absolute() else path.resolve().as_uri())
        refuse_newer(db, path)
        if is_published(db):
            raise IngestError(f"{path} is a published file, which nothing but `ingest publish` writes.")
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute(CACHE)  # again: SQLite counts a cache in pages, by what their size is at the moment
        _set_journal_mode(db)
        # A commit survives a power cut; NORMAL in WAL mode would lose the last ones.
        db.execute("PRAGMA synchronous = FULL")
        if migrations.pending(db):
            with transaction(db):  # looked at again inside: another process may be making the same database
                migrations.apply(db)
    except (OSError, sqlite3.DatabaseError) as error:
        raise IngestError(f"{path} can't be opened for writing: {_explain(error, path)}.") from error
    return db


def _set_journal_mode(db: Database) -> None:
    """SQLite does not wait where another process is setting it too, as on a new database; it says that it is locked."""
    ends = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute(f"PRAGMA journal_mode = {journal_mode()}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(AGAIN_SECONDS)
        else:
            return


def open_existing(path: Path) -> Database:
    """As `open_writer`, for a database that must be there: what a person says of it is no reason to make one."""
    open_work(path).close()
    return open_writer(path)


def open_reader(path: Path) -> Database:
    """The database, read only. Raises IngestError where it is absent, no database, or of another schema."""
    if not path.exists():
        raise IngestError(f"There is no database at {path}. `ingest scrape` makes one; --data names another folder.")
    try:
        db = _connect(path.resolve().as_uri() + "?mode=ro")
        refuse_newer(db, path)
        if migrations.pending(db):
            raise IngestError(f"{path} has an older schema. Any `ingest scrape` or `ingest retry` migrates it.")
    except sqlite3.DatabaseError as error:
        raise IngestError(f"{path} can't be read: {_explain(error, path)}.") from error
    return db


def open_work(path: Path) -> Database:
    """As `open_reader`, for what only the working database holds: runs, failures and drift. Raises IngestError."""
    db = open_reader(path)
    if is_published(db):
        raise IngestError(
            f"{path} is a published file: it holds incidents and their history, and no runs, failures or drift. "
            "Point --data at the folder that it was published from."
        )
    return db


def is_published(db: Database) -> bool:
    """Whether it is a snapshot for readers."""
    return db.table("manifest").exists()


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """One write transaction: all of it or nothing.

    BEGIN IMMEDIATE waits for another writer; a deferred BEGIN fails at once when it turns into a write.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def refuse_newer(db: Database, path: Path) -> None:
    """Raise IngestError for a database whose schema has steps that this program doesn't know."""
    own = {step.name for step in migrations.pending(Database(memory=True))}
    if unknown := {step.name for step in migrations.applied(db)} - own:
        raise IngestError(
            f"{path} was written by a newer ingest (schema step {min(unknown)}). Upgrade ingest to use it."
        )


def _explain(error: Exception, path: Path) -> str:
    """What went wrong. Where even a reader finds no room for the file that it shares with writers, SQLite only says
    that there was a disk I/O error.
    """
    try:
        full = disk_usage(path.parent).free < LEAST_FREE_BYTES
    except OSError:
        full = False
    return f"{error}; the disk is full. Free space and run the same command again" if full else str(error)


def _connect(uri: str) -> Database:
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(CACHE)
    return Database(connection, execute_plugins=False)
