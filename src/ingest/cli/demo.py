"""`ingest demo`: the bundled sample site through three editions, by the real flow on Prefect's temporary server."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import click

from ingest.cli.changes import COLUMNS as CHANGE_COLUMNS
from ingest.cli.changes import describe as describe_change
from ingest.cli.drift import COLUMNS as DRIFT_COLUMNS
from ingest.cli.failures import COLUMNS as FAILURE_COLUMNS
from ingest.cli.failures import describe as describe_failure
from ingest.cli.output import print_table
from ingest.cli.progress import show_progress
from ingest.cli.scrape import print_report
from ingest.sample.server import SampleSite, serve
from ingest.settings import Settings, load_settings
from ingest.store.connection import open_reader
from ingest.store.reports import change_rows, drift_rows, most_changed, run_rows
from ingest.store.worklist import Wanted, failure_rows

SOURCE = "provyn"
MANY = 10
"""From so many on, incidents that were added are counted and not listed."""
EDITIONS = {
    1: "The site as it is found",
    2: "A few weeks later",
    3: "After a redesign",
}
QUERIES = {
    "What changed, field by field": "ingest --data {data} changes",
    "One incident, and how it came to be": "ingest --data {data} history {example}",
    "What failed, and to try it again": "ingest --data {data} failures",
    "Full-text search, in SQL": "sqlite-utils search {data}/incidents.db incidents refund -c id -c title",
}


@click.command()
@click.pass_obj
def demo(settings: Settings) -> int:
    """Scrape the bundled sample site through three editions, into DIR/demo. No network, no other database touched."""
    folder = settings.data / "demo"
    clear(folder)
    start_prefect(folder)
    own = load_settings(folder)
    with serve(min(EDITIONS)) as site:
        for edition, title in EDITIONS.items():
            site.edition = edition
            click.secho(f"\nEdition {edition}: {title}", bold=True)
            if run_edition(own, site) is None:
                click.echo("Stopped. `ingest demo` begins again.", err=True)
                return 1
            print_edition(own)
    print_queries(own)
    return 0


def clear(folder: Path) -> None:
    """Delete what an earlier demo has written; Prefect's home stays, which saves its migrations."""
    for name in ("archive", "locks"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for file in folder.glob("incidents.db*"):
        file.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def start_prefect(folder: Path) -> None:
    """Settings for a Prefect of the demo's own, and a word before its silent start."""
    from flows.environment import use_own_prefect

    use_own_prefect(folder / "prefect")
    click.echo("Starting Prefect's temporary server (the first time up to 30 s) ...")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else the server would outlive this process
    for name in ("EventsWorker", "APILogWorker"):  # they would tell of logs still on their way at the end
        logging.getLogger(name).setLevel(logging.ERROR)


def run_edition(settings: Settings, site: SampleSite) -> Any:
    """The flow's final state; None where a signal has stopped it."""
    from flows.progress import LISTENER
    from flows.running import run_flow
    from flows.scrape import scrape

    where = {"base_url": site.url, "allow_hosts": (site.host,)}
    with show_progress(SOURCE) as progress:
        LISTENER.set(progress)
        return run_flow(scrape(SOURCE, data=settings.data, delay_seconds=0, concurrency=8, return_state=True, **where))


def print_edition(settings: Settings) -> None:
    """What the last run found, what changed and why, what failed, and what the pages print anew."""
    db = open_reader(settings.database)
    [run] = run_rows(db, SOURCE, 1)
    print_report(run)
    changes = [row for row in change_rows(db, run_id=run["id"]) if row["change"] != "added" or run["added"] < MANY]
    if changes:
        click.echo("\nWhat changed, and whether the site or our parser changed it:")
        print_table([describe_change(row) for row in changes], CHANGE_COLUMNS, "")
    if failures := failure_rows(db, Wanted(SOURCE)):
        click.echo("\nWhat failed and is still open (`ingest retry` tries again, from the stage at which it failed):")
        print_table([describe_failure(row) for row in failures], FAILURE_COLUMNS, "")
    if drift := [row for row in drift_rows(db, SOURCE) if row["first_seen"] >= run["started_at"]]:
        click.echo("\nWhat pages print that the source's file does not foresee:")
        print_table(drift, DRIFT_COLUMNS, "")
    db.close()


def print_queries(settings: Settings) -> None:
    """Commands to try next."""
    db = open_reader(settings.database)
    example = most_changed(db)
    db.close()
    click.secho("\nTry next", bold=True)
    for purpose, query in QUERIES.items():
        click.echo(f"  # {purpose}\n  {query.format(data=settings.data, example=example)}")
