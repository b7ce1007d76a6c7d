"""A reader that follows the cursor through several files ends with exactly what the last one holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingest.records import Incident
from tests.docs.test_readme import read_blocks
from tests.publish.conftest import Desk

BOOK = Path(__file__).parents[2] / "docs" / "reading.md"
LISTS = ("tags", "citations", "raw", "extra")
"""Fields that a row holds as JSON text."""
[PROGRAM] = [one for one in read_blocks("python", BOOK.read_text(encoding="utf-8")) if one.startswith("# follow.py\n")]


def follow(desk: Desk, copy: Path) -> list[int]:
    """The cursors that the program of the reader's handbook has met on the file as it stands."""
    arguments = [sys.executable, "-c", PROGRAM, str(desk.file), str(copy)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return [int(line.split()[0]) for line in done.stdout.splitlines()]


def current(desk: Desk) -> dict[str, Any]:
    """The incidents of the file that are not removed, as records."""
    rows = desk.rows("SELECT * FROM incidents WHERE removed_at IS NULL")
    names = [row[0] for row in desk.rows("SELECT name FROM pragma_table_info('incidents')")]
    return {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in rows}


def test_the_handbooks_reader_ends_with_the_current_state_after_three_publishes(desk: Desk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    desk.edit("a", title="One", tags=["x"], human_review=True)
    desk.edit("b", title="Two")
    desk.publish()
    assert follow(desk, copy) == [1, 2]
    desk.edit("a", title="One", tags=["x", "y"], human_review=False, extra={"Cost": "9 USD"})
    desk.site.commit(desk.site.gone("b"))
    desk.publish()
    desk.edit(
        "c", title="Three", citations=[{"title": "T", "publisher": None, "date": "2024", "kind": None, "url": None}]
    )
    desk.edit("a", title="One again", tags=["y"], human_review=None, extra={"Cost": "8 USD"})
    desk.publish()
    assert follow(desk, copy) == [3, 4, 5, 6]
    desk.edit("b", title="Two is back")
    desk.publish()
    assert follow(desk, copy) == [7]
    assert follow(desk, copy) == []

    state = json.loads(copy.read_text())
    stands = current(desk)
    assert state["cursor"] == 7
    assert state["incidents"].keys() == stands.keys() == {"example:a", "example:b", "example:c"}
    for incident, record in state["incidents"].items():
        assert record.keys() == Incident.model_fields.keys() - {"id"}
        kept = {name: stands[incident][name] for name in record}
        assert record == {name: json.loads(value) if name in LISTS else value for name, value in kept.items()}
