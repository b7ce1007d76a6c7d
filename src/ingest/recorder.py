"""The one thread that writes: it owns the writing connection and the run's archive files.

Everything that touches the disk goes through it in order, so that a body is on the disk before a row names it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from ingest.archive import ArchiveWriter, Capture, Location, read_capture
from ingest.captures import capture_response
from ingest.errors import IngestError
from ingest.fetch import Response
from ingest.results import ArchivedPage, Counts, ListingResult, PageResult
from ingest.store.commit import commit_listing, commit_results
from ingest.store.connection import DatabaseError, transaction
from ingest.store.pages import known_pages
from ingest.store.runs import Run

APPEND_SECONDS = 0.02
"""Long enough for tens of responses at full speed, each of which would else make a trip to the thread."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A response on its way into the archive, and who waits for its place there."""

    response: Response
    sha256: str
    at: str
    page: asyncio.Future[ArchivedPage]


class Recorder:
    """Runs functions of the store and the archive on the writing thread.

    append_seconds: responses that come within this time are appended together.
    """

    def __init__(self, db: Database, archive: Path, append_seconds: float = APPEND_SECONDS) -> None:
        self._db = db
        self._archive = archive
        self._append_seconds = append_seconds
        self._writer: ArchiveWriter | None = None
        self._uncommitted: dict[str, ArchivedPage] = {}
        self._incoming: list[Incoming] = []
        self._appending: asyncio.Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")

    async def call(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A function of the store, given the connection."""
        return await self._on_thread(lambda: function(self._db, *args, **kwargs))

    async def note(self, function: Callable[Concatenate[Database, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """A function of the store that writes, in a transaction of its own."""

        def write() -> None:
            with transaction(self._db):
                function(self._db, *args, **kwargs)

        await self._on_thread(write)

    def keep(self, run: Run, response: Response, sha256: str, at: str) -> asyncio.Future[ArchivedPage]:
        """Begin to append a response to the run's files unless the archive holds its body; synced before the next
        commit.

        sha256: of the decoded body, in hex. To be awaited for the page's place, or IngestError.
        """
        incoming = Incoming(response, sha256, at, asyncio.get_running_loop().create_future())
        self._incoming.append(incoming)
        if self._appending is None or self._appending.done():
            self._appending = asyncio.ensure_future(self._append_incoming(run))
        return incoming.page

    async def read_capture(self, location: Location) -> Capture:
        """A capture of this run or of an older one."""
        return await self._on_thread(lambda: read_capture(self._archive, location))

    async def commit_listing(self, run: Run, result: ListingResult) -> None:
        """Sync the archive, then commit what a listing page gave."""

        def write() -> None:
            self._sync()
            commit_listing(self._db, run, result)
            self._uncommitted.pop(result.page.sha256 if result.page else "", None)

        await self._on_thread(write)

    async def commit(self, run: Run, results: Sequence[PageResult], parser_version: str) -> Counts:
        """Sync the archive, then commit the results in one transaction."""

        def write() -> Counts:
            self._sync()
            counts = commit_results(self._db, run, results, parser_version)
            for result in results:
                self._uncommitted.pop(result.page_sha256 or "", None)
            return counts

        return await self._on_thread(write)

    async def close(self) -> None:
        """Close the archive's file and the connection."""

        def close() -> None:
            if self._writer is not None:
                self._writer.close()
            self._db.close()

        if self._appending is not None:
            await self._appending
        await self._on_thread(close)
        self._thread.shutdown(wait=False)

    async def _append_incoming(self, run: Run) -> None:
        while self._incoming:
            await asyncio.sleep(self._append_seconds)
            batch, self._incoming = self._incoming, []
            try:
                pages = await self._on_thread(partial(self._append, run, batch))
            except IngestError as error:
                for one in batch:
                    if not one.page.done():
                        one.page.set_exception(error)
            else:
                for one, page in zip(batch, pages, strict=True):
                    if not one.page.done():
                        one.page.set_result(page)

    def _append(self, run: Run, batch: Sequence[Incoming]) -> list[ArchivedPage]:
        found = known_pages(self._db, [one.sha256 for one in batch])
        known = {page.sha256: page for page in found} | self._uncommitted
        for one in batch:
            if one.sha256 not in known:
                known[one.sha256] = self._uncommitted[one.sha256] = self._append_one(run, one)
        return [known[one.sha256] for one in batch]

    def _append_one(self, run: Run, one: Incoming) -> ArchivedPage:
        if self._writer is None:
            self._writer = ArchiveWriter(self._archive, run.id)
        response = one.response
        location = self._writer.append(capture_response(response, one.at))
        return ArchivedPage(one.sha256, location, len(response.body), response.content_type, one.at)

    def _sync(self) -> None:
        if self._writer is not None:
            self._writer.sync()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        # A write that has begun is waited for even when its task is cancelled: nothing else may use the connection.
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            raise
        except (DatabaseError, OSError) as error:
            raise IngestError(
                f"The database and the archive can't be written: {error}. What was committed is safe; "
                "mend this, as by freeing space, and run the same command again."
            ) from error
