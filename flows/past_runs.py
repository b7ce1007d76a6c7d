"""Puts Prefect's past right: runs that are dead, which it can't know where process, worker and server died together,
and runs that were due while nobody served them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Crashed

from ingest.lease import LeaseTakenError, hold_lease
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.runs import interrupted_flow_runs, later_scrape, working_flow_runs
from ingest.times import to_text

_LIVE = FlowRunFilterState(
    type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
)
PAGE = 200
"""The most runs that the server gives at a time."""
MESSAGE = "The process died without a word; ingest found it by the source's lease."
MISSED = "Nothing served it when it was due, and a later run makes up for it."


async def report_interrupted(settings: Settings, source: str) -> None:
    """Mark the runs of a source that the database knows to have died. For the holder of its lease."""
    db = open_work(settings.database)
    ids = [UUID(one) for one in interrupted_flow_runs(db, source)]
    db.close()
    if ids:
        async with get_client() as client:
            await _mark(client, FlowRunFilter(id=FlowRunFilterId(any_=ids), state=_LIVE))


async def report_dead(settings: Settings, deployments: Iterable[UUID], sources: Iterable[str]) -> list[FlowRun]:
    """Mark every unfinished run of these deployments whose source nobody works on; the runs.

    For the one process that runs them: whatever it finds unfinished when it starts is of its past.
    """
    alive = {run for source in sources for run in _working(settings, source)}
    deployed = FlowRunFilterDeploymentId(any_=list(deployments))
    async with get_client() as client:
        return await _mark(client, FlowRunFilter(deployment_id=deployed, state=_LIVE), alive)


async def drop_missed(deployments: Iterable[UUID]) -> list[FlowRun]:
    """Of the runs of each deployment that should have begun by now, cancel all but the newest; those cancelled.

    One scrape makes up for all that were missed, and a site is not to be asked for the same several times on end.
    """
    async with get_client() as client:
        return [run for deployment in deployments for run in await _drop_all_but_newest(client, deployment)]


def made_up_for(settings: Settings, source: str) -> str | None:
    """When a scrape began that makes up for this flow run: one that came to its end, after this one was due.

    None for a run that somebody has asked for. For workers, which start all that was missed, one after the other.
    """
    context = FlowRunContext.get()
    run = context and context.flow_run
    if not run or not run.auto_scheduled or run.expected_start_time is None or not settings.database.exists():
        return None
    db = open_work(settings.database)
    try:
        return later_scrape(db, source, to_text(run.expected_start_time))
    finally:
        db.close()


async def _drop_all_but_newest(client: PrefectClient, deployment: UUID) -> list[FlowRun]:
    chosen = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=cast("Any", datetime.now(UTC))),
    )
    newest_first = FlowRunSort.EXPECTED_START_TIME_DESC
    dropped: list[FlowRun] = []
    while missed := (await client.read_flow_runs(flow_run_filter=chosen, sort=newest_first, limit=PAGE))[1:]:
        for run in missed:
            await client.set_flow_run_state(run.id, Cancelled(message=MISSED), force=True)
        dropped += missed
    return dropped


def _working(settings: Settings, source: str) -> list[str]:
    """The flow runs that work on a source, by the word of its lease: a killed parent may leave one."""
    try:
        with hold_lease(settings.locks, source):
            return []
    except LeaseTakenError:
        db = open_work(settings.database)
        try:
            return working_flow_runs(db, source)
        finally:
            db.close()


async def _mark(client: PrefectClient, chosen: FlowRunFilter, alive: Collection[str] = ()) -> list[FlowRun]:
    found = await client.read_flow_runs(flow_run_filter=chosen)
    dead = [run for run in found if str(run.id) not in alive]
    for run in dead:
        await client.set_flow_run_state(run.id, Crashed(message=MESSAGE), force=True)
    return dead
