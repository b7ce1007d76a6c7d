"""A disk that is full is one clear sentence and status 2; with space again, the same command finishes the work."""

from __future__ import annotations

import resource
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.scrape.replica import Replica, incident_page

PAGES = 30
STAGES = {
    "the database is being made": 100,
    "pages are being archived and stored": 420,
}
"""Kilobytes of the disk, by what they end in; the whole work needs more than any of them."""


def command(replica: Replica, data: str) -> list[str]:
    site = replica.site
    where = ["--base-url", site.url, "--allow-host", site.host, "--delay", "0"]
    return [sys.executable, "-m", "ingest", "--data", data, "scrape", "provyn", *where]


def can_mount() -> bool:
    unshare = shutil.which("unshare")
    return (
        bool(unshare) and subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not can_mount(), reason="may not mount a file system of its own here")
@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_is_told_and_the_work_is_finished_when_there_is_space(replica: Replica, stage: str) -> None:
    replica.publish(**{f"page_{n:02}": incident_page(f"Incident {n}") for n in range(PAGES)})
    replica.data.mkdir()
    disk = shlex.quote(str(replica.data))
    scrape = shlex.join(command(replica, f"{replica.data}/data"))
    count = f"{sys.executable} -c \"import sqlite3; print(*sqlite3.connect('{replica.data}/data/incidents.db')"
    count += ".execute('SELECT count(*), sum(version) FROM incidents').fetchone())\""
    script = f"""
        mount -t tmpfs -o size={STAGES[stage]}k tmpfs {disk}
        {scrape} >/dev/null; echo "status $?"
        mount -o remount,size=2g {disk}
        {scrape} >/dev/null; echo "status $?"
        {sys.executable} -m ingest --data {disk}/data check >/dev/null; echo "status $?"
        {count}
    """
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=90, check=True
    )
    assert ended.stdout.splitlines() == ["status 2", "status 0", "status 0", f"{PAGES} {PAGES}"], ended
    messages = ended.stderr.splitlines()
    assert len(messages) == 1, messages
    assert messages[0].startswith("ingest: ")
    assert "full" in messages[0] or "space" in messages[0], messages


@pytest.mark.skipif(not can_mount(), reason="may not mount a file system of its own here")
def test_what_else_writes_says_that_the_disk_is_full_and_works_once_there_is_space(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.data.mkdir()
    disk, ingest = shlex.quote(str(replica.data)), f"{sys.executable} -m ingest --data {replica.data}/data"
    commands = [
        f"{ingest} reparse",
        f"{ingest} publish",
        shlex.join(command(replica, f"{replica.data}/data")),
    ]
    script = f"""
        mount -t tmpfs -o size=20m tmpfs {disk}
        {commands[-1]} >/dev/null; echo "status $?"
        run() {{
            cat /dev/zero >{disk}/filler 2>/dev/null
            "$@" >/dev/null; echo "full $?"
            rm {disk}/filler
            "$@" >/dev/null; echo "status $?"
        }}
        {"".join(f"run {each}" + chr(10) for each in commands)}
    """
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert ended.stdout.splitlines() == ["status 0", *["full 2", "status 0"] * len(commands)], ended
    messages = ended.stderr.splitlines()
    assert [message.startswith("ingest: ") for message in messages] == [True] * len(commands), messages
    assert all("full" in message or "No space" in message for message in messages), messages


def test_a_file_that_can_not_grow_is_told_too(replica: Replica) -> None:
    replica.publish(**{f"page_{n:02}": incident_page(f"Incident {n}") for n in range(PAGES)})

    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (260 * 1024, resource.RLIM_INFINITY))

    line = command(replica, str(replica.data))
    full = subprocess.run(line, preexec_fn=limit_files, capture_output=True, text=True, timeout=60, check=False)
    assert full.returncode == 2, full
    assert full.stderr.startswith("ingest: ")
    assert full.stderr.count("\n") == 1
    finished = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished
    assert len(replica.rows("SELECT * FROM incidents WHERE version = 1")) == PAGES
    assert replica.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
