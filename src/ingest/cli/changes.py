"""`ingest changes`: what changed, field by field, behind a cursor."""

from __future__ import annotations

from typing import Any

import click
from sqlite_utils import Database

from ingest.cli.output import print_json, print_table, printable, short_time
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.reports import change_rows

COLUMNS = {
    "cursor": "cursor",
    "observed_at": "observed (UTC)",
    "change": "change",
    "cause": "cause",
    "what": "incident, and what changed",
}
CSV_COLUMNS = (
    *("cursor", "incident_id", "version", "change", "cause", "observed_at"),
    *("field", "old_value", "new_value"),
)
SHOWN = 60
"""Characters of a value that a table shows."""
FEED_VERSIONS = 100
"""Versions in a feed for which no cursor is given."""


@click.command()
@click.option("--since", type=click.IntRange(min=0), metavar="CURSOR", help="Only what came after it.")
@click.option("--json", "form", flag_value="json", default=None, help="JSON Lines instead of a table.")
@click.option("--csv", "form", flag_value="csv", help="CSV; cells that a spreadsheet would run are defused.")
@click.option("--atom", "form", flag_value="atom", help=f"An Atom feed; the last {FEED_VERSIONS} without --since.")
@click.pass_obj
def changes(settings: Settings, since: int | None, form: str | None) -> None:
    """Show what changed, field by field, oldest first.

    Keep the last cursor and hand it in as --since to get each change exactly once.
    """
    db = open_reader(settings.database)
    rows = change_rows(db, since or 0)
    if form == "json":
        print_json(rows)
    elif form == "csv":
        from ingest.export import defuse_formula, write_csv

        with click.open_file("-", "w", encoding="utf-8") as file:
            write_csv(file, CSV_COLUMNS, rows, defuse_formula)
    elif form == "atom":
        print_feed(db, since)
    else:
        print_table([describe(row) for row in rows], COLUMNS, f"Nothing has changed since cursor {since or 0}.")


def print_feed(db: Database, since: int | None) -> None:
    """The versions after a cursor, or the last ones, as an Atom feed."""
    from ingest.feed import write_feed
    from ingest.store.exports import last_version, version_rows

    cursor, at = last_version(db)
    versions = version_rows(db, max(0, cursor - FEED_VERSIONS) if since is None else since)
    for part in write_feed(versions, at):
        click.echo(part, nl=False)


def describe(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: the incident, and `field: old → new` where a field changed."""
    values = f"{row['field']}: {short_value(row['old_value'])} → {short_value(row['new_value'])}"
    what = f"{row['incident_id']}\n{values}" if row["field"] else row["incident_id"]
    return {**row, "observed_at": short_time(row["observed_at"]), "what": what}


def short_value(value: object) -> str:
    """A value on one line, cut where it is long."""
    text = printable(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
