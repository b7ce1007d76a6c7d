"""Runs, from their first item to the last commit. Everything that they use is handed in; they know no scheduler.

The stages share one event loop: requests wait at the host's gate, pages are parsed in other processes, and one
thread writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlite_utils import Database

from ingest.batches import BATCH, Batches, Crew, Perform, perform_at_once, work_through
from ingest.discovery import Discovery
from ingest.drift import Norms, Verdict, describe
from ingest.errors import IngestError
from ingest.listing import ListingReader
from ingest.recorder import Recorder
from ingest.rereading import Rereader
from ingest.results import WorkItem
from ingest.store.commit import complete_run, end_compared
from ingest.store.figures import judge_listing
from ingest.store.reports import run_row
from ingest.store.runs import Outcome, Run, end_run, note_deferred, note_listing
from ingest.store.work import count_current, count_waiting, next_current, next_listed, next_missing
from ingest.store.worklist import Wanted, next_open

Select = Callable[[Database, Run, str, int], list[WorkItem]]
"""The next items of a work list: after a URL, at most so many."""
REASONS = 3
"""Hosts' reasons that a run's message tells at most."""
Announce = Callable[[int], None]
"""Told how many URLs there are to do."""


@dataclass(frozen=True, slots=True)
class Scrape:
    """One run over one source. norms: within which it is believed; limit: incident URLs at most."""

    run: Run
    crew: Crew
    recorder: Recorder
    listing: ListingReader
    norms: Norms
    announce: Announce
    limit: int | None = None

    async def work(self, perform: Perform = perform_at_once) -> Mapping[str, Any]:
        """Discover, visit, settle; the run's row of `run_report`.

        A cancelled run ends as interrupted, with all that it has committed; a later one continues it.
        """
        async with ending(self.recorder, self.run):
            discovery = await self.listing.discover()
            if discovery.deferred:
                self.crew.deferred[discovery.deferred] += 1
            elif not discovery.incidents and discovery.problem:
                raise IngestError(f"The listing of {self.run.source} can't be read: {discovery.problem}")
            await self.recorder.note(note_listing, self.run, discovery.complete, discovery.incidents)
            waiting = await self.recorder.call(count_waiting, self.run)
            self.announce(waiting if self.limit is None else min(waiting, self.limit))
            await self.crew.work_through(self._batches(next_listed), perform)
            outcome, message, listing = await self._judge(discovery)
            if listing and not listing.fell:
                await self.crew.work_through(self._batches(next_missing), perform)
                outcome, message, listing = await self._judge(discovery)
            if listing and not listing.fell:
                version = self.crew.visitor.parser_version
                await self.recorder.call(complete_run, self.run, version, self.norms, listing)
            else:
                await self.recorder.note(end_compared, self.run, self.norms, outcome, message, listing)
        return await self.recorder.call(run_row, self.run.id)

    def _batches(self, select: Select) -> Batches:
        return select_batches(self.recorder, self.run, select, self.limit)

    async def _judge(self, discovery: Discovery) -> tuple[Outcome, str | None, Verdict | None]:
        """Whether everything was asked for, and the listing can be believed when it leaves incidents out; its verdict
        where it is complete."""
        if message := await note_deferrals(self.recorder, self.run, self.crew):
            return "incomplete", message, None
        if not discovery.complete:
            return "incomplete", "The listing could not be read to its end, so nothing is taken for missing.", None
        if self.limit is not None:
            return "incomplete", f"Limited to {self.limit} incidents, so nothing is taken for missing.", None
        listing = await self.recorder.call(judge_listing, self.run, self.norms, discovery.incidents)
        if listing.fell:
            return "held", f"{describe(listing)}, so nothing is taken for missing.", listing
        return "completed", None, listing


@dataclass(frozen=True, slots=True)
class Retry:
    """One run over open failures: those of the fetch are fetched again, later ones are read from the archive."""

    run: Run
    crew: Crew
    recorder: Recorder
    wanted: Wanted
    announce: Announce

    async def work(self, perform: Perform = perform_at_once) -> Mapping[str, Any]:
        """Try each once; the run's row of `run_report`. What is read is resolved, reports of past runs stay."""
        select = partial(next_open, wanted=self.wanted)
        async with ending(self.recorder, self.run):
            self.announce(len(await self.recorder.call(select, self.run, "", -1)))
            await self.crew.work_through(select_batches(self.recorder, self.run, select), perform)
            message = await note_deferrals(self.recorder, self.run, self.crew)
            await self.recorder.note(end_run, self.run, "incomplete" if message else "completed", message)
        return await self.recorder.call(run_row, self.run.id)


@dataclass(frozen=True, slots=True)
class Reparse:
    """One run over the archived pages of a source that are current. It makes no request."""

    run: Run
    rereader: Rereader
    recorder: Recorder
    norms: Norms
    announce: Announce

    async def work(self, perform: Perform = perform_at_once) -> Mapping[str, Any]:
        """Read every page again by the present parser; the run's row of `run_report`.

        A cancelled run is continued by the next one with the same parser.
        """
        async with ending(self.recorder, self.run):
            self.announce(await self.recorder.call(count_current, self.run))
            await work_through(self.rereader.process, select_batches(self.recorder, self.run, next_current), perform)
            await self.recorder.note(end_compared, self.run, self.norms, "completed", None)
        return await self.recorder.call(run_row, self.run.id)


async def select_batches(recorder: Recorder, run: Run, select: Select, limit: int | None = None) -> Batches:
    """The items of a work list in batches, each selected when it is wanted."""
    after, left = "", limit
    while left is None or left > 0:
        items = await recorder.call(select, run, after, BATCH if left is None else min(BATCH, left))
        if not items:
            return
        yield items
        after, left = items[-1].url, None if left is None else left - len(items)


async def note_deferrals(recorder: Recorder, run: Run, crew: Crew) -> str | None:
    """Keep how many URLs the run leaves to a later one, and say why; None where it leaves none."""
    if not crew.deferred:
        return None
    await recorder.note(note_deferred, run, crew.deferred.total())
    reasons = " ".join(reason for reason, _ in crew.deferred.most_common(REASONS))
    return f"{crew.deferred.total()} URLs are left to a later run. {reasons}"


@asynccontextmanager
async def ending(recorder: Recorder, run: Run) -> AsyncIterator[None]:
    """Whatever ends the block leaves the run with an outcome: interrupted when it is cancelled, failed on an error."""
    try:
        yield
    except asyncio.CancelledError:
        await recorder.note(end_run, run, "interrupted", "Stopped by a signal.")
        raise
    except IngestError as error:
        await recorder.note(end_run, run, "failed", str(error))
        raise
    except BaseException as error:
        await recorder.note(end_run, run, "failed", f"{type(error).__name__}: {error}")
        raise
