"""`ingest reparse`: the archive read again by the present parsers, without a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import click
from sqlite_utils import Database

from ingest.cli.changes import short_value
from ingest.cli.output import print_table, printable
from ingest.cli.progress import show_progress
from ingest.cli.scrape import FAILURES_HINT, print_report
from ingest.session import Progress, Wishes, open_reparse
from ingest.settings import Settings
from ingest.signals import run_until_signal
from ingest.store.connection import open_work
from ingest.store.copy import scratch_copy
from ingest.store.reports import change_rows
from ingest.store.runs import known_origins
from ingest.store.worklist import count_failed

COLUMNS = {"field": "field", "incidents": "incidents", "sample": "for example"}
SAMPLE = 3
"""Changes of each field that a dry run shows."""


@click.command()
@click.argument("source", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change, by field, and write nothing.")
@click.pass_obj
def reparse(settings: Settings, source: str | None, dry_run: bool) -> int:
    """Read every archived page that is current again, of one SOURCE or of all; never the network.

    A page that can no longer be read is a failure, and its record stays. A run that was stopped is continued.
    """
    db = open_work(settings.database)
    origins = known_origins(db, source)
    db.close()
    status = 0
    with scratch_copy(settings) if dry_run else nullcontext(settings) as place:
        for name, origin in origins.items():
            report = reparse_source(place, name, origin)
            if report is None:
                click.echo(f"{name}: stopped. The same command goes on from here.", err=True)
                return 1
            if dry_run:
                print_differences(place, report["id"])
            status = max(status, print_report(report))
            if report["failed"] and not dry_run:
                click.echo(FAILURES_HINT)
    return status


def reparse_source(settings: Settings, source: str, origin: str) -> Mapping[str, Any] | None:
    """The run's row of `run_report`; None where a signal has stopped it."""
    from parsers import open_source

    reader = open_source(source, origin)

    async def work(progress: Progress) -> Mapping[str, Any]:
        async with open_reparse(settings, reader, Wishes(base_url=origin), progress) as run:
            return await run.work()

    with show_progress(source) as progress:
        return run_until_signal(work(progress))


def print_differences(settings: Settings, run_id: str) -> None:
    """What a run has changed, by field, each with a sample; and what could not be read, by kind."""
    db = open_work(settings.database)
    print_table(list(count_by_field(db, run_id)), COLUMNS, "No record would change.")
    for kind, count in count_failed(db, run_id).items():
        click.echo(f"{count} would fail: {printable(kind)}")
    db.close()


def count_by_field(db: Database, run_id: str) -> Iterator[dict[str, Any]]:
    """A row a field that a run has changed, most often changed first; incidents added or restored have no field."""
    counts: dict[str, int] = {}
    samples: dict[str, list[str]] = {}
    for row in change_rows(db, run_id=run_id):
        name = row["field"] or row["change"]
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= SAMPLE:
            values = f": {short_value(row['old_value'])} → {short_value(row['new_value'])}" if row["field"] else ""
            samples.setdefault(name, []).append(row["incident_id"] + values)
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        yield {"field": name, "incidents": counts[name], "sample": "\n".join(samples[name])}
