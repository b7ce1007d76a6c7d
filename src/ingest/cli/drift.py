"""`ingest drift`: why a source is held, and what pages print that its file does not foresee."""

from __future__ import annotations

from typing import Any

import click

from ingest.cli.output import print_json, print_table
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.holds import verdict_rows
from ingest.store.reports import drift_rows

COLUMNS = {
    "source": "source",
    "kind": "kind",
    "field": "field",
    "value": "value",
    "pages": "pages",
    "example_url": "for example",
}
VERDICT_COLUMNS = {
    "source": "held",
    "measure": "figure",
    "field": "field",
    "value": "now",
    "usual": "usual",
    "floor": "floor",
    "example_url": "for example",
}
COUNTS = ("listed", "incidents")


@click.command()
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def drift(settings: Settings, source: str | None, as_json: bool) -> None:
    """Show why a source is held, and what pages print that its file does not foresee.

    In JSON, the figures that hold a source are the rows with a `measure`, and unknown labels and words those with a
    `kind`.
    """
    db = open_work(settings.database)
    verdicts, rows = verdict_rows(db, source), drift_rows(db, source)
    if as_json:
        print_json([*verdicts, *rows])
        return
    if verdicts:
        print_table([describe(row) for row in verdicts], VERDICT_COLUMNS, "")
        click.echo("`ingest reparse SOURCE` after a fix, or `ingest accept run SOURCE`, ends a hold.\n")
    print_table(rows, COLUMNS, "No drift is open.")


def describe(row: dict[str, Any]) -> dict[str, Any]:
    """A figure for people: counts as such, shares in percent of how many."""
    numbers = {name: _number(row["measure"], row[name]) for name in ("value", "usual", "floor")}
    if row["measure"] not in COUNTS:
        numbers["value"] = f"{numbers['value']} of {row['total']}"
    note = f"\n{row['note']}" if row["note"] else ""
    return {**row, **numbers, "example_url": f"{row['example_url'] or '–'}{note}"}


def _number(measure: str, value: float | None) -> str | None:
    if value is None:
        return None
    return f"{value:g}" if measure in COUNTS else f"{value:.0%}"
