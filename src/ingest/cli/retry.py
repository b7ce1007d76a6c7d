"""`ingest retry`: the open failures once more, each from the stage at which it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import click

from ingest.cli.fetching import fetch_options
from ingest.cli.progress import show_progress
from ingest.cli.scrape import FAILURES_HINT, print_report
from ingest.extraction import Stage
from ingest.readers import SourceReader
from ingest.session import Progress, Wishes, open_retry
from ingest.settings import Settings
from ingest.signals import run_until_signal
from ingest.store.connection import open_work
from ingest.store.failures import Wanted, sources_with_failures


@click.command()
@click.argument("source", required=False)
@click.option("--stage", type=click.Choice(["fetch", "parse", "validate"]), help="Only failures of this stage.")
@click.option("--kind", help="Only failures of this kind.")
@click.option("--host", help="Only URLs of this host.")
@click.option("--url", help="Only this URL.")
@fetch_options
@click.pass_obj
def retry(
    settings: Settings,
    source: str | None,
    stage: str | None,
    kind: str | None,
    host: str | None,
    url: str | None,
    wishes: Wishes,
) -> int:
    """Try what failed again, of one SOURCE or of all.

    What failed at the fetch is fetched; what could not be read is read again from the archive, without a request.
    """
    from parsers import open_source

    wanted = Wanted(cast("Stage | None", stage), kind, url, host)
    db = open_work(settings.database)
    names = [source] if source else sources_with_failures(db)
    db.close()
    if not names:
        click.echo("No failure is open.")
    status = 0
    for name in names:
        reader = open_source(name, wishes.base_url)
        with show_progress(name) as progress:
            report = run_until_signal(_retry(settings, reader, wishes, wanted, progress))
        if report is None:
            click.echo(f"{name}: stopped. The same command goes on from here.", err=True)
            return 1
        status = max(status, print_report(report))
        if report["failed"]:
            click.echo(FAILURES_HINT)
    return status


async def _retry(
    settings: Settings, reader: SourceReader, wishes: Wishes, wanted: Wanted, progress: Progress
) -> Mapping[str, Any]:
    async with open_retry(settings, reader, wishes, wanted, progress) as run:
        return await run.work()
