"""Tells a person that a flow run needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect import runtime

from ingest.notify import describe_end, notify
from ingest.session import user_agent
from ingest.settings import Settings

DETAILS = ("id", "flow", "outcome", "requests", "unchanged", "added", "changed", "removed", "restored", "failed")


async def tell_of_run(settings: Settings, report: Mapping[str, Any]) -> None:
    """Post how a run ended, where a person has to come. report: its row of `run_report`."""
    details = {"run": report["id"], **{name: report[name] for name in DETAILS[1:]}}
    await _tell(settings, report["flow"], report["source"], report["outcome"], report["message"], details)


async def tell_of_failure(settings: Settings, flow: str, source: str, message: str) -> None:
    """Post that a flow could not run."""
    await _tell(settings, flow, source, "failed", message, {})


async def _tell(
    settings: Settings, flow: str, source: str, outcome: str, message: str | None, details: Mapping[str, Any]
) -> None:
    end = describe_end(flow, source, outcome, message)
    if end is not None:
        event, text = end
        where = {"flow_run": runtime.flow_run.id, "flow_run_url": runtime.flow_run.ui_url}
        await notify(
            settings, event, text, sources=[source], details={**details, **where}, user_agent=user_agent(settings)
        )
