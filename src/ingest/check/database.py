"""The database: file, schema, foreign keys, history, full-text index."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.check.finding import Finding, Premises
from ingest.store.integrity import (
    foreign_key_faults,
    history_faults,
    schema_steps,
    search_fault,
    storage_faults,
    unsearchable,
)

RESTORE = (
    "Stop all runs, keep a copy of the data directory, and restore the database from a backup; `published/` holds the "
    "last published states, and the archive every page."
)


def check_database(premises: Premises) -> Iterator[Finding]:
    """SQLite's own check of the file."""
    where = str(premises.settings.database)
    faults = storage_faults(premises.db, quick=premises.quick)
    for fault in faults:
        yield Finding("error", "database", f"SQLite says: {fault}", where, RESTORE)
    if not faults:
        yield Finding("ok", "database", "The file is sound.", where)


def check_schema(premises: Premises) -> Iterator[Finding]:
    """Steps of the schema that are pending, or unknown."""
    pending, unknown = schema_steps(premises.db)
    where = str(premises.settings.database)
    if unknown:
        what = f"A newer ingest has written the schema: {', '.join(unknown)} is unknown here."
        yield Finding("error", "schema", what, where, "Upgrade ingest.")
    if pending:
        what = f"Steps of the schema are pending: {', '.join(pending)}. The contents were not looked at."
        yield Finding("warning", "schema", what, where, "Any `ingest scrape` or `ingest retry` applies them.")
    if not pending and not unknown:
        yield Finding("ok", "schema", "No step is pending.")


def check_foreign_keys(premises: Premises) -> Iterator[Finding]:
    """Rows that refer to absent ones."""
    faults = foreign_key_faults(premises.db)
    for fault in faults:
        what = f"{fault['rows']} rows refer to rows of {fault['parent']} that are absent."
        yield Finding("error", "foreign keys", what, fault["table"], RESTORE)
    if not faults:
        yield Finding("ok", "foreign keys", "Every row refers to rows that exist.")


def check_history(premises: Premises) -> Iterator[Finding]:
    """Incidents against their versions, versions against the cursor."""
    faults = history_faults(premises.db)
    for what, count, example in faults:
        yield Finding("error", "history", f"{count} {what}; one is at {example}.", "incident_versions", RESTORE)
    if not faults:
        yield Finding("ok", "history", "Incidents are as their last versions say, and no cursor is missing.")


def check_search(premises: Premises) -> Iterator[Finding]:
    """The full-text index against the incidents; the quick way only counts."""
    remedy = "`ingest check --repair` builds the index again."
    if premises.quick:
        wrong = unsearchable(premises.db)
        fault = f"it has {wrong} rows too many or too few" if wrong else None
    else:
        fault = search_fault(premises.settings.database)
    if fault:
        what = f"The full-text index does not match the incidents: {fault}."
        yield Finding("error", "search", what, "incidents_fts", remedy)
    else:
        yield Finding("ok", "search", "The full-text index matches the incidents.")
