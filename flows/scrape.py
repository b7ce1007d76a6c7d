"""The flow that scrapes a source: the same pipeline as `ingest scrape`, with a task run a batch."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows.past_runs import made_up_for
from flows.progress import current_progress
from flows.work import NothingDue, work_off
from ingest.pipeline import Scrape
from ingest.session import Wishes, open_scrape
from ingest.settings import Settings
from parsers import open_source


@flow(name="scrape", flow_run_name="scrape {source}", persist_result=False)
async def scrape(
    source: str,
    data: Path | None = None,
    base_url: str | None = None,
    limit: int | None = None,
    delay_seconds: float | None = None,
    concurrency: int | None = None,
    allow_hosts: tuple[str, ...] = (),
) -> State[Any]:
    """Fetch the incident pages of a source into the database.

    Args:
        source: The name of a source.
        data: The data directory; else INGEST_DATA, else ./data.
        base_url: Scheme and host of a mirror that answers in the site's place.
        limit: Fetch this many incidents at most.
        delay_seconds: Between two requests to one host; else the source's own.
        concurrency: Requests to one host at a time; else the source's own.
        allow_hosts: HOST:PORT of private addresses that may be fetched from.
    """
    wishes = Wishes(base_url, tuple(allow_hosts), delay_seconds, concurrency, limit, runtime.flow_run.id)

    def open_run(settings: Settings) -> AbstractAsyncContextManager[Scrape]:
        if later := made_up_for(settings, source):
            raise NothingDue(f"It was due when nobody worked it off, and the run of {later} has made up for it.")
        return open_scrape(settings, open_source(source, base_url), wishes, current_progress())

    return await work_off(data, open_run)
