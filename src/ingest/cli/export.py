"""`ingest export`: the records as CSV or JSON Lines, now or as of a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import IO

import click

from ingest.cli.output import print_json
from ingest.errors import IngestError
from ingest.export import RECORD_COLUMNS, defuse_formula, flatten_record, json_schema, record_fields, write_csv
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.exports import record_rows


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True, help="What to write."
)
@click.option("--as-of", metavar="TIME", help="As it stood then: 2026-03-31 (its beginning, UTC) or a full time.")
@click.option("--removed", is_flag=True, help="Removed incidents too: their change is `removed`.")
@click.option("--raw-csv", is_flag=True, help="Texts exactly as they are, also those that a spreadsheet would run.")
@click.option("--output", default="-", type=click.Path(dir_okay=False, allow_dash=True), help="A file, written whole.")
@click.option("--schema", is_flag=True, help="The JSON Schema of a record instead.")
@click.pass_obj
def export(
    settings: Settings, form: str, as_of: str | None, removed: bool, raw_csv: bool, output: str, schema: bool
) -> None:
    """Write the incidents as CSV or JSON Lines."""
    with open_output(output) as file:
        if schema:
            file.write(json.dumps(json_schema(), indent=2) + "\n")
            return
        rows = record_rows(open_reader(settings.database), as_of, removed=removed)
        if form == "csv":
            columns = (*RECORD_COLUMNS, *record_fields())
            write_csv(file, columns, map(flatten_record, rows), str if raw_csv else defuse_formula)
        else:
            with nullcontext() if output == "-" else redirect_stdout(file):
                print_json(rows)


@contextmanager
def open_output(output: str) -> Iterator[IO[str]]:
    """Standard output for `-`, else a file that is replaced once it is whole. Raises IngestError where it can't be."""
    path = Path(output)
    if output == "-" or (path.exists() and not path.is_file()):
        with click.open_file(output, "w", encoding="utf-8") as file:
            yield file
        return
    path = path.resolve()
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as file:
            yield file
        new.replace(path)
    except OSError as error:
        raise IngestError(f"{path} can't be written: {error}.") from error
    finally:
        new.unlink(missing_ok=True)
