"""`ingest scrape`: the whole pipeline over one source, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import click

from ingest.cli.fetching import fetch_options
from ingest.cli.output import print_table
from ingest.cli.progress import show_progress
from ingest.readers import SourceReader
from ingest.session import Progress, Wishes, open_scrape
from ingest.settings import Settings
from ingest.signals import run_until_signal
from ingest.store.copy import scratch_copy

HELD_HINT = "`ingest drift` shows the figures that hold it and a page; nothing is published until somebody has looked."
FAILURES_HINT = "`ingest failures` shows what failed and why."
COUNTS = ("requests", "unchanged", "added", "changed", "removed", "restored", "failed")


@click.command()
@click.argument("source")
@fetch_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch N incidents at most.")
@click.option("--dry-run", is_flag=True, help="Fetch and parse, report, and write nothing.")
@click.pass_obj
def scrape(settings: Settings, source: str, wishes: Wishes, limit: int | None, dry_run: bool) -> int:
    """Fetch the incident pages of SOURCE into the database.

    A run that was stopped is continued: what it has committed is not fetched again.
    """
    from parsers import open_source

    reader = open_source(source, wishes.base_url)
    place = scratch_copy(settings) if dry_run else nullcontext(settings)
    with place as chosen, show_progress(source) as progress:
        report = run_until_signal(_scrape(chosen, reader, replace(wishes, limit=limit), progress))
    if report is None:
        click.echo(f"{source}: stopped. The same command goes on from here.", err=True)
        return 1
    status = print_report(report)
    if report["failed"] and not dry_run:
        click.echo(FAILURES_HINT)
    return status


async def _scrape(settings: Settings, reader: SourceReader, wishes: Wishes, progress: Progress) -> Mapping[str, Any]:
    async with open_scrape(settings, reader, wishes, progress) as run:
        return await run.work()


def print_report(report: Mapping[str, Any]) -> int:
    """Print a run's row of `run_report`; the exit status that it stands for."""
    print_table([report], {name: name for name in COUNTS}, "")
    click.echo(f"{report['source']}: {report['outcome']}. {report['message'] or ''}".strip())
    if report["outcome"] == "held":
        click.echo(HELD_HINT)
    if report["outcome"] == "failed":
        return 2
    return 1 if report["failed"] or report["deferred"] or report["outcome"] == "held" else 0
