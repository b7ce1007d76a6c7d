"""`ingest status`: one line a source."""

from __future__ import annotations

import click

from ingest.cli.output import print_json, print_table, short_time
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.holds import holding_runs
from ingest.store.reports import status_rows

COLUMNS = {
    "source": "source",
    "last_outcome": "last run",
    "last_started_at": "started (UTC)",
    "held": "held",
    "incidents": "incidents",
    "removed": "removed",
    "open_failures": "failures",
    "open_drift": "drift",
    "last_completed_at": "last completed",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Show each source: its last run, whether it is held, what it has, what is open."""
    db = open_work(settings.database)
    holding = holding_runs(db)
    rows = [{**row, "held": row["source"] in holding} for row in status_rows(db)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        row["last_started_at"] = short_time(row["last_started_at"])
        row["last_completed_at"] = short_time(row["last_completed_at"])
        row["held"] = "held" if row["held"] else "no"
        row["last_outcome"] = row["last_outcome"] or ("running" if row["last_run"] else None)
    print_table(rows, COLUMNS, "No source has been scraped yet: `ingest scrape SOURCE` is the first step.")
