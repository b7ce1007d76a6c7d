"""`ingest retry`: the open failures once more, each from the stage at which it failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

import click

from ingest.cli.choosing import Choice, failure_filters
from ingest.cli.fetching import fetch_options
from ingest.cli.output import print_table, printable
from ingest.cli.progress import show_progress
from ingest.cli.scrape import FAILURES_HINT, print_report
from ingest.readers import SourceReader
from ingest.session import Progress, Wishes, open_retry
from ingest.settings import Settings
from ingest.signals import run_until_signal
from ingest.store.connection import open_work
from ingest.store.worklist import Wanted, count_failed, count_open
from ingest.times import now

PLAN = {"stage": "stage", "kind": "kind", "urls": "URLs", "how": "how"}
HOW = {"fetch": "asks the site again", "parse": "reads the archived page", "validate": "reads the archived page"}


@click.command()
@failure_filters
@click.option("--due", is_flag=True, help="Only what may pass by itself and whose next try has come.")
@click.option("--dry-run", is_flag=True, help="Show what would be tried, and try nothing.")
@fetch_options
@click.pass_obj
def retry(settings: Settings, choice: Choice, due: bool, dry_run: bool, wishes: Wishes) -> int:
    """Try what failed again, of one SOURCE, one failure by its ID, or all.

    What failed at the fetch is fetched; what could not be read is read again from the archive, without a request.
    """
    db = open_work(settings.database)
    wanted = replace(choice.resolve(db), due_at=now() if due else None)
    plan = count_open(db, wanted)
    db.close()
    if not plan:
        click.echo("No failure is due." if due else "No failure is open.")
    status = 0
    for source, rows in groupby(plan, key=lambda row: str(row["source"])):
        tried = print_plan(source, rows)
        if tried and not dry_run:
            status = max(status, retry_source(settings, source, wishes, wanted, tried))
    return status


def print_plan(source: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """What will be tried, and how; the number of URLs."""
    ours = [{**row, "how": HOW[row["stage"]]} for row in rows if row["url_kind"] == "incident"]
    total = sum(int(row["urls"]) for row in ours)
    click.echo(f"{source}: {total} to try again" + (":" if ours else "; the next scrape reads its listing again."))
    if ours:
        print_table(ours, PLAN, "")
    return total


def retry_source(settings: Settings, source: str, wishes: Wishes, wanted: Wanted, total: int) -> int:
    """Try the failures of one source, and tell what came of them; the exit status."""
    from parsers import open_source

    reader = open_source(source, wishes.base_url)
    with show_progress(source) as progress:
        report = run_until_signal(_retry(settings, reader, wishes, wanted, progress))
    if report is None:
        click.echo(f"{source}: stopped. The same command goes on from here.", err=True)
        return 1
    status = print_report(report)
    click.echo(f"{max(0, total - report['failed'] - report['deferred'])} of {total} got through.")
    if report["failed"]:
        db = open_work(settings.database)
        kinds = ", ".join(f"{kind} {count}" for kind, count in count_failed(db, report["id"]).items())
        db.close()
        click.echo(f"Failed again: {printable(kinds)}. {FAILURES_HINT}")
    return status


async def _retry(
    settings: Settings, reader: SourceReader, wishes: Wishes, wanted: Wanted, progress: Progress
) -> Mapping[str, Any]:
    async with open_retry(settings, reader, wishes, wanted, progress) as run:
        return await run.work()
