"""A signal ends a run within seconds: status 1, nothing left running, and the same command finishes the work."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.scrape.replica import Replica, incident_page

PAGES = 12


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_is_finished_by_the_same_command(replica: Replica, number: signal.Signals) -> None:
    replica.publish(**{f"page_{n:02}": incident_page(f"Incident {n}") for n in range(PAGES)})
    site = replica.site
    command = [sys.executable, "-m", "ingest", "--data", str(replica.data), "scrape", "provyn", "--base-url", site.url]
    command += ["--allow-host", site.host, "--delay"]
    with subprocess.Popen([*command, "0.5"], stderr=subprocess.PIPE, text=True) as process:
        assert site.wait_for("/incidents/page-02", 30)
        process.send_signal(number)
        # The end of standard error comes when no process holds it any more: the parsers inherit it.
        _, messages = process.communicate(timeout=5)
    assert process.returncode == 1, messages
    assert "goes on from here" in messages
    assert replica.rows("SELECT outcome FROM runs") == [{"outcome": "interrupted"}]
    committed = len(replica.rows("SELECT * FROM incidents"))
    assert 0 < committed < PAGES
    site.asked.clear()
    assert subprocess.run([*command, "0"], timeout=60, check=False, stdout=subprocess.DEVNULL).returncode == 0
    assert len([path for path in site.paths() if path.startswith("/incidents/")]) == PAGES - committed
    assert len(replica.rows("SELECT * FROM incidents")) == PAGES
