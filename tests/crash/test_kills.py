"""After the process dies for any reason, the same command again loses nothing, repeats nothing, invents no change."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from ingest.archive import read_captures
from ingest.captures import decode_capture, hash_body
from ingest.store.connection import open_reader
from tests.loopback import Answer, LoopbackSite
from tests.scrape.replica import Replica, incident_page

KILLS = int(os.environ.get("INGEST_KILLS", "20"))
AT_STEPS, AT_MOMENTS, TWICE = KILLS * 7 // 10, KILLS // 5, KILLS // 20
"""How often a run is killed at a numbered step, at a random moment, and twice in a row."""
PART = int(os.environ.get("INGEST_PART", "0"))
"""Which part of a soak this is, from 1: the parts go through the numbered steps one after the other."""
SEED = int(os.environ.get("INGEST_SEED", "1"))
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
    "urls": "SELECT url, kind, etag, page_sha256, missing_since IS NULL FROM urls",
}


def first_edition(replica: Replica) -> None:
    pages: dict[str, Any] = {f"page_{n}": incident_page(f"Incident {n}", Estimated_Cost="9 USD") for n in range(12)}
    replica.publish(**pages, odd=incident_page("Odd", Date_Occurred="soon"), broken=Answer("no", 404))


def second_edition(replica: Replica) -> None:
    replica.publish(
        page_1=incident_page("Incident 1", "Low"),
        page_2=Answer("gone", 410),
        page_3=Answer("", 301, {"Location": "/incidents/page-4"}),
        odd=incident_page("Odd"),
        fresh=incident_page("Fresh"),
        page_5="<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>",
    )
    replica.unlist("page-6")
    del replica.site.pages["/incidents/page-6"]


def command(site: LoopbackSite, data: Path) -> list[str]:
    where = ["--base-url", site.url, "--allow-host", site.host, "--delay", "0"]
    return ["--data", str(data), "scrape", "provyn", *where]


def run_victim(step: int, site: LoopbackSite, data: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "tests.crash.victim", str(step), *command(site, data)]
    with TemporaryFile("w+") as output:  # not a pipe: the parser processes of a killed run hold it for some seconds
        ended = subprocess.run(arguments, cwd=ROOT, stdout=output, stderr=output, timeout=120, check=False)
        output.seek(0)
        return subprocess.CompletedProcess(arguments, ended.returncode, output.read(), None)


def run_until(seconds: float, site: LoopbackSite, data: Path) -> bool:
    """Start the command and kill it after so many seconds; whether it was killed before its end."""
    arguments = [sys.executable, "-m", "tests.crash.victim", "0", *command(site, data)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() == -9


def content(data: Path) -> dict[str, list[tuple[Any, ...]]]:
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


class Trial:
    """The undisturbed runs, and the data directory as it stands between the two editions."""

    def __init__(self, replica: Replica, folder: Path) -> None:
        self.replica, self.folder = replica, folder
        first_edition(replica)
        between, undisturbed = folder / "between", folder / "undisturbed"
        assert run_victim(0, replica.site, between).returncode == 1
        shutil.copytree(between, undisturbed)
        second_edition(replica)
        began = time.monotonic()
        counted = run_victim(0, replica.site, undisturbed)
        self.seconds = time.monotonic() - began
        assert counted.returncode == 1, counted.stdout
        found = re.search(r"steps: (\d+)", counted.stdout)
        assert found
        self.steps = int(found[1])
        self.between = between
        self.expected = content(undisturbed), archived(undisturbed)

    def fresh_data(self, name: object) -> Path:
        data = self.folder / f"killed-{name}"
        shutil.copytree(self.between, data)
        return data

    def finish(self, data: Path) -> None:
        """Run the same command to its end, and compare."""
        again = run_victim(0, self.replica.site, data)
        assert again.returncode in (0, 1), again.stdout
        rows, hashes = content(data), archived(data)
        for name, expected in self.expected[0].items():
            assert rows[name] == expected, name
        assert hashes == self.expected[1]
        shutil.rmtree(data)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.loopback import serve

    with serve() as site:
        folder = tmp_path_factory.mktemp("kills")
        yield Trial(Replica(site, folder / "unused"), folder)


def test_a_run_killed_at_any_step_is_finished_by_the_same_command(trial: Trial) -> None:
    print(f"INGEST_SEED={SEED}, {trial.steps} steps")
    every = list(range(1, trial.steps + 1))
    if PART:
        chosen = [every[(number + (PART - 1) * AT_STEPS) % len(every)] for number in range(AT_STEPS)]
    else:
        chosen = random.Random(SEED).sample(every * (1 + AT_STEPS // len(every)), AT_STEPS)
    killed = 0
    for number, step in enumerate(chosen):
        data = trial.fresh_data(number)
        # How results fall into commits varies, so a run may end before one of the last steps.
        killed += run_victim(step, trial.replica.site, data).returncode == -9
        trial.finish(data)
    print(f"INGEST_SEED={SEED}, {killed} of {len(chosen)} killed at {len(set(chosen))} different steps, no difference")
    assert killed >= 0.9 * len(chosen), f"{killed} of {len(chosen)} were killed, seed {SEED}"


def test_a_run_killed_at_any_moment_is_finished_by_the_same_command(trial: Trial) -> None:
    dice = random.Random(SEED)
    moments = [dice.uniform(0.2 * trial.seconds, trial.seconds) for _ in range(AT_MOMENTS)]
    killed = 0
    for number, moment in enumerate(moments):
        data = trial.fresh_data(f"moment-{number}")
        killed += run_until(moment, trial.replica.site, data)
        trial.finish(data)
    print(f"INGEST_SEED={SEED}, {killed} of {len(moments)} killed at random moments, no difference")
    assert killed >= 1


def test_a_run_killed_twice_is_finished_by_the_same_command(trial: Trial) -> None:
    dice = random.Random(SEED)
    for number in range(TWICE):
        data = trial.fresh_data(f"twice-{number}")
        for _ in range(2):
            run_victim(dice.randrange(1, trial.steps // 2), trial.replica.site, data)
        trial.finish(data)
