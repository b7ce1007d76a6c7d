"""`ingest status`: each source on one screen, and what needs a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from ingest.cli.output import print_json, print_table, printable, short_time
from ingest.publish import FILE_NAME, published_folder
from ingest.settings import Settings
from ingest.status import Published, judge
from ingest.store.connection import open_work
from ingest.store.reports import status_rows
from ingest.store.snapshot import read_manifest

COLUMNS = {
    "source": "source",
    "state": "last run",
    "last_good_at": "last good scrape",
    "age": "age",
    "incidents": "incidents",
    "removed": "removed",
    "open_failures": "failures",
    "open_drift": "drift",
    "next_scrape_at": "next (UTC)",
}
AGES = ((86_400, "d"), (3_600, "h"), (60, "min"))


@click.command()
@click.option("--notify", "tell", is_flag=True, help="Post what needs a person to `notify_url`, if anything does.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def status(settings: Settings, tell: bool, as_json: bool) -> int:
    """Show each source: its last run and good scrape, what is open, what is due. Exit status 1: a person is needed.

    That is so where a source is held, its last run failed, failures won't pass by themselves, or two scrapes in a row
    have not arrived by the schedule of DIR/ingest.toml.
    """
    rows = read_status(settings, datetime.now(UTC))
    needs = [text for row in rows for text in row["needs"]]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows)
        print_published(rows)
        for text in needs:
            click.echo(f"! {printable(text)}")
    if tell and needs:
        send(settings, rows, needs)
    return 1 if needs else 0


def read_status(settings: Settings, moment: datetime) -> list[dict[str, Any]]:
    """A row a source, with what needs a person."""
    db = open_work(settings.database)
    rows = status_rows(db)
    db.close()
    manifest = read_manifest(published_folder(settings) / FILE_NAME)
    published = Published(manifest.cursor, manifest.written_at) if manifest else Published()
    return judge(rows, settings.schedules, published, moment)


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """A line a source."""
    table = [
        {
            **row,
            "state": "held" if row["held_by"] else row["last_outcome"] or ("running" if row["last_run"] else None),
            "last_good_at": short_time(row["last_good_at"]),
            "age": describe_age(row["age_seconds"]),
            "next_scrape_at": row["next_scrape_at"] and row["next_scrape_at"][:16].replace("T", " "),
        }
        for row in rows
    ]
    print_table(table, COLUMNS, "No source has been scraped yet: `ingest scrape SOURCE` is the first step.")


def print_published(rows: Sequence[Mapping[str, Any]]) -> None:
    """What readers have, of what there is."""
    if not rows:
        return
    first = rows[0]
    if first["published_cursor"] is None:
        click.echo("Nothing is published: `ingest publish`.")
    else:
        at = short_time(first["published_at"])
        click.echo(f"Published: cursor {first['published_cursor']} of {first['cursor']}, written {at}.")


def describe_age(seconds: int | None) -> str | None:
    """Such as `5 h`: whole units of the largest that fits."""
    if seconds is None:
        return None
    return next((f"{seconds // size} {unit}" for size, unit in AGES if seconds >= size), "now")


def send(settings: Settings, rows: Sequence[Mapping[str, Any]], needs: Sequence[str]) -> None:
    """Post one message. What goes wrong is said on standard error."""
    from ingest.notify import notify
    from ingest.session import user_agent

    sources = [row["source"] for row in rows if row["needs"]]
    failure = asyncio.run(
        notify(settings, "attention", "\n".join(needs), sources=sources, user_agent=user_agent(settings))
    )
    if settings.notify_url is None:
        click.echo("No message is sent: set notify_url in ingest.toml, or INGEST_NOTIFY_URL.", err=True)
    elif failure is not None:
        click.echo(f"The message could not be delivered: {failure.message}", err=True)
