"""`ingest runs`: what ran, how it ended, what came of it."""

from __future__ import annotations

import click

from ingest.cli.output import print_json, print_table, short_time
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.reports import run_rows

COLUMNS = {
    "started_at": "started (UTC)",
    "source": "source",
    "flow": "flow",
    "outcome": "outcome",
    "requests": "requests",
    "unchanged": "same",
    "added": "added",
    "changed": "changed",
    "removed": "removed",
    "restored": "restored",
    "failed": "failed",
}


@click.command()
@click.argument("source", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The last N runs.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def runs(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """Show the last runs, newest first."""
    rows = run_rows(open_work(settings.database), source, limit)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        row["started_at"] = short_time(row["started_at"])
        row["outcome"] = row["outcome"] or "running"
    print_table(rows, COLUMNS, "Nothing has run yet: `ingest scrape SOURCE` is the first step.")
