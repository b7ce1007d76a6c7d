"""`ingest dismiss`: take failures off the work list by a person's word."""

from __future__ import annotations

import click

from ingest.cli.choosing import Choice, failure_filters
from ingest.cli.failures import print_list
from ingest.settings import Settings
from ingest.store.connection import open_work, open_writer
from ingest.store.failures import dismiss_failures
from ingest.store.worklist import failure_rows

SHOWN = 50


@click.command()
@failure_filters
@click.option("--reason", required=True, help="Why; it is kept with the failure.")
@click.pass_obj
def dismiss(settings: Settings, choice: Choice, reason: str) -> None:
    """Take open failures off the work list, with a reason.

    The failures stay in the database. One that happens again is open again.
    """
    if choice.is_all:
        raise click.UsageError("Say which failures: a source, an ID from `ingest failures`, or a filter.")
    if not reason.strip():
        raise click.UsageError("Give a reason in words: it is what others will see.")
    open_work(settings.database).close()  # where there is no database, none is to be made
    db = open_writer(settings.database)
    wanted = choice.resolve(db)
    rows = failure_rows(db, wanted)
    dismiss_failures(db, wanted, reason.strip())
    db.close()
    print_list(rows, SHOWN)
    if rows:
        click.echo(f"Dismissed: {len(rows)}. Reason: {reason.strip()}")
