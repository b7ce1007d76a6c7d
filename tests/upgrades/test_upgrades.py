"""A database of the first release opens, is brought up to date and keeps its history; a newer one is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from ingest.cli import run
from ingest.errors import IngestError
from ingest.store import connection
from ingest.store.connection import open_reader, open_writer
from ingest.store.migrations import migrations
from tests.upgrades.make_first_release import restore

FIRST_STEP = "step_1_first_schema"
HISTORY = "SELECT incident_id, version, change, cause, content_sha256, record FROM incident_versions ORDER BY id"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    restore(tmp_path / "incidents.db")
    return tmp_path


def add_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a later release would: one step more."""
    later = Migrations("ingest")

    def step_1_first_schema(db: Database) -> None:
        raise AssertionError("a step that was applied is applied again")

    def step_999_of_a_later_release(db: Database) -> None:
        db.execute("ALTER TABLE incidents ADD COLUMN cost TEXT")

    for step in migrations.pending(Database(memory=True)):
        if step.name != FIRST_STEP:
            later()(step.fn)
        else:
            later()(step_1_first_schema)
    later()(step_999_of_a_later_release)
    monkeypatch.setattr(connection, "migrations", later)


def test_it_opens_with_its_history(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Database(data / "incidents.db").execute(HISTORY).fetchall()
    assert len(before) > 23
    open_writer(data / "incidents.db").close()
    db = open_reader(data / "incidents.db")
    assert db.execute(HISTORY).fetchall() == before
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("SELECT count(*) FROM incidents_fts WHERE incidents_fts MATCH 'refund'").fetchone() > (0,)
    for command in (["changes", "--json"], ["status", "--json"], ["failures", "--json"], ["runs", "--json"]):
        capsys.readouterr()
        run(["--data", str(data), *command])
        assert [json.loads(line) for line in capsys.readouterr().out.splitlines()], command
    assert run(["--data", str(data), "publish"]) == 0


def test_a_later_step_is_applied_once_and_keeps_the_history(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Database(data / "incidents.db").execute(HISTORY).fetchall()
    open_writer(data / "incidents.db").close()
    add_step(monkeypatch)
    with pytest.raises(IngestError, match=r"older schema.*migrates it"):
        open_reader(data / "incidents.db")
    for _ in range(2):
        open_writer(data / "incidents.db").close()
    db = open_reader(data / "incidents.db")
    assert db.execute(HISTORY).fetchall() == before
    assert "cost" in {column.name for column in db.table("incidents").columns}


def test_a_database_of_a_newer_release_is_refused_in_plain_words(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as newer:
        add_step(newer)
        open_writer(data / "incidents.db").close()
    for command in (["status"], ["scrape", "provyn"]):
        assert run(["--data", str(data), *command]) == 2
        message = capsys.readouterr().err
        assert "was written by a newer ingest (schema step step_999_of_a_later_release). Upgrade ingest" in message


def test_the_first_step_makes_what_the_fixture_has(data: Path, tmp_path: Path) -> None:
    """A released step is never edited. Before the first release: python -m tests.upgrades.make_first_release"""
    fresh = Database(memory=True)
    first = Migrations("ingest")
    [step] = [one for one in migrations.pending(fresh) if one.name == FIRST_STEP]
    first()(step.fn)
    first.apply(fresh)
    found = Database(data / "incidents.db")
    assert schema(found) == schema(fresh)


def schema(db: Database) -> set[tuple[str, str]]:
    """Names and columns; SQLite keeps the text of a dump otherwise than that of a step."""
    tables = {(table.name, ", ".join(f"{c.name} {c.type}" for c in table.columns)) for table in db.tables}
    return {one for one in tables if not one[0].startswith(("_", "sqlite_"))} | {
        (view.name, ", ".join(column.name for column in view.columns)) for view in db.views
    }
