"""docs/source-file.md says of every key of a source's file what it means, and is what the program says."""

from __future__ import annotations

from pathlib import Path

from ingest.sources.describe import describe_file
from ingest.sources.source import OWN_KEYS, Correction, Floors, Source

PAGE = Path(__file__).parents[2] / "docs/source-file.md"


def test_the_page_is_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == describe_file(), "Run `make docs`."


def test_every_key_has_a_sentence() -> None:
    for model in (Source, Correction, Floors):
        for key in model.model_fields.keys() - OWN_KEYS:
            rows = [line for line in describe_file().splitlines() if line.startswith(f"| `{key}` |")]
            assert any(row.count(" | ") == 3 and row.endswith((". |", "` |")) for row in rows), key
