"""What commands print: tables for people, JSON Lines for tools. Scraped text can't control a terminal."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import click

from ingest.redaction import UNSAFE, escape_unsafe

LINES = 100
"""JSON Lines that are written at a time."""


def printable(value: object) -> str:
    """A value as a terminal may show it: control and direction-changing characters as escapes, null as a dash."""
    text = "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return escape_unsafe(text)


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """JSON Lines on standard output, one object a row; what a terminal could obey is escaped."""
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    encode = json.JSONEncoder(ensure_ascii=not readable).encode
    left = iter(rows)
    while lines := [encode(row) for row in islice(left, LINES)]:
        click.echo(UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], "\n".join(lines)))


def print_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], empty: str) -> None:
    """A table that fits the terminal. columns: key of a row -> heading; the last one takes the room that is left."""
    if not rows:
        click.echo(empty)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    last = list(columns)[-1]
    for key, heading in columns.items():
        number = all(isinstance(row.get(key), int) for row in rows)
        table.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=key != last)
    for row in rows:
        table.add_row(*(Text(printable(row.get(key))) for key in columns))
    width = shutil.get_terminal_size((120, 24)).columns
    Console(width=width, highlight=False, markup=False).print(table)


def short_time(text: str | None) -> str | None:
    """A time to the second, for tables."""
    return text and text[:19].replace("T", " ")
