"""`ingest failures`: the open ones, as a list."""

from __future__ import annotations

from typing import Any

import click

from ingest.cli.output import print_json, print_table, short_time
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.reports import failure_rows

COLUMNS = {
    "stage": "stage",
    "kind": "kind",
    "attempts": "runs",
    "last_failed_at": "last (UTC)",
    "url": "URL and message",
}


@click.command()
@click.argument("source", required=False)
@click.option("--stage", type=click.Choice(["fetch", "parse", "validate"]), help="Only failures of this stage.")
@click.option("--kind", help="Only failures of this kind.")
@click.option("--url", help="Only the failures of this URL.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def failures(
    settings: Settings, source: str | None, stage: str | None, kind: str | None, url: str | None, as_json: bool
) -> None:
    """Show what failed and is still open."""
    rows = failure_rows(open_work(settings.database), source=source, stage=stage, kind=kind, url=url)
    if as_json:
        print_json(rows)
        return
    print_table([describe(row) for row in rows], COLUMNS, "No failure is open.")


def describe(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: the URL and, below it, what went wrong."""
    return {**row, "last_failed_at": short_time(row["last_failed_at"]), "url": f"{row['url']}\n{row['message']}"}
