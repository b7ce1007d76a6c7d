"""The published files of several data directories become one, whose readers keep their cursors."""

from __future__ import annotations

import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run
from ingest.publish import is_intact, publish
from ingest.results import PageResult, Read
from ingest.settings import Settings
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import begin_run, register_source
from tests.store.conftest import SITE, Site, record


class OtherSite(Site):
    """A site of another source: its incidents bear that name."""

    def read(self, *arguments: Any, **options: Any) -> PageResult:
        result = super().read(*arguments, **options)
        assert isinstance(result.verdict, Read)
        named = result.verdict.incident_id.replace("example:", f"{self.run.source}:")
        return replace(result, verdict=replace(result.verdict, incident_id=named))


@dataclass
class Shard:
    """A data directory of one source, and what is published of it."""

    data: Path
    source: str
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        db = open_writer(self.data / "incidents.db")
        with transaction(db):
            register_source(db, {**SITE, "id": self.source})
            begun = begin_run(db, "scrape", self.source, "test", None)
        self.site = OtherSite(db, begun)

    def edit(self, slug: str, **fields: Any) -> None:
        self.site.list(slug)
        self.site.commit(self.site.read(slug, record(**fields)))

    def publish(self) -> None:
        publish(Settings(data=self.data))


@dataclass
class Reader:
    """Keeps a cursor and what it has been told, as a downstream program does."""

    file: Path
    cursor: int = 0
    seen: list[int] = field(default_factory=list)
    records: dict[str, Any] = field(default_factory=dict)

    def follow(self) -> None:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT id, incident_id, change, record FROM incident_versions WHERE id > ? ORDER BY id", [self.cursor]
            )
            for cursor, incident, change, text in rows:
                self.cursor = cursor
                self.seen.append(cursor)
                self.records[incident] = None if change == "removed" else json.loads(text)


class Merge:
    """Shards below one folder, and the file that they are merged into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shards: list[Shard] = []
        self.file = folder / "all" / "published" / "incidents.db"

    def shard(self, source: str, folder: str | None = None) -> Shard:
        shard = Shard(self.folder / (folder or source), source)
        self.shards.append(shard)
        return shard

    def ingest(self, *arguments: object) -> tuple[int, str]:
        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output):
            status = run(list(map(str, arguments)))
        return status, output.getvalue()

    def merge(self, *directories: Path) -> tuple[int, str]:
        return self.ingest("publish", "--merge", *(directories or [shard.data for shard in self.shards]), *self.out)

    @property
    def out(self) -> tuple[object, ...]:
        return "--out", self.folder / "all"

    def refused(self, *directories: Path) -> str:
        """The sentence of a merge that is refused and leaves everything as it was."""
        before = self.file.read_bytes() if self.file.exists() else None
        status, sentence = self.merge(*directories)
        assert status == 2, sentence
        assert (self.file.read_bytes() if self.file.exists() else None) == before
        assert not list(self.file.parent.glob(".*.new"))
        return sentence

    def rows(self, query: str, file: Path | None = None) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{file or self.file}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def publish_all(self) -> None:
        for shard in self.shards:
            shard.publish()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Merge]:
    merge = Merge(tmp_path)
    yield merge
    for shard in merge.shards:
        shard.site.db.close()


def test_the_merged_file_holds_what_its_parts_hold(desk: Merge) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a", status="open", tags=["x", "y"])
    two.edit("a", status="new", summary="unheard")
    one.edit("a", status="closed", tags=["x", "y"])
    desk.publish_all()
    status, output = desk.merge()
    assert (status, output.startswith("Published:")) == (0, True), output
    for table in ("sources", "runs", "incident_tags"):
        parts = [row for shard in desk.shards for row in desk.rows(f"SELECT * FROM {table}", file_of(shard))]
        assert sorted(desk.rows(f"SELECT * FROM {table}"), key=repr) == sorted(parts, key=repr)
    known = (
        "SELECT incident_id, version, change, observed_at, record FROM incident_versions ORDER BY incident_id, version"
    )
    assert desk.rows(known) == [row for shard in desk.shards for row in desk.rows(known, file_of(shard))]
    changes = (
        "SELECT v.incident_id, field, old_value, new_value FROM incident_changes "
        "JOIN incident_versions v ON v.id = version_id"
    )
    assert desk.rows(changes) == [("one:a", "status", "open", "closed")]
    search = (
        "SELECT i.id FROM incidents_fts f JOIN incidents i ON i.rowid = f.rowid WHERE incidents_fts MATCH 'unheard'"
    )
    assert desk.rows(search) == [("two:a",)]
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    assert is_intact(desk.file.parent)


def file_of(shard: Shard) -> Path:
    return shard.data / "published" / "incidents.db"


def test_it_has_the_tables_indices_and_views_of_a_part_and_names_its_parts(desk: Merge) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a")
    two.edit("a")
    two.edit("b")
    desk.publish_all()
    desk.merge()
    names = "SELECT type, name FROM sqlite_schema ORDER BY type, name"
    assert set(desk.rows(names)) - set(desk.rows(names, file_of(one))) == {("table", "parts")}
    parts = [("one", '["one"]', 1), ("two", '["two"]', 2)]
    assert desk.rows("SELECT name, sources, cursor FROM parts ORDER BY number") == parts
    told = json.loads((desk.file.parent / "manifest.json").read_text())
    assert [(part["name"], part["sources"], part["cursor"]) for part in told["parts"]] == [
        ("one", ["one"], 1),
        ("two", ["two"], 2),
    ]
    assert (told["cursor"], told["versions"], told["sources"]) == (3, 3, 2)


def test_what_was_merged_keeps_its_cursor_and_what_is_new_follows_by_time(desk: Merge) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a", status="1")
    two.edit("a", status="2")
    one.edit("b", status="3")
    desk.publish_all()
    desk.merge()
    first = desk.rows("SELECT id, incident_id FROM incident_versions ORDER BY id")
    assert first == [(1, "one:a"), (2, "two:a"), (3, "one:b")]
    late = desk.shard("late")  # observed before the next edit, published after it has been merged
    late.edit("a", status="4")
    one.edit("a", status="5")
    one.publish()
    desk.merge(one.data, two.data)
    late.publish()
    two.edit("a", status="6")
    two.publish()
    desk.merge(late.data, two.data, one.data)
    then = [*first, (4, "one:a"), (5, "late:a"), (6, "two:a")]
    assert desk.rows("SELECT id, incident_id FROM incident_versions ORDER BY id") == then
    numbers = desk.rows("SELECT number, rowid, id FROM incidents ORDER BY number")
    assert [(number, rowid) for number, rowid, _ in numbers] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert numbers[3][2] == "late:a"


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_that_follows_the_cursor_ends_with_the_current_state(desk: Merge, seed: int) -> None:
    chance = random.Random(seed)
    shards = [desk.shard(source) for source in ("one", "two", "three")]
    reader = Reader(desk.file)
    present = 2  # the third joins later
    for round_number in range(4):
        for step in range(12):
            shard = chance.choice(shards)
            slug = chance.choice("abc")
            if chance.random() < 0.2:
                shard.site.commit(gone(shard, slug))
            else:
                shard.edit(slug, status=f"{round_number}.{step}", tags=[chance.choice("xyz")])
            if chance.random() < 0.2:
                shard.publish()
        for shard in shards[:present]:
            if round_number == 0 or chance.random() < 0.7:
                shard.publish()
        status, output = desk.merge(*(shard.data for shard in chance.sample(shards[:present], present)))
        assert status == 0, output
        reader.follow()
        if round_number == 1:
            present = 3
            shards[2].publish()
    assert reader.seen == list(range(1, reader.cursor + 1))
    expected = {}
    for shard in shards:
        for incident, removed, text in desk.rows(
            "SELECT i.id, i.removed_at, v.record FROM incidents i JOIN incident_versions v "
            "ON v.incident_id = i.id AND v.version = i.version",
            file_of(shard),
        ):
            expected[incident] = None if removed else json.loads(text)
    assert reader.records == expected
    assert reader.cursor == desk.rows("SELECT cursor FROM manifest")[0][0]


def gone(shard: Shard, slug: str) -> PageResult:
    result = shard.site.gone(slug)
    return replace(result, verdict=replace(result.verdict, incident_id=f"{shard.source}:{slug}"))  # type: ignore[type-var]


VICTIM = """
import os, signal, sys
from pathlib import Path
import ingest.merge, ingest.publish
from ingest.settings import Settings
room, name, out, *parts = sys.argv[1:]
def dying(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(sys.modules[room], name, dying)
ingest.merge.merge([Path(part) for part in parts], Settings(data=out))
"""


@pytest.mark.parametrize(
    ("room", "step"),
    [("ingest.merge", "replace_published"), ("ingest.publish", "_write_json")],
    ids=["before", "after"],
)
def test_a_death_in_the_middle_leaves_a_whole_file_and_every_cursor(desk: Merge, room: str, step: str) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a", status="1")
    two.edit("a", status="2")
    desk.publish_all()
    desk.merge()
    reader = Reader(desk.file)
    reader.follow()
    two.edit("a", status="3")
    one.edit("a", status="4")
    desk.publish_all()
    out = [str(desk.folder / "all"), str(one.data), str(two.data)]
    ended = subprocess.run([sys.executable, "-c", VICTIM, room, step, *out], timeout=60, check=False)
    assert ended.returncode == -9
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    reader.follow()
    one.edit("b", status="5")
    one.publish()
    assert desk.merge()[0] == 0
    assert is_intact(desk.file.parent)
    assert not list(desk.file.parent.glob(".*"))
    reader.follow()
    assert reader.seen == [1, 2, 3, 4, 5]
    assert reader.records["one:a"]["status"] == "4"
    assert reader.records["two:a"]["status"] == "3"


def test_nothing_is_written_where_no_part_is_published_anew(desk: Merge) -> None:
    desk.shard("one").edit("a")
    desk.publish_all()
    desk.merge()
    inode = desk.file.stat().st_ino
    status, output = desk.merge()
    assert (status, output.startswith("Nothing has changed")) == (0, True)
    assert desk.file.stat().st_ino == inode


def test_a_damaged_merged_file_is_written_again_with_the_same_cursors(desk: Merge) -> None:
    shard = desk.shard("one")
    shard.edit("a", summary="a summary that will be damaged")
    desk.publish_all()
    desk.merge()
    before = desk.rows("SELECT id, incident_id FROM incident_versions")
    damaged = desk.file.read_bytes().replace(b"a summary that will", b"a summary THAT will")
    desk.file.unlink()
    desk.file.write_bytes(damaged)
    desk.merge()
    assert desk.rows("SELECT id, incident_id FROM incident_versions") == before
    assert desk.rows("SELECT summary FROM incidents") == [("a summary that will be damaged",)]
    assert is_intact(desk.file.parent)


def older_copy(desk: Merge) -> list[Path]:
    shard = desk.shard("one")
    shard.edit("a")
    shard.publish()
    shutil.copytree(shard.data / "published", desk.folder / "old" / "published")
    shard.edit("b")
    shard.publish()
    desk.merge()
    return [desk.folder / "old"]


def the_same_source(desk: Merge) -> list[Path]:
    one, twin = desk.shard("one"), desk.shard("one", "twin")
    one.edit("a")
    twin.edit("b")
    desk.publish_all()
    return [one.data, twin.data]


def another_history(desk: Merge) -> list[Path]:
    one, other = desk.shard("one"), desk.shard("one", "other")
    one.edit("a")
    other.edit("b")
    desk.publish_all()
    desk.merge(one.data)
    return [other.data]


def a_part_left_out(desk: Merge) -> list[Path]:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a")
    two.edit("a")
    desk.publish_all()
    desk.merge()
    return [one.data]


def never_published(desk: Merge) -> list[Path]:
    shard = desk.shard("one")
    shard.edit("a")
    return [shard.data]


def a_working_database(desk: Merge) -> list[Path]:
    shard = desk.shard("one")
    shard.edit("a")
    place = desk.folder / "copied" / "published"
    place.mkdir(parents=True)
    shard.site.db.execute("VACUUM INTO ?", [str(place / "incidents.db")])
    return [place.parent]


def no_database(desk: Merge) -> list[Path]:
    place = desk.folder / "text" / "published"
    place.mkdir(parents=True)
    (place / "incidents.db").write_text("This is no database, and it is long enough to be read as one." * 30)
    return [place.parent]


def another_schema(desk: Merge) -> list[Path]:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a")
    two.edit("a")
    desk.publish_all()
    file_of(two).chmod(0o644)
    with closing(sqlite3.connect(file_of(two))) as db:
        db.execute("ALTER TABLE incidents ADD COLUMN cost TEXT")
    return [one.data, two.data]


def merged_already(desk: Merge) -> list[Path]:
    desk.shard("one").edit("a")
    desk.publish_all()
    desk.merge()
    shutil.copytree(desk.folder / "all", desk.folder / "again")
    return [desk.folder / "again"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (the_same_source, "have the source one"),
        (older_copy, "is not a later state of what was merged"),
        (another_history, "is not a later state of what was merged"),
        (a_part_left_out, "two (from two) was merged before"),
        (never_published, "There is no published file"),
        (a_working_database, "is no published file"),
        (no_database, "can't be read"),
        (another_schema, "another schema"),
        (merged_already, "is merged already"),
    ],
)
def test_a_part_that_cannot_be_joined_is_refused(
    desk: Merge, make: Callable[[Merge], list[Path]], sentence: str
) -> None:
    directories = make(desk)
    assert sentence in desk.refused(*directories)


def test_a_folder_with_a_database_or_a_file_of_its_own_is_not_merged_into(desk: Merge) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a")
    two.edit("a")
    desk.publish_all()
    status, output = desk.ingest("--data", two.data, "publish", "--merge", one.data)
    assert (status, "database of its own" in output) == (2, True)
    shutil.copytree(two.data / "published", desk.file.parent)
    assert "published from a database" in desk.refused(one.data)


def test_directories_and_the_flag_go_together(desk: Merge) -> None:
    for arguments in (("--merge",), (desk.folder,), ("--out", desk.folder)):
        status, output = desk.ingest("publish", *arguments)
        assert (status, "--merge" in output) == (2, True)


def test_the_commands_for_readers_work_on_the_merged_file(desk: Merge) -> None:
    one, two = desk.shard("one"), desk.shard("two")
    one.edit("a", status="open")
    two.edit("a", status="open")
    desk.publish_all()
    desk.merge()
    one.edit("a", status="closed")
    one.publish()
    desk.merge()
    status, output = desk.ingest("--data", desk.file.parent, "changes", "--since", 2, "--json")
    [row] = map(json.loads, output.splitlines())
    assert (status, row["cursor"], row["incident_id"], row["new_value"]) == (0, 3, "one:a", "closed")
