"""How a flow run ends, and what it leaves in Prefect's UI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.artifacts import artifact_key, change_table, describe_run, plain
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.reports import change_rows


async def show_report(settings: Settings, report: Mapping[str, Any]) -> None:
    """Two artifacts a run: what came of it in numbers, and a row a changed field."""
    db = open_reader(settings.database)
    changes = list(change_rows(db, run_id=report["id"]))
    db.close()
    source = report["source"]
    await acreate_markdown_artifact(describe_run(report), key=artifact_key("run", source), description="A run's result")
    await acreate_table_artifact(
        change_table(changes), key=artifact_key("changes", source), description="What changed in a run"
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
