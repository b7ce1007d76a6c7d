"""A disk that is full is one clear sentence and status 2; with space again, the same command finishes the work."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from tests.scrape.replica import Replica, incident_page

PAGES = 30


@pytest.mark.parametrize("kilobytes", [1, 40, 260, 330])
def test_a_run_that_can_not_write_says_so_and_can_be_finished(replica: Replica, kilobytes: int) -> None:
    replica.publish(**{f"page_{n:02}": incident_page(f"Incident {n}") for n in range(PAGES)})
    site = replica.site
    command = [sys.executable, "-m", "ingest", "--data", str(replica.data), "scrape", "provyn", "--base-url", site.url]
    command += ["--allow-host", site.host, "--delay", "0"]

    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, resource.RLIM_INFINITY))

    full = subprocess.run(command, preexec_fn=limit_files, capture_output=True, text=True, timeout=60, check=False)
    assert full.returncode == 2, full
    assert full.stderr.startswith("ingest: ")
    assert full.stderr.count("\n") == 1
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished
    assert len(replica.rows("SELECT * FROM incidents WHERE version = 1")) == PAGES
    assert replica.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
