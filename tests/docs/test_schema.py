"""docs/schema.md says of every column what it means, and is what a fresh database says."""

from __future__ import annotations

from pathlib import Path

from ingest.store.connection import open_writer
from ingest.store.describe import describe_schema

ROOT = Path(__file__).parents[2]


def test_the_schema_page_is_that_of_a_fresh_database(tmp_path: Path) -> None:
    described = describe_schema(open_writer(tmp_path / "incidents.db"))
    assert (ROOT / "docs/schema.md").read_text() == described, "Run `make docs`."


def test_every_column_has_a_sentence(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "incidents.db")
    described = describe_schema(db)
    for table in db.table_names():
        if not table.startswith(("sqlite_", "_sqlite", "incidents_fts")):
            chapter = described.split(f"\n## {table}\n")[1].split("\n## ")[0]
            for column in db.table(table).columns:
                assert f"| {column.name} |" in chapter, f"{table}.{column.name} has no sentence"
