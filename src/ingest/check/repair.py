"""Repairs that can lose nothing: index whole records, cut what no record can be made of, build the search index."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from ingest.archive import cut_torn_tail
from ingest.check.files import Look, look_at_files
from ingest.check.finding import Finding, require_database
from ingest.errors import IngestError
from ingest.lease import LeaseTakenError, hold_lease
from ingest.settings import Settings
from ingest.store.connection import open_writer, transaction
from ingest.store.integrity import (
    BusyError,
    DamageError,
    converting_errors,
    open_unchecked,
    rebuild_search,
    search_fault,
    storage_faults,
)
from ingest.store.pages import write_pages


def repair(settings: Settings) -> Iterator[Finding]:
    """Do what is safe, and tell what was done. A file is only touched under the lease of its run's source.

    Raises IngestError where the database itself is damaged: nothing is written to such a file.
    """
    require_database(settings)
    try:
        with converting_errors(), open_unchecked(settings.database) as db:
            faults = storage_faults(db, quick=True)
    except DamageError as error:
        faults = [str(error)]
    except BusyError as error:
        raise IngestError(f"{settings.database} is in use: {error}. Repair it when no run works.") from error
    if faults:
        raise IngestError(f"{settings.database} is damaged, so nothing is repaired: {faults[0]}. Restore it first.")
    db = open_writer(settings.database)
    try:
        with converting_errors():
            for source in sorted({look.source for look in look_at_files(db, settings.archive)}, key=str):
                yield from _mend_source(settings, db, source)
            if fault := search_fault(settings.database):
                rebuild_search(db)
                yield Finding("ok", "repair", f"The full-text index was built again; it was wrong: {fault}.")
    except (DamageError, BusyError) as error:
        raise IngestError(f"{settings.database} could not be repaired: {error}.") from error
    finally:
        db.close()


def _mend_source(settings: Settings, db: Database, source: str | None) -> Iterator[Finding]:
    """The files of one source, looked at again under its lease: until then a run may have been writing."""
    try:
        with hold_lease(settings.locks, source or "unknown runs"):
            for look in look_at_files(db, settings.archive):
                if look.source == source and (look.torn or look.unindexed):
                    yield _mend(db, look)
    except LeaseTakenError as error:
        yield Finding("warning", "repair", f"Not repaired: {error}", str(settings.archive), "Try again after that run.")


def _mend(db: Database, look: Look) -> Finding:
    cut = cut_torn_tail(look.path) if look.torn and look.source is not None else 0
    with transaction(db):
        write_pages(db, look.unindexed)
    done = f"{cut} bytes cut off, {len(look.unindexed)} records indexed."
    return Finding("ok", "repair", done, str(look.path))
