"""docs/reading.md says what is so: its commands and programs run, in order, on the demo's data."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from ingest.publish import publish
from ingest.settings import Settings
from tests.conftest import DemoRun
from tests.docs.test_readme import compare, read_blocks, read_steps

BOOK = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
PORT = "8001"
"""The port of the book; the test takes a free one in its place."""
BIN = Path(sys.executable).parent


class Desk:
    """A reader's folder with the demo's data, and a second terminal in which `ingest browse` runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = str(probe.getsockname()[1])
        self.server: subprocess.Popen[str] | None = None

    def run(self, command: str) -> str:
        words = shlex.split(command.replace(f":{PORT}", f":{self.port}"))
        if words == ["export", "INGEST_DATA=data/demo"]:
            return ""
        if words == ["ingest", "browse"]:
            return self.browse().replace(self.port, PORT)
        if words[:2] == ["curl", "-s"]:
            return httpx.get(words[2], timeout=60).text.replace("\r\n", "\n").rstrip("\n") + "\n"
        assert words[0] in ("ingest", "sqlite-utils", "python"), command
        return self.call(*words)

    def call(self, *words: str) -> str:
        environment = {**os.environ, "INGEST_DATA": "data/demo"}
        arguments = [str(BIN / words[0]), *words[1:]]
        done = subprocess.run(arguments, cwd=self.folder, env=environment, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def published(self) -> Path:
        """The published file, written where the commands of the book have not done so."""
        publish(Settings(data=self.folder / "data" / "demo"))
        return self.folder / "data" / "demo" / "published" / "incidents.db"

    def browse(self) -> str:
        command = [str(BIN / "ingest"), "--data", "data/demo", "browse", "--port", self.port]
        self.server = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert self.server.stdout is not None
        return self.server.stdout.readline()


@pytest.fixture(scope="module")
def desk(demo_run: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("reader")
    (folder / "data" / "demo").mkdir(parents=True)
    shutil.copy(demo_run.data / "incidents.db", folder / "data" / "demo")
    for program in read_blocks("python", BOOK):
        if name := re.match(r"# (\w+\.py)\n", program):
            (folder / name[1]).write_text(program, encoding="utf-8")
    desk = Desk(folder)
    yield desk
    if desk.server is not None:
        desk.server.terminate()
        desk.server.communicate(timeout=20)


def test_the_commands_print_what_is_shown(desk: Desk) -> None:
    for step in read_steps(BOOK):
        printed = desk.run(step.command)
        # A line may be cut: `{"id": "x", ...` stands for a line that begins so.
        shown = step.shown.splitlines(keepends=True)
        cut = {line[: -len("...\n")] for line in shown if line.endswith("...\n") and line != "...\n"}
        lines = [
            next((f"{start}...\n" for start in cut if line.startswith(start)), line)
            for line in printed.splitlines(True)
        ]
        compare("".join(shown), "".join(lines))


@pytest.mark.parametrize("program", [one for one in read_blocks("python", BOOK) if not one.startswith("# ")])
def test_the_programs_run(desk: Desk, program: str) -> None:
    desk.published()
    if "import pandas" in program:
        pytest.importorskip("pandas")
    if f":{PORT}" in program and desk.server is None:
        desk.browse()
    printed = desk.call("python", "-c", program.replace(f":{PORT}", f":{desk.port}"))
    assert printed.count("\n") >= 1
    if "next_url" in program:
        assert printed == "24 titles\n"


@pytest.mark.parametrize("query", read_blocks("sql", BOOK))
def test_the_queries_have_answers(desk: Desk, query: str) -> None:
    with closing(sqlite3.connect(f"file:{desk.published()}?mode=ro", uri=True)) as db:
        assert db.execute(query).fetchall()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w/.]+\.md)\)|`(tests/[^`]*)`", BOOK))))
def test_what_is_pointed_at_exists(path: tuple[str, str]) -> None:
    root = Path(__file__).parents[2]
    assert (root / "docs" / path[0]).exists() if path[0] else (root / path[1]).exists()


def test_the_tables_of_the_book_are_those_of_the_file(desk: Desk) -> None:
    with closing(sqlite3.connect(f"file:{desk.published()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    public = {name for (name,) in rows if not re.match(r"sqlite_|_sqlite_|incidents_fts_", name)}
    table = BOOK.partition("| table or view |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table.replace("`record`", ""))) == public
