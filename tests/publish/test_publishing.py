"""Publishing again, keeping earlier files, holds, refusals, and a death in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.lease import hold_lease
from ingest.publish import Held, is_intact, publish
from tests.publish.conftest import Desk


def test_nothing_is_written_where_nothing_has_been_added(desk: Desk) -> None:
    desk.edit()
    first = desk.publish()
    inode = desk.file.stat().st_ino
    second = desk.publish()
    assert (first.written, second.written) == (True, False)
    assert second.manifest == first.manifest
    assert desk.file.stat().st_ino == inode
    assert {path.name for path in desk.folder.iterdir()} == {"incidents.db", "manifest.json"}


def test_a_run_without_a_change_refreshes_the_file_and_keeps_no_twin(desk: Desk) -> None:
    desk.edit()
    desk.publish()
    desk.end()
    again = desk.publish()
    assert again.written
    assert again.manifest.last_run == desk.site.run.id
    assert not (desk.folder / "previous").exists()


def test_the_last_files_are_kept_whole(desk: Desk) -> None:
    for status in "abcde":
        desk.edit(status=status)
        desk.publish(keep=2)
    kept = sorted((desk.folder / "previous").iterdir())
    assert [path.stem.rpartition("-")[2] for path in kept] == ["3", "4"]
    desk.file = kept[0]
    assert desk.rows("SELECT cursor FROM manifest") == [(3,)]
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]


def test_no_earlier_file_is_kept_where_none_is_wanted(desk: Desk) -> None:
    for status in "abc":
        desk.edit(status=status)
        desk.publish(keep=1)
    desk.edit(status="d")
    desk.publish(keep=0)
    assert list((desk.folder / "previous").iterdir()) == []


def test_a_damaged_file_is_written_again(desk: Desk) -> None:
    desk.edit()
    desk.publish()
    damaged = bytearray(desk.file.read_bytes())
    damaged[-1] ^= 1
    desk.file.unlink()
    desk.file.write_bytes(damaged)
    assert not is_intact(desk.folder)
    assert desk.publish().written
    assert is_intact(desk.folder)


def test_a_file_that_is_no_database_is_replaced(desk: Desk) -> None:
    desk.edit()
    desk.folder.mkdir()
    desk.file.write_text("no database")
    assert desk.publish().written
    assert desk.rows("SELECT count(*) FROM incidents") == [(1,)]


def test_while_a_source_is_held_nothing_is_written(desk: Desk) -> None:
    desk.edit(status="good")
    desk.end()
    desk.publish()
    desk.site.begin()
    desk.edit(status="doubtful")
    desk.end("held")
    before = desk.file.read_bytes()
    assert publish(desk.settings) == Held(("example",))
    assert desk.file.read_bytes() == before
    status, _, messages = desk.ingest("publish")
    assert status == 1
    assert "example is held" in messages


@pytest.mark.parametrize(
    ("flow", "outcome"),
    [("scrape", "completed"), ("retry", "completed"), ("reparse", "interrupted"), ("reparse", "failed")],
)
def test_a_hold_outlasts_every_run_but_a_reparse_that_completes(desk: Desk, flow: str, outcome: str) -> None:
    desk.end("held")
    desk.site.begin(flow)
    desk.end(outcome)  # type: ignore[arg-type]
    assert isinstance(publish(desk.settings), Held)


def test_a_hold_ends_with_a_reparse_within_the_floors(desk: Desk) -> None:
    desk.end("held")
    desk.site.begin("reparse")
    desk.end("completed")
    assert desk.publish().written


def test_a_hold_ends_when_a_person_accepts_the_run_and_the_runs_outcome_stays(desk: Desk) -> None:
    desk.end("held")
    assert desk.ingest("accept", "run", "example")[0] == 0
    assert desk.publish().written
    assert desk.site.rows("SELECT outcome FROM runs") == [{"outcome": "held"}]
    assert desk.ingest("accept", "run", "example")[0] == 2


def test_a_database_that_does_not_continue_the_published_history_is_refused(desk: Desk) -> None:
    desk.edit(status="a")
    desk.edit(status="b")
    desk.publish()
    desk.site.db.execute("UPDATE incident_versions SET observed_at = '2025-01-01T00:00:00.000000Z'")
    before = desk.file.read_bytes()
    status, _, messages = desk.ingest("publish")
    assert status == 2
    assert "another history" in messages
    assert desk.file.read_bytes() == before


def test_an_older_copy_of_the_database_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.edit(status="a")
    older = tmp_path / "older.db"
    desk.site.db.execute("VACUUM INTO ?", [str(older)])
    desk.edit(status="b")
    desk.publish()
    settings = desk.settings.model_copy(update={"data": tmp_path / "restored"})
    settings.data.mkdir()
    shutil.copytree(desk.folder, settings.data / "published")
    older.rename(settings.database)
    with pytest.raises(IngestError, match="stands at cursor 2"):
        publish(settings)


def test_without_a_database_nothing_is_made(tmp_path: Path, desk: Desk) -> None:
    status, _, messages = desk.ingest("publish", data=tmp_path / "empty")
    assert status == 2
    assert "There is no database" in messages
    assert not (tmp_path / "empty" / "published" / "incidents.db").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(desk: Desk) -> None:
    desk.edit()
    desk.folder.write_text("in the way")
    status, _, messages = desk.ingest("publish")
    assert status == 2
    assert "can't be written" in messages


def test_rows_that_refer_to_absent_ones_are_not_published(desk: Desk) -> None:
    desk.edit()
    desk.publish()
    desk.edit(status="b")
    desk.site.db.execute("PRAGMA foreign_keys = OFF")
    [page] = desk.site.db.execute("SELECT * FROM pages LIMIT 1").fetchall()
    desk.site.db.execute("DELETE FROM pages WHERE sha256 = ?", [page[0]])
    before = desk.file.read_bytes()
    status, _, messages = desk.ingest("publish")
    assert status == 2
    assert "refer to absent rows of pages" in messages
    assert desk.file.read_bytes() == before
    assert not list(desk.folder.glob(".*"))
    desk.site.db.execute(f"INSERT INTO pages VALUES ({','.join('?' * len(page))})", page)


def test_two_publishers_do_not_meet(desk: Desk) -> None:
    desk.edit()
    with hold_lease(desk.settings.locks / "published", "publish"):
        status, _, messages = desk.ingest("publish")
    assert status == 2
    assert str(os.getpid()) in messages


VICTIM = """
import os, signal, sys
from pathlib import Path
import ingest.publish as module
from ingest.settings import Settings
name, count, data = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
function, calls = getattr(module, name), []
def dying(*arguments, **options):
    calls.append(1)
    if len(calls) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments, **options)
setattr(module, name, dying)
module.publish(Settings(data=data))
"""


@pytest.mark.parametrize(
    ("step", "count"), [("fill_copy", 1), ("_keep", 1), ("_put_in_place", 1), ("_write_json", 1), ("_put_in_place", 2)]
)
def test_a_death_in_the_middle_leaves_a_whole_file_and_the_next_time_mends_the_rest(
    desk: Desk, step: str, count: int
) -> None:
    desk.edit(status="a")
    desk.publish()
    desk.edit(status="b")
    arguments = [sys.executable, "-c", VICTIM, step, str(count), str(desk.settings.data)]
    assert subprocess.run(arguments, timeout=60, check=False).returncode == -9
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    [(cursor, versions)] = desk.rows("SELECT cursor, (SELECT count(*) FROM incident_versions) FROM manifest")
    assert cursor == versions
    assert desk.publish().manifest.cursor == 2
    assert is_intact(desk.folder)
    assert {path.name for path in desk.folder.iterdir()} == {"incidents.db", "manifest.json", "previous"}
    assert [path.stem.rpartition("-")[2] for path in (desk.folder / "previous").iterdir()] == ["1"]
