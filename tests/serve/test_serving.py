"""`ingest serve` on a real server: it names what died, ends within seconds, and its schedules stay."""

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


def deployments(box: Installation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = box.ask("/deployments/filter", {})
    return found


def is_serving(box: Installation) -> bool:
    return len(deployments(box)) == 4 and all(one["status"] == "READY" for one in deployments(box))


def stop(box: Installation, how: signal.Signals) -> float:
    """End `ingest serve`; how long it took, in seconds."""
    process = box.processes.pop("serve")
    begun = time.monotonic()
    process.send_signal(how)
    process.wait(60)
    return time.monotonic() - begun


@pytest.mark.skipif(not os.environ.get("INGEST_SOAK"), reason="takes a minute: make soak")
def test_what_died_is_named_what_is_stopped_goes_on_and_schedules_stay(box: Installation) -> None:
    start_serving(box)
    wait_for("all is served", lambda: is_serving(box))
    stopped = box.run_now("scrape/provyn")
    wait_for("the run is in its midst", lambda: len(box.replica.site.asked) >= 8)
    seconds = stop(box, signal.SIGTERM)
    print(f"SIGTERM in mid-run: {seconds:.1f} s")
    assert seconds < 20
    assert all(each["active"] for one in deployments(box) for each in one["schedules"])
    assert "astop" not in (box.folder / "serve.log").read_text()

    start_serving(box)
    wait_for("all is served again", lambda: is_serving(box) and box.state(stopped) == "Crashed")
    dead = box.run_now("scrape/provyn")
    wait_for("the run is in its midst", lambda: len(box.replica.site.asked) >= 16)
    box.kill("serve")
    box.kill_run()
    assert box.state(dead) == "Running"
    start_serving(box)
    wait_for("the dead run is named", lambda: box.state(dead) == "Crashed")
    assert box.ended(box.run_now("scrape/provyn")) == "Completed"
    assert box.replica.rows("SELECT count(*) AS n FROM incidents") == [{"n": PAGES}]
    assert stop(box, signal.SIGINT) < 20
