"""`ingest source`: the sites that there are, and a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ingest.cases import find_cases, fixtures_of
from ingest.cli.output import print_json, print_table
from ingest.cli.source_new import new
from ingest.cli.source_test import test
from ingest.errors import IngestError

COLUMNS = {"name": "name", "home_url": "home", "labels": "labels", "fixtures": "fixtures", "file": "file"}


@click.group()
def source() -> None:
    """The sites that ingest reads. Each is a TOML file in parsers/sites or in a directory of INGEST_SOURCES."""


@source.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a source.")
def list_sources(as_json: bool) -> int:
    """Show every source: its home, how many labels it knows, its fixture cases, its file.

    A file that can't be used is shown with what is wrong with it, and makes the exit status 1.
    """
    rows = list(_describe_sources())
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS, "There is no source.")
        for row in rows:
            if row["problem"]:
                click.echo(row["problem"], err=True)
    return int(any(row["problem"] for row in rows))


def _describe_sources() -> Iterator[dict[str, Any]]:
    from parsers import load_source, source_files

    for name, file in sorted(source_files().items()):
        row: dict[str, Any] = {"name": name, "title": None, "home_url": None, "labels": None, "sections": None}
        row |= {"fixtures": None, "file": str(file), "problem": None}
        try:
            found = load_source(name)
            row |= {"title": found.title, "home_url": found.home_url}
            row |= {"labels": len(found.label_names), "sections": len(found.section_names)}
            row["fixtures"] = len(find_cases(fixtures_of(Path(str(file)))))
        except IngestError as error:
            row["problem"] = str(error)
        yield row


source.add_command(test)
source.add_command(new)
