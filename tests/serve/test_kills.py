"""Whatever is killed in mid-run, the next run makes the database whole. In full with INGEST_SOAK=1 (`make soak`)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scrape.replica import Replica, incident_page
from tests.serve.installation import Installation, installed, wait_for

pytestmark = pytest.mark.skipif(not os.environ.get("INGEST_SOAK"), reason="takes minutes: make soak")
PAGES = 40


@pytest.fixture
def box(replica: Replica, tmp_path: Path) -> Iterator[Installation]:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(PAGES)})
    with installed(tmp_path / "box", replica) as installation:
        installation.deploy(scrape_every=timedelta(hours=1))
        yield installation


def start_slow_run(box: Installation) -> str:
    """A run that asks for a page a second, in its midst."""
    run = box.run_now("scrape/provyn", delay_seconds=1.0)
    wait_for("the run is in its midst", lambda: len(box.replica.site.asked) >= 12)
    return run


def wait_for_schedule(box: Installation) -> str:
    """The first run that its schedule starts; none comes after it."""
    [run, *_] = wait_for(
        "a run fires by its schedule", lambda: [run for run in box.runs("scrape/provyn") if run["auto_scheduled"]]
    )
    box.pause("scrape/provyn")
    return str(run["id"])


def assert_whole(replica: Replica) -> None:
    assert replica.rows("SELECT count(*) AS n FROM incidents WHERE removed_at IS NULL") == [{"n": PAGES}]
    assert replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": PAGES}]
    assert replica.ingest("check").stdout.count(" error ") == 0


def test_a_flow_run_that_is_killed_is_taken_over_by_the_next(box: Installation) -> None:
    killed = start_slow_run(box)
    box.kill_run()
    assert box.ended(killed, 30) == "Crashed"
    box.deploy(scrape_every=timedelta(seconds=30))
    assert box.ended(wait_for_schedule(box)) == "Completed"
    assert_whole(box.replica)
    first, second, *_ = box.replica.rows("SELECT id, outcome, continues FROM runs ORDER BY id")
    assert (first["outcome"], second["continues"]) == ("interrupted", first["id"])


def test_a_worker_that_is_killed_leaves_its_run_and_the_next_run_steps_aside(box: Installation) -> None:
    working = start_slow_run(box)
    box.kill("worker")
    box.start_worker()
    assert box.ended(box.run_now("scrape/provyn")) == "Skipped"
    assert box.ended(working) == "Completed"
    assert_whole(box.replica)


def test_after_a_power_cut_the_schedule_goes_on_and_the_dead_run_is_named(box: Installation) -> None:
    dead = start_slow_run(box)
    box.kill("worker")
    box.kill_run()
    box.kill("server")
    box.start_server()
    box.start_worker()
    assert box.state(dead) == "Running"
    box.deploy(scrape_every=timedelta(seconds=45))
    assert box.ended(wait_for_schedule(box)) == "Completed"
    assert box.state(dead) == "Crashed"
    assert_whole(box.replica)


def test_of_the_runs_that_no_worker_was_there_for_one_asks_the_site(box: Installation) -> None:
    box.kill("worker")
    missed = [run["id"] for run in box.miss_runs("scrape/provyn", days=6)]
    box.start_worker()
    ends = Counter(box.ended(run) for run in missed)
    assert len(missed) >= 6
    assert ends.pop("Completed") == 1
    assert ends.pop("NothingDue") >= 1
    assert not ends or set(ends) == {"Skipped"}
    assert_whole(box.replica)
    assert len([path for path in box.replica.site.paths() if path.startswith("/incidents/page-")]) == PAGES
