"""The demo reports every planted event exactly once, under its right name, through real Prefect runs."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from typing import Any

from ingest.sample.editions import planted
from ingest.store.connection import open_reader
from ingest.store.reports import change_rows, run_rows
from tests.conftest import DemoRun

FIELD_EVENTS = ("added", "changed", "removed", "restored")


def as_event(slug: str, change: str, field: str | None, old: Any, new: Any) -> str:
    return json.dumps([slug, change, field, old, new])


def test_every_planted_change_is_one_row_and_no_other_change_is_made(demo_run: DemoRun) -> None:
    db = open_reader(demo_run.data / "incidents.db")
    runs = {row["id"]: number for number, row in enumerate(reversed(run_rows(db, "provyn", 10)), 1)}
    for run_id, edition in runs.items():
        if edition == 1:
            continue
        reported = Counter(
            as_event(
                row["incident_id"].removeprefix("provyn:"),
                row["change"],
                row["field"],
                row["old_value"],
                row["new_value"],
            )
            for row in change_rows(db, run_id=run_id)
        )
        wanted = Counter(
            as_event(each.slug, each.kind, each.detail.get("field"), each.detail.get("old"), each.detail.get("new"))
            for each in planted(edition)
            if each.kind in FIELD_EVENTS and each.slug is not None
        )
        assert reported == wanted, f"edition {edition}"


def test_every_planted_fault_is_one_failure_of_its_kind(demo_run: DemoRun) -> None:
    db = open_reader(demo_run.data / "incidents.db")
    failures = Counter(
        (row["url"].rpartition("/")[2], row["stage"], row["kind"]) for row in db.query("SELECT * FROM failures")
    )
    wanted = Counter((each.slug, each.detail["stage"], each.kind) for each in planted() if "stage" in each.detail)
    assert failures == wanted


def test_a_label_never_seen_is_drift(demo_run: DemoRun) -> None:
    db = open_reader(demo_run.data / "incidents.db")
    labels = [each.detail["label"] for each in planted() if each.kind == "unknown_label"]
    assert [row["field"] for row in db.query("SELECT field FROM open_drift WHERE kind = 'unknown_label'")] == labels


def test_the_flow_runs_stand_in_prefect_with_their_batches_and_artifacts(demo_run: DemoRun) -> None:
    prefect = sqlite3.connect(demo_run.data / "prefect" / "prefect.db")
    states = prefect.execute("SELECT name, state_name FROM flow_run ORDER BY start_time").fetchall()
    assert states == [
        ("scrape provyn", "Completed"),
        ("scrape provyn", "WithFailures"),
        ("scrape provyn", "WithFailures"),
    ]
    batches = prefect.execute("SELECT count(DISTINCT flow_run_id) FROM task_run").fetchone()
    keys = prefect.execute("SELECT key, count(*) FROM artifact GROUP BY key ORDER BY key").fetchall()
    assert batches == (3,)
    assert keys == [(f"{kind}-provyn", 3) for kind in ("changes", "failures", "progress", "run")]


def test_what_is_printed_says_what_changed_and_how_to_go_on(demo_run: DemoRun) -> None:
    for words in ("Edition 3: After a redesign", "restored", "unreadable_value", "Estimated Cost", "ingest retry"):
        assert words in demo_run.output
