"""`ingest accept`: a person says that what looks wrong is right."""

from __future__ import annotations

import click

from ingest.settings import Settings
from ingest.store.acceptances import accept_drift, accept_page, accept_run
from ingest.store.connection import open_existing


@click.group()
def accept() -> None:
    """Say that a held run, a page that empties fields, or drift is right. What was accepted, and when, is kept."""


@accept.command()
@click.argument("source")
@click.pass_obj
def run(settings: Settings, source: str) -> None:
    """Accept the run that holds SOURCE: it may be published, and later runs are compared with it."""
    run_id = accept_run(open_existing(settings.database), source)
    click.echo(f"Accepted: run {run_id} of {source}, which is held no longer.")


@accept.command()
@click.argument("url")
@click.pass_obj
def page(settings: Settings, url: str) -> None:
    """Accept the page of URL that was refused because it empties fields: exactly that page, and no later one."""
    row = accept_page(open_existing(settings.database), url)
    click.echo(
        f"Accepted: page {row['page_sha256'][:12]} of {url}. It is taken by the next scrape or reparse, and now by "
        f"`ingest retry --url {url}`."
    )


@accept.command()
@click.argument("source")
@click.argument("kind")
@click.argument("field")
@click.argument("value", required=False)
@click.pass_obj
def drift(settings: Settings, source: str, kind: str, field: str, value: str | None) -> None:
    """Accept drift of SOURCE as `ingest drift` shows it: KIND and FIELD, with one VALUE or with all of them."""
    count = accept_drift(open_existing(settings.database), source, kind, field, value)
    click.echo(f"Accepted: {kind} {field} of {source}, {count} {'row' if count == 1 else 'rows'} of drift.")
