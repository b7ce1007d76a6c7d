"""The flow that tries the open failures of a source again: the same as `ingest retry`, with a task run a batch."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows.progress import current_progress
from flows.work import work_off
from ingest.pipeline import Retry
from ingest.session import Wishes, open_retry
from ingest.settings import Settings
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

    def open_run(settings: Settings) -> AbstractAsyncContextManager[Retry]:
        return open_retry(settings, open_source(source, base_url), wishes, wanted, current_progress())

    return await work_off(data, open_run)
