"""Carries out work in batches: visits side by side, commits as results come, a bound on what is in flight."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.recorder import Recorder
from ingest.results import Counts, Deferred, PageResult, WorkItem
from ingest.visit import Visitor

BATCH = 500
"""URLs of one batch. Under Prefect each is a task run, which takes as long as a hundred pages."""
BATCHES_AT_A_TIME = 2
COMMIT_SECONDS = 0.3
"""Results wait no longer than this for a commit while others of their batch come in."""

Process = Callable[[Sequence[WorkItem]], Awaitable[Counts]]
Perform = Callable[[Process, Sequence[WorkItem]], Awaitable[Counts]]
"""How a batch is carried out: at once, or as a task of a scheduler."""
Batches = AsyncIterator[Sequence[WorkItem]]
ReportDone = Callable[[int], None]
"""Told how many URLs have been committed further."""


async def work_through(process: Process, batches: Batches, perform: Perform) -> Counts:
    """Carry out all batches, two at a time, so that the slow end of one leaves no process idle."""
    counts = Counts()
    running: set[asyncio.Future[Counts]] = set()
    try:
        async for items in batches:
            running.add(asyncio.ensure_future(perform(process, items)))
            if len(running) == BATCHES_AT_A_TIME:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                counts = sum((one.result() for one in done), counts)
        return sum(await asyncio.gather(*running), counts)
    except BaseException:
        await _cancel(running)
        raise


async def perform_at_once(process: Process, items: Sequence[WorkItem]) -> Counts:
    """Carry out a batch in place."""
    return await process(items)


@dataclass(frozen=True, slots=True)
class Crew:
    """Visits the URLs of batches. slots bounds the visits at a time, over all batches; deferred counts the URLs that
    are left to a later run, by the reason."""

    visitor: Visitor
    recorder: Recorder
    slots: asyncio.Semaphore
    report_done: ReportDone
    deferred: Counter[str] = field(default_factory=Counter)

    async def work_through(self, batches: Batches, perform: Perform) -> Counts:
        """Carry out all batches."""
        return await work_through(self.process, batches, perform)

    async def process(self, items: Sequence[WorkItem]) -> Counts:
        """Visit the URLs of one batch. What has a result is committed even when the batch is cancelled."""
        waiting = {asyncio.ensure_future(self._visit(item)) for item in items}
        counts = Counts()
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, timeout=COMMIT_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
                counts += await self._commit(done)
                for visit in done:
                    visit.result()  # raises what the visit has raised
        except BaseException:
            await _cancel(waiting)
            await self._commit(waiting)
            raise
        return counts

    async def _visit(self, item: WorkItem) -> PageResult | Deferred:
        async with self.slots:
            return await self.visitor.visit(item)

    async def _commit(self, visits: Iterable[asyncio.Future[PageResult | Deferred]]) -> Counts:
        """Commit the results of visits that are over; those that were cancelled or have raised have none."""
        found = [visit.result() for visit in visits if not visit.cancelled() and visit.exception() is None]
        results = [one for one in found if isinstance(one, PageResult)]
        self.deferred.update(one.message for one in found if isinstance(one, Deferred))
        if not results:
            return Counts()
        # By URL, so that cursors don't depend on which page came first.
        results.sort(key=lambda result: result.item.url)
        counts = await self.recorder.commit(self.visitor.run, results, self.visitor.parser_version)
        self.report_done(len(results))
        return counts


async def _cancel(futures: Iterable[asyncio.Future[Any]]) -> None:
    futures = list(futures)
    for future in futures:
        future.cancel()
    await asyncio.gather(*futures, return_exceptions=True)
