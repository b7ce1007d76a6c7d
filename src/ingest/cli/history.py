"""`ingest history`: the versions of one incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from ingest.cli.output import print_json, printable, short_time
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.reports import history_rows
from ingest.worddiff import Run, diff_words, shorten

LONG = 60
"""Texts that are longer are told apart word by word."""
CONTEXT_WORDS = 8
"""Unchanged words that are shown on each side of a change."""
COLOURS = {"same": None, "removed": "red", "added": "green"}
MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
"""As `git diff --word-diff` has them, for where there are no colours."""


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a version.")
@click.pass_obj
def history(settings: Settings, incident_id: str, as_json: bool) -> None:
    """Show the versions of one incident, oldest first: what changed, why, and from which archived page."""
    rows = history_rows(open_reader(settings.database), incident_id)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        page = f", page {row['page_sha256'][:12]}" if row["page_sha256"] else ""
        click.secho(f"version {row['version']}: {row['change']}", bold=True, nl=False)
        click.echo(f" ({row['cause']}) {short_time(row['observed_at'])}{page}, parser {row['parser_version']}")
        for change in row["changes"]:
            click.echo(f"  {change['field']}")
            for line in tell(change["old_value"], change["new_value"]):
                click.echo(f"    {line}")


def tell(old: Any, new: Any) -> Iterator[str]:
    """The lines of one change: long texts word by word, lists and objects by their parts, and else old and new."""
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > LONG:
        text = "".join(map(mark, shorten(diff_words(old, new), CONTEXT_WORDS)))
        yield from text.split("\n")
        return
    before, after = parts(old), parts(new)
    yield from (click.style(f"- {printable(part)}", fg="red") for part in before if part not in after)
    yield from (click.style(f"+ {printable(part)}", fg="green") for part in after if part not in before)


def mark(run: Run) -> str:
    """A run of words with its marks and colour, each line for itself."""
    lines = printable(run.text).split("\n")
    marked = (MARKS[run.kind].format(line) if line.strip() else line for line in lines)
    return "\n".join(click.style(line, fg=COLOURS[run.kind]) if line else "" for line in marked)


def parts(value: Any) -> list[Any]:
    """What a value consists of: the items of a list, the labels of an object, itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        return [f"{label}: {text}" for label, text in value.items()]
    return [value]
