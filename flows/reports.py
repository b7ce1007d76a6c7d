"""How a flow run ends, and what it leaves in Prefect's UI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.artifacts import artifact_key, change_table, describe_run, failure_table, plain
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.holds import holding_runs
from ingest.store.reports import change_rows, drift_rows
from ingest.store.worklist import Wanted, count_open, run_failures


async def show_report(settings: Settings, report: Mapping[str, Any]) -> None:
    """Three artifacts a run: the verdict, a row a changed field, a row a failure."""
    source = report["source"]
    db = open_work(settings.database)
    changes = list(change_rows(db, run_id=report["id"]))
    failures = run_failures(db, report["id"])
    still_open = sum(row["urls"] for row in count_open(db, Wanted(source)))
    verdict = describe_run(report, drift_rows(db, source), holding_runs(db).get(source), still_open)
    db.close()
    await acreate_markdown_artifact(verdict, key=artifact_key("run", source), description="What came of a run")
    await acreate_table_artifact(
        change_table(changes), key=artifact_key("changes", source), description="What a run changed"
    )
    await acreate_table_artifact(
        failure_table(failures), key=artifact_key("failures", source), description="What failed in a run"
    )


def end_state(report: Mapping[str, Any]) -> State[Any]:
    """A run's row of `run_report` as a state: exit statuses 0 and 1 are Completed, 2 is Failed."""
    message = f"{report['added']} added, {report['changed']} changed, {report['removed']} removed, " + (
        f"{report['restored']} restored, {report['unchanged']} unchanged, {report['failed']} failed"
    )
    if report["outcome"] == "failed":
        return Failed(message=plain(report["message"]))
    if report["outcome"] == "held":
        return Completed(name="Held", message=f"{plain(report['message'])} {message}")
    if report["deferred"]:
        return Completed(name="Deferred", message=f"{plain(report['message'])} {message}")
    return Completed(name="WithFailures" if report["failed"] else "Completed", message=message)
