"""The schema in words, from the comments that the database keeps with it: `python -m ingest.store.describe`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from ingest.store.connection import open_writer

_TITLE = re.compile(r"CREATE (TABLE|VIEW) (\w+) (?:\(|AS) -- (.+)")
_COLUMN = re.compile(r"    (\w+) (TEXT|INTEGER|REAL|ANY)\b.*?-- (.+)")
_HEAD = """# The database

Generated from a fresh database by `make docs`. Times are ISO-8601, UTC, with microseconds, and sort as text.
The tables are STRICT. `urls` moves at every run, `incidents` only when an incident does, the others only grow.
"""


def describe_schema(db: Database) -> str:
    """A chapter a table and view, a sentence a column, as markdown."""
    chapters = [_HEAD]
    for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE type IN ('table', 'view') AND sql IS NOT NULL"):
        if title := _TITLE.match(sql):
            kind, name, purpose = title.groups()
            chapters.append(f"## {name}{' (view)' if kind == 'VIEW' else ''}\n\n{purpose}\n")
            chapters.append(_columns_of_view(db, name) if kind == "VIEW" else _columns_of_table(sql))
    return "\n".join(chapters)


def column_sentences(sql: str) -> dict[str, str]:
    """Column -> what it means, from the comments of a table's definition."""
    return {name: text for name, _, text in _COLUMN.findall(sql)}


def _columns_of_table(sql: str) -> str:
    rows = [f"| {name} | {kind.lower()} | {text} |" for name, kind, text in _COLUMN.findall(sql)]
    return "\n".join(["| column | type | meaning |", "| --- | --- | --- |", *rows, ""])


def _columns_of_view(db: Database, name: str) -> str:
    columns = [description[0] for description in db.execute(f"SELECT * FROM {name} LIMIT 0").description]
    return "Columns: " + ", ".join(columns) + ".\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.write(describe_schema(open_writer(Path(folder) / "incidents.db")))
