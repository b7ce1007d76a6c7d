"""`ingest drift`: what pages print that the source's file does not foresee."""

from __future__ import annotations

import click

from ingest.cli.output import print_json, print_table
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.reports import drift_rows

COLUMNS = {
    "source": "source",
    "kind": "kind",
    "field": "field",
    "value": "value",
    "pages": "pages",
    "example_url": "for example",
}


@click.command()
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def drift(settings: Settings, source: str | None, as_json: bool) -> None:
    """Show what pages print that the source's file does not foresee: unknown labels, unknown words."""
    rows = drift_rows(open_work(settings.database), source)
    if as_json:
        print_json(rows)
        return
    print_table(rows, COLUMNS, "No drift is open.")
