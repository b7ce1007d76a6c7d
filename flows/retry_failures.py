"""The flow that tries the failures of a source again that are due: as `ingest retry --due`, with a task run a batch."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows.progress import current_progress
from flows.work import NothingDue, work_off
from ingest.pipeline import Retry
from ingest.session import Wishes, open_retry
from ingest.settings import Settings
from ingest.store.connection import open_work
from ingest.store.worklist import Wanted, count_open
from ingest.times import now
from parsers import open_source


@flow(name="retry", flow_run_name="retry {source}", persist_result=False)
async def retry_failures(
    source: str,
    data: Path | None = None,
    base_url: str | None = None,
    stage: Literal["fetch", "parse", "validate"] | None = None,
    kind: str | None = None,
    due: bool = True,
    delay_seconds: float | None = None,
    allow_hosts: tuple[str, ...] = (),
) -> State[Any]:
    """Try the failures of a source again whose next try has come. What can't pass by itself waits for a person.

    Args:
        source: The name of a source.
        data: The data directory; else INGEST_DATA, else ./data.
        base_url: Scheme and host of a mirror that answers in the site's place.
        stage: Only failures of this stage.
        kind: Only failures of this kind.
        due: Only what may pass by itself and whose next try has come; else all.
        delay_seconds: Between two requests to one host; else the source's own.
        allow_hosts: HOST:PORT of private addresses that may be fetched from.
    """
    wishes = Wishes(base_url, tuple(allow_hosts), delay_seconds, prefect_run_id=runtime.flow_run.id)
    wanted = Wanted(source, stage, kind, due_at=now() if due else None)

    def open_run(settings: Settings) -> AbstractAsyncContextManager[Retry]:
        if not is_any_open(settings, wanted):
            raise NothingDue("No failure is due.")
        return open_retry(settings, open_source(source, base_url), wishes, wanted, current_progress())

    return await work_off(data, open_run)


def is_any_open(settings: Settings, wanted: Wanted) -> bool:
    """Whether there is anything to try: a run that does nothing would only be a row more. Raises IngestError."""
    db = open_work(settings.database)
    rows = count_open(db, wanted)
    db.close()
    return any(row["url_kind"] == "incident" for row in rows)
