"""The flow that reads the archive again: the same as `ingest reparse`, with a task run a batch."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows.progress import current_progress
from flows.work import work_off
from ingest.pipeline import Reparse
from ingest.session import Wishes, open_reparse
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.runs import known_origins
from parsers import open_source


@flow(name="reparse", flow_run_name="reparse {source}", persist_result=False)
async def reparse(source: str, data: Path | None = None) -> State[Any]:
    """Read every archived page of a source that is current by the present parser, without a request.

    Args:
        source: The name of a source.
        data: The data directory; else INGEST_DATA, else ./data.
    """
    run_id = runtime.flow_run.id

    def open_run(settings: Settings) -> AbstractAsyncContextManager[Reparse]:
        db = open_work(settings.database)
        origin = known_origins(db, source)[source]
        db.close()
        wishes = Wishes(base_url=origin, prefect_run_id=run_id)
        return open_reparse(settings, open_source(source, origin), wishes, current_progress())

    return await work_off(data, open_run)
