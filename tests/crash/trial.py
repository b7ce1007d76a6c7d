"""A command that is killed: what it leaves behind undisturbed, and whether it leaves the same when it is run again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from ingest.archive import read_captures
from ingest.captures import decode_capture, hash_body
from ingest.store.connection import open_reader

ROOT = Path(__file__).parents[2]
CONTENT = {
    "incidents": "SELECT id, url, title, severity, status, tags, extra, content_sha256, version, moved_to, "
    "removed_at IS NULL FROM incidents",
    "versions": "SELECT incident_id, version, change, cause, page_sha256, content_sha256, record "
    "FROM incident_versions",
    "changes": "SELECT v.incident_id, v.version, c.field, c.old_value, c.new_value FROM incident_changes c "
    "JOIN incident_versions v ON v.id = c.version_id",
    "drift": "SELECT source, kind, field, value, pages FROM drift",
    "failures": "SELECT url, stage, kind, page_sha256 FROM open_failures",
    "pages": "SELECT sha256, size FROM pages",
    "urls": "SELECT url, kind, etag, page_sha256, parser_version, missing_since IS NULL FROM urls",
}


@dataclass
class Trial:
    """arguments: the command, without --data. before: the data directory that it begins with. kills: how often it is
    to be killed, over all tests."""

    arguments: Sequence[str]
    before: Path
    kills: int
    steps: int = 0
    seconds: float = 0.0
    expected: Any = field(init=False)

    def __post_init__(self) -> None:
        undisturbed = self.fresh_data("undisturbed")
        began = time.monotonic()
        counted = self.run(0, undisturbed)
        self.seconds = time.monotonic() - began
        assert counted.returncode in (0, 1), counted.stdout
        found = re.search(r"steps: (\d+)", counted.stdout)
        assert found
        self.steps = int(found[1])
        self.expected = content(undisturbed), archived(undisturbed)

    def fresh_data(self, name: object) -> Path:
        data = self.before.parent / f"{self.before.name}-{name}"
        shutil.copytree(self.before, data)
        return data

    def run(self, step: int, data: Path) -> subprocess.CompletedProcess[str]:
        """Run the command and kill it at a step; 0 counts the steps and kills nothing."""
        command = self._command(step, data)
        with TemporaryFile("w+") as output:  # not a pipe: the parser processes of a killed run hold it for some seconds
            ended = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, timeout=120, check=False)
            output.seek(0)
            return subprocess.CompletedProcess(command, ended.returncode, output.read(), None)

    def run_until(self, seconds: float, data: Path) -> bool:
        """Start the command and kill it after so many seconds; whether it was killed before its end."""
        command = self._command(0, data)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
            return process.wait() == -9

    def finish(self, data: Path) -> None:
        """Run the same command to its end, and compare."""
        again = self.run(0, data)
        assert again.returncode in (0, 1), again.stdout
        rows, hashes = content(data), archived(data)
        for name, expected in self.expected[0].items():
            assert rows[name] == expected, name
        assert hashes == self.expected[1]
        shutil.rmtree(data)

    def _command(self, step: int, data: Path) -> list[str]:
        return [sys.executable, "-m", "tests.crash.victim", str(step), "--data", str(data), *self.arguments]


def content(data: Path) -> dict[str, list[str]]:
    """What the database says, without times and run ids. Fails where it is not whole."""
    db = open_reader(data / "incidents.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: sorted(map(repr, db.execute(query).fetchall())) for name, query in CONTENT.items()}
    finally:
        db.close()


def archived(data: Path) -> set[str]:
    """The hashes of all bodies that the archive's files hold: every file is whole."""
    files = (data / "archive").glob("*.warc.gz")
    return {hash_body(decode_capture(one)) for file in files for _, one in read_captures(data / "archive", file.name)}
