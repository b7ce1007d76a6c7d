"""Works a run off inside its flow, and says how it ended in Prefect's words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from flows.artifacts import plain
from flows.notifications import tell_of_failure, tell_of_run
from flows.past_runs import report_interrupted
from flows.progress import shown, start_meter
from flows.publishing import publish_after
from flows.reports import end_state, show_report
from flows.tasks import perform_as_task
from ingest.errors import IngestError
from ingest.lease import LeaseTakenError
from ingest.pipeline import Reparse, Retry, Scrape
from ingest.redaction import keep_secrets
from ingest.settings import Settings, load_settings
from ingest.signals import until_signal

INTERRUPTED = "Interrupted"
"""The name of the state of a run that a signal has stopped."""


class NothingDue(Exception):
    """There is nothing to do now, and so no run."""


OpenRun = Callable[[Settings], AbstractAsyncContextManager[Scrape | Retry | Reparse]]


async def work_off(data: Path | None, open_run: OpenRun) -> State[Any]:
    """Open a run, work it off with a task run a batch, and show its report. data: None for INGEST_DATA or ./data.

    A signal ends it within seconds. No secret and nothing that a terminal obeys reaches Prefect's logs and states.
    """
    keep_secrets()
    state = await until_signal(_work_off(data, open_run))
    return await _interrupted() if state is None else state


async def _work_off(data: Path | None, open_run: OpenRun) -> State[Any]:
    meter = start_meter()
    try:
        settings = load_settings(data)
    except IngestError as error:
        return Failed(message=plain(error))
    source = str(runtime.flow_run.parameters["source"])
    try:
        async with open_run(settings) as run:
            await report_interrupted(settings, source)
            async with shown(meter, source):
                report = await run.work(perform_as_task)
    except LeaseTakenError as error:
        return Completed(name="Skipped", message=plain(error))
    except NothingDue as error:
        return Completed(name="NothingDue", message=plain(error))
    except IngestError as error:
        return await _fail(settings, source, plain(error))
    except Exception as error:
        # Prefect would show the error's text as it is.
        logging.getLogger("ingest.flows").exception("The run failed.")
        return await _fail(settings, source, plain(f"{type(error).__name__}: {error}"))
    await tell_of_run(settings, report)
    await show_report(settings, report)
    state = end_state(report)
    await publish_after(state)
    return state


async def _interrupted() -> State[Any]:
    """How a run ends that a signal has stopped: a person who cancels it in Prefect has its runner send one, too."""
    async with get_client() as client:
        run = await client.read_flow_run(UUID(runtime.flow_run.id))
    if run.state is not None and run.state.is_cancelling():
        return Cancelled(message="Cancelled in Prefect; the next run goes on from here.")
    return Completed(name=INTERRUPTED, message="Stopped by a signal; the next run goes on from here.")


async def _fail(settings: Settings, source: str, message: str) -> State[Any]:
    await tell_of_failure(settings, str(runtime.flow_run.flow_name), source, message)
    return Failed(message=message)
