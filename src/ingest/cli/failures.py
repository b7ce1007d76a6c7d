"""`ingest failures`: the open ones, as a list, or one of them in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ingest.cli.choosing import Choice, failure_filters
from ingest.cli.output import print_json, print_table, printable, short_time
from ingest.redaction import redact_text
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.worklist import failure_in_full, failure_rows

COLUMNS = {
    "failure_id": "id",
    "stage": "stage",
    "kind": "kind",
    "attempts": "runs",
    "last_failed_at": "last (UTC)",
    "url": "URL and message",
}
FETCHES = {"started_at": "asked (UTC)", "outcome": "outcome", "status": "status", "elapsed_ms": "ms", "error": "error"}


@click.command()
@failure_filters
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The last N, in the table.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table; all of them.")
@click.pass_obj
def failures(settings: Settings, choice: Choice, limit: int, as_json: bool) -> None:
    """Show what failed and is still open; with an ID or --url, in full: the evidence, and what was asked for."""
    db = open_work(settings.database)
    rows = failure_rows(db, choice.resolve(db))
    if choice.is_one:
        rows = [failure_in_full(db, row) for row in rows]
    if as_json:
        print_json(rows)
    elif choice.is_one and rows:
        for row in rows:
            print_in_full(row, settings)
    else:
        print_list(rows, limit)


def print_list(rows: Sequence[Mapping[str, Any]], limit: int) -> None:
    """The last rows as a table, and how many of which kind there are where that is not all."""
    print_table([describe(row) for row in rows[-limit:]], COLUMNS, "No failure is open.")
    if len(rows) > limit:
        kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(row["kind"] for row in rows).most_common())
        click.echo(f"{limit} of {len(rows)} are shown: {printable(kinds)}. --kind, --host and --limit choose others.")


def describe(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for people: the URL and, below it, what went wrong and when it is tried next."""
    url = f"{redact_text(row['url'])}\n{row['message']}\n{next_try(row)}"
    return {**row, "last_failed_at": short_time(row["last_failed_at"]), "url": url}


def next_try(row: Mapping[str, Any]) -> str:
    """Who takes the failure up again, and when."""
    if row["url_kind"] == "listing":
        return "Next try: the next scrape."
    if row["next_attempt_at"] is None:
        return "Next try: by a person."
    return f"Next try: {short_time(row['next_attempt_at'])}."


def print_in_full(row: Mapping[str, Any], settings: Settings) -> None:
    """One failure with its evidence, and the commands that deal with it."""
    number, page = row["failure_id"], row["page"]
    click.secho(printable(redact_text(row["url"])), bold=True)
    facts = {
        "failure": f"{number} of {row['source']}: {row['stage']}, {row['kind']}",
        "message": row["message"],
        **{f"- {name}": value for name, value in (row["detail"] or {}).items()},
        "runs": f"{row['attempts']}, from {short_time(row['first_failed_at'])} to {short_time(row['last_failed_at'])}",
        "next try": next_try(row).removeprefix("Next try: "),
        "page": f"{page['sha256']}\n{page['size']} bytes, {page['content_type']}" if page else "none was received",
    }
    if page:
        place = settings.archive / page["warc_file"]
        facts["archive"] = f"{place}, offset {page['warc_offset']}, {page['warc_length']} bytes"
    for name, value in facts.items():
        click.echo(f"  {printable(name):<9} " + printable(value).replace("\n", "\n" + " " * 12))
    if row["fetches"]:
        click.echo("  The last requests for it:")
        print_table([{**one, "started_at": short_time(one["started_at"])} for one in row["fetches"]], FETCHES, "")
    if page:
        click.echo(f"  What the page says:  ingest parse {page['sha256'][:12]} --source {row['source']}")
    click.echo(f"  To try it again:     ingest retry {number}")
    click.echo(f'  To take it off:      ingest dismiss {number} --reason "..."')
