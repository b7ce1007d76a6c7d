"""One day of an installation, on a real Prefect server: a run by schedule, a retry, a hold, a publish."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.loopback import Answer
from tests.receiver import receive
from tests.retry.test_failures import let_the_time_come
from tests.scrape.replica import Replica, incident_page
from tests.serve.installation import installed, wait_for


def published(replica: Replica) -> dict[str, Any] | None:
    file = replica.data / "published" / "manifest.json"
    return json.loads(file.read_text()) if file.exists() else None


def test_deploy_scrape_retry_hold_and_publish(replica: Replica, tmp_path: Path) -> None:
    begun = time.monotonic()
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(6)})
    replica.publish(busy=Answer("busy", 503))
    with receive() as receiver, installed(tmp_path / "box", replica, INGEST_NOTIFY_URL=receiver.url) as box:
        ready = time.monotonic()
        box.deploy(scrape_every=timedelta(seconds=15))

        # A wrong SQLAlchemy breaks nothing but this, and silently: the server creates no run by schedule.
        [first, *_] = wait_for("a run fires by its schedule", lambda: box.runs("scrape/provyn"))
        box.pause("scrape/provyn")
        assert first["auto_scheduled"]
        assert set(first["tags"]) >= {"ingest", "provyn", "scrape"}
        assert box.ended(first["id"]) == "WithFailures"
        assert box.ask(f"/flow_runs/{first['id']}")["name"] == "scrape provyn"
        fired = time.monotonic()

        [after, *_] = wait_for("the good scrape is published", lambda: box.runs("publish/all"))
        assert box.ended(after["id"]) == "Completed"
        assert (published(replica) or {})["incidents"] == 6

        replica.publish(busy=incident_page("Busy no more"))
        let_the_time_come(replica)
        assert box.ended(box.run_now("retry/provyn")) == "Completed"
        assert replica.rows("SELECT * FROM open_failures") == []
        assert receiver.messages == []

        for number in range(5):
            replica.unlist(f"page-{number}")
        held = box.run_now("scrape/provyn")
        assert box.ended(held) == "Held"
        message = receiver.wait_for("held", 10)
        assert message is not None
        assert message["details"]["flow_run"] == held
        assert replica.ingest("status").status == 1
        assert box.ended(box.run_now("publish/all")) == "Held"

        assert replica.ingest("accept", "run", "provyn").status == 0
        assert box.ended(box.run_now("publish/all")) == "Completed"
        assert (published(replica) or {})["incidents"] == 7
        logs = "".join((tmp_path / "box" / f"{name}.log").read_text() for name in box.processes)
    assert "s3cret" not in logs
    now = time.monotonic()
    print(f"server and worker {ready - begun:.0f} s, first run {fired - ready:.0f} s, whole {now - begun:.0f} s")
