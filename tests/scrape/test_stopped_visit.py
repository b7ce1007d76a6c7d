"""A visit that is stopped leaves no error behind that is nobody's."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from ingest.backlog import Backlog
from ingest.recorder import Recorder
from ingest.results import WorkItem
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import Run, begin_run, register_source
from ingest.visit import Visitor
from tests.history.world import REQUIRED, Site, identify
from tests.store.conftest import SITE, record, url_of


class EndlessParsers:
    """Parsers that never answer. asked: once they are at work."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def read_page(self, body: bytes, content_type: str | None, url: str) -> Any:
        self.asked.set()
        await asyncio.Event().wait()


def begin(db: Database) -> Run:
    with transaction(db):
        register_source(db, SITE)
        return begin_run(db, "scrape", "example", "test", None, "1-0")


@pytest.mark.parametrize("kept", ["not yet", "in vain"])
async def test_an_error_of_the_archive_that_nobody_waits_for_is_not_told(tmp_path: Path, kept: str) -> None:
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
    (tmp_path / "archive").write_text("no folder: nothing can be kept")
    recorder = Recorder(open_writer(tmp_path / "incidents.db"), tmp_path / "archive", append_seconds=0)
    run = await recorder.call(begin)
    parsers, site = EndlessParsers(), Site({"a": {"layout": 1, "fields": record()}})
    visitor = Visitor(run, "1-0", REQUIRED, identify, site, recorder, parsers, Backlog(1))  # type: ignore[arg-type]

    visit = asyncio.ensure_future(visitor.visit(WorkItem(url_of("a"))))
    await parsers.asked.wait()
    if kept == "in vain":
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task(), visit})
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    await recorder.close()
    del visit
    gc.collect()
    assert errors == []
