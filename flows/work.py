"""Works a run off inside its flow, and says how it ended in Prefect's words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.reports import end_state, show_report
from flows.tasks import perform_as_task
from ingest.errors import IngestError
from ingest.lease import LeaseTakenError
from ingest.pipeline import Retry, Scrape
from ingest.settings import Settings, load_settings

OpenRun = Callable[[Settings], AbstractAsyncContextManager[Scrape | Retry]]


async def work_off(data: Path | None, open_run: OpenRun) -> State[Any]:
    """Open a run, work it off with a task run a batch, and show its report. data: None for INGEST_DATA or ./data."""
    try:
        settings = load_settings(data)
        async with open_run(settings) as run:
            report = await run.work(perform_as_task)
    except LeaseTakenError as error:
        return Completed(name="Skipped", message=str(error))
    except IngestError as error:
        return Failed(message=str(error))
    await show_report(settings, report)
    return end_state(report)
