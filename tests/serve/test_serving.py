"""`ingest serve` on a real server: it ends in seconds and in order, names what died, and makes up for what it missed.

In full with INGEST_SOAK=1 (`make soak`).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scrape.replica import Replica, incident_page
from tests.serve.installation import Installation, wait_for

pytestmark = pytest.mark.skipif(not os.environ.get("INGEST_SOAK"), reason="takes minutes: make soak")
PAGES = 30


@pytest.fixture
def box(replica: Replica, tmp_path: Path) -> Iterator[Installation]:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(PAGES)})
    installation = Installation(tmp_path / "box", replica)
    try:
        installation.start_server()
        yield installation
    finally:
        installation.close()


def start_serving(box: Installation) -> None:
    where = ("--base-url", box.replica.site.url, "--allow-host", box.replica.site.host, "--delay", "0.5")
    box.start("serve", "ingest", "--data", str(box.replica.data), "serve", "provyn", *where)
    wait_for("what is served is polled for", lambda: is_serving(box))


def deployments(box: Installation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = box.ask("/deployments/filter", {})
    return found


def is_serving(box: Installation) -> bool:
    """Whether the last process to serve has asked for its runs, which it does once it has put the past right."""
    since = box.started_at["serve"]
    return len(deployments(box)) == 4 and all(
        one["last_polled"] and one["last_polled"] > since for one in deployments(box)
    )


def stop(box: Installation, how: signal.Signals) -> tuple[float, int]:
    """End `ingest serve`; how long it took, in seconds, and its exit status."""
    process = box.processes.pop("serve")
    begun = time.monotonic()
    process.send_signal(how)
    status = process.wait(60)
    return time.monotonic() - begun, status


def start_slow_run(box: Installation) -> str:
    """A run in its midst: eight pages further than what was asked before."""
    before = len(box.replica.site.asked)
    run = box.run_now("scrape/provyn")
    wait_for("the run is in its midst", lambda: len(box.replica.site.asked) >= before + 8)
    return run


def last_run(box: Installation) -> dict[str, Any]:
    return box.replica.rows("SELECT outcome, message, continues FROM runs ORDER BY id DESC LIMIT 1")[0]


def test_a_signal_ends_a_run_in_order_and_the_schedules_stay(box: Installation) -> None:
    start_serving(box)
    stopped = start_slow_run(box)
    seconds, status = stop(box, signal.SIGTERM)
    print(f"SIGTERM in mid-run: {seconds:.1f} s")
    assert (seconds < 20, status) == (True, 0)
    assert box.state(stopped) == "Interrupted"
    assert last_run(box)["message"] == "Stopped by a signal."
    # What was asked before the signal is committed, but for what was still on its way; robots.txt and listing aside.
    asked = [path for path in box.replica.site.paths() if path.startswith("/incidents/page-")]
    assert 0 <= len(asked) - len(box.replica.rows("SELECT id FROM incidents")) <= 2
    assert all(each["active"] for one in deployments(box) for each in one["schedules"])
    assert "Traceback" not in (box.folder / "serve.log").read_text()

    start_serving(box)
    assert box.ended(box.run_now("scrape/provyn")) == "Completed"
    assert last_run(box)["continues"]
    assert box.replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": PAGES}]
    # Nothing was asked for twice.
    asked = [path for path in box.replica.site.paths() if path.startswith("/incidents/page-")]
    assert len(asked) <= PAGES + 2
    assert stop(box, signal.SIGINT)[1] == 0


def test_what_died_unseen_is_named_at_the_next_start(box: Installation) -> None:
    start_serving(box)
    dead = start_slow_run(box)
    box.kill("serve")
    box.kill_run()
    assert box.state(dead) == "Running"
    start_serving(box)
    assert box.state(dead) == "Crashed"
    assert box.ended(box.run_now("scrape/provyn")) == "Completed"
    assert box.replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": PAGES}]


def test_a_run_that_a_person_cancels_is_cancelled_and_one_that_hangs_is_killed(box: Installation) -> None:
    start_serving(box)
    unwanted = start_slow_run(box)
    box.ask(f"/flow_runs/{unwanted}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})
    assert box.ended(unwanted) == "Cancelled"
    wait_for("the run has ended", lambda: last_run(box)["outcome"] == "interrupted")

    hanging = start_slow_run(box)
    os.kill(box.holder(), signal.SIGSTOP)
    seconds, status = stop(box, signal.SIGTERM)
    print(f"SIGTERM with a run that hangs: {seconds:.1f} s")
    assert (seconds < 30, status) == (True, 0)
    assert box.state(hanging) == "Crashed"


def test_a_server_that_goes_away_and_comes_back_is_waited_for(box: Installation) -> None:
    start_serving(box)
    working = start_slow_run(box)
    box.kill("server")
    log = box.folder / "serve.log"
    wait_for("it is missed", lambda: "Prefect's server does not answer" in log.read_text())
    wait_for("the run goes on without it", lambda: len(box.replica.site.asked) >= PAGES)
    box.start_server()
    wait_for("it is met again", lambda: "Prefect's server answers again" in log.read_text())
    assert box.ended(working) == "Completed"
    assert box.ended(box.run_now("retry/provyn")) == "NothingDue"
    assert stop(box, signal.SIGTERM)[1] == 0


def test_of_the_runs_missed_meanwhile_one_is_made_up_for(box: Installation) -> None:
    start_serving(box)
    stop(box, signal.SIGTERM)
    missed = [run["id"] for run in box.miss_runs("scrape/provyn", days=4)]
    assert len(missed) >= 4
    start_serving(box)
    *older, newest = missed
    assert box.ended(newest) == "Completed"
    assert {box.state(run) for run in older} == {"Cancelled"}
    assert box.replica.rows("SELECT count(*) AS n FROM runs") == [{"n": 1}]
