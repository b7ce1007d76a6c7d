"""Every deployment of an installation, served by one process: `ingest serve`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.types.entrypoint import EntrypointType

from flows.gentle_runner import GentleRunner
from flows.past_runs import drop_missed, report_dead
from flows.publish import publish
from flows.publishing import DEPLOYMENT
from flows.reparse import reparse
from flows.retry_failures import retry_failures
from flows.scrape import scrape
from ingest.errors import IngestError
from ingest.schedules import Schedules
from ingest.session import Wishes
from ingest.settings import Settings

FLOWS = {"scrape": scrape, "retry": retry_failures, "reparse": reparse, "publish": publish}
DEFAULT_API_URL = "http://127.0.0.1:4200/api"


@dataclass(frozen=True, slots=True)
class Plan:
    """One deployment: which flow, by which name and tags, with what, and when."""

    flow: str
    name: str
    tags: tuple[str, ...]
    parameters: dict[str, Any]
    cron: str = ""


def plan_deployments(sources: Sequence[str], schedules: Schedules, data: str | None, wishes: Wishes) -> list[Plan]:
    """The deployments of these sources, and the one that publishes. data: None for INGEST_DATA or ./data."""
    where = {"data": data} if data else {}
    asked = {
        "base_url": wishes.base_url,
        "allow_hosts": list(wishes.allow_hosts) or None,
        "delay_seconds": wishes.delay_seconds,
    }
    fetching = {name: value for name, value in asked.items() if value is not None}
    side_by_side = {} if wishes.concurrency is None else {"concurrency": wishes.concurrency}
    plans = []
    for source in sources:
        own = {"source": source, **where}
        plans += [
            Plan("scrape", source, ("ingest", source, "scrape"), {**own, **fetching, **side_by_side}, schedules.scrape),
            Plan("retry", source, ("ingest", source, "retry"), {**own, **fetching}, schedules.retry),
            Plan("reparse", source, ("ingest", source, "reparse"), own),
        ]
    return [*plans, Plan("publish", DEPLOYMENT, ("ingest", "publish"), where, schedules.publish)]


def serve_all(settings: Settings, sources: Sequence[str], plans: Sequence[Plan], limit: int) -> None:
    """Serve until SIGINT or SIGTERM. What is left unfinished in Prefect of an earlier life is marked as crashed first.

    limit: runs at a time. The schedules stay active when the process ends. Raises IngestError where no server answers.
    """
    with use_server():
        asyncio.run(_serve(settings, sources, plans, limit))


async def _serve(settings: Settings, sources: Sequence[str], plans: Sequence[Plan], limit: int) -> None:
    await _require_server()
    runner = GentleRunner(name="ingest", pause_on_shutdown=False, limit=limit)
    ids = [await runner.aadd_deployment(await _deployment(plan, settings.schedules.timezone)) for plan in plans]
    await report_dead(settings, ids, sources)
    await drop_missed(ids)
    await runner.serve()


@contextmanager
def use_server() -> Iterator[None]:
    """The server that the operator's environment or profile names, else the one that `prefect server start` starts."""
    own = {} if PREFECT_API_URL.value() else {PREFECT_API_URL: DEFAULT_API_URL}
    with temporary_settings(own):
        yield


async def _require_server() -> None:
    async with get_client() as client:
        problem = await client.api_healthcheck()
        if problem is not None:
            raise IngestError(
                f"No Prefect server answers at {client.api_url} ({problem}). `prefect server start` starts one here; "
                "PREFECT_API_URL names another."
            )


async def _deployment(plan: Plan, timezone: str) -> RunnerDeployment:
    flow: Any = FLOWS[plan.flow]
    schedule: Schedule | None = Cron(plan.cron, timezone=timezone) if plan.cron else None
    deployment: RunnerDeployment = await flow.ato_deployment(
        plan.name,
        parameters=plan.parameters,
        tags=list(plan.tags),
        schedule=schedule,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return deployment
