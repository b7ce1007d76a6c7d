"""The flow that tries the open failures of a source again: the same as `ingest retry`, with a task run a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.progress import current_progress
from flows.reports import end_state, show_report
from flows.tasks import perform_as_task
from ingest.errors import IngestError
from ingest.lease import LeaseTakenError
from ingest.session import Wishes, open_retry
from ingest.settings import load_settings
from ingest.store.failures import Wanted
from parsers import open_source


@flow(name="retry", flow_run_name="retry {source}", persist_result=False)
async def retry_failures(
    source: str,
    data: Path | None = None,
    base_url: str | None = None,
    stage: Literal["fetch", "parse", "validate"] | None = None,
    kind: str | None = None,
    delay_seconds: float | None = None,
    allow_hosts: tuple[str, ...] = (),
) -> State[Any]:
    """Try the open failures of a source again.

    Args:
        source: The name of a source.
        data: The data directory; else INGEST_DATA, else ./data.
        base_url: Scheme and host of a mirror that answers in the site's place.
        stage: Only failures of this stage.
        kind: Only failures of this kind.
        delay_seconds: Between two requests to one host; else the source's own.
        allow_hosts: HOST:PORT of private addresses that may be fetched from.
    """
    wishes = Wishes(base_url, tuple(allow_hosts), delay_seconds, prefect_run_id=runtime.flow_run.id)
    wanted = Wanted(stage, kind)
    try:
        settings = load_settings(data)
        async with open_retry(settings, open_source(source, base_url), wishes, wanted, current_progress()) as run:
            report = await run.work(perform_as_task)
    except LeaseTakenError as error:
        return Completed(name="Skipped", message=str(error))
    except IngestError as error:
        return Failed(message=str(error))
    await show_report(settings, report)
    return end_state(report)
