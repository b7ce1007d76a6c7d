"""What Datasette is told of the file: the hand-written words, and the sentences of the file's own schema."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from datasette.utils import parse_metadata
from sqlite_utils import Database

from ingest.store.describe import column_sentences
from ingest.store.snapshot import open_published


def read_metadata() -> dict[str, Any]:
    """The hand-written part."""
    text = files("ingest.browse").joinpath("metadata.yaml").read_text(encoding="utf-8")
    metadata: dict[str, Any] = parse_metadata(text)
    return metadata


def describe_file(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The metadata with a sentence for each column, and the number of rows of each table."""
    metadata = read_metadata()
    db = open_published(path)
    try:
        tables: dict[str, dict[str, Any]] = metadata["databases"]["incidents"]["tables"]
        counts = {}
        for name, sql in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL"):
            if name in tables:
                tables[name]["columns"] = column_sentences(sql)
                counts[name] = _count(db, name)
        return metadata, counts
    finally:
        db.close()


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0])
