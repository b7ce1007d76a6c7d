"""The one thread that writes: it owns the writing connection and the run's archive files.

Everything that touches the disk goes through it in order, so that a body is on the disk before a row names it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from ingest.archive import ArchiveWriter, Capture, Location, read_capture
from ingest.captures import capture_response, hash_body
from ingest.errors import IngestError
from ingest.fetch import Response
from ingest.results import ArchivedPage, Counts, ListingResult, PageResult
from ingest.store.commit import commit_listing, commit_results
from ingest.store.connection import DatabaseError, transaction
from ingest.store.pages import known_pages
from ingest.store.runs import Run

P = ParamSpec("P")
T = TypeVar("T")


class Recorder:
    """Runs functions of the store and the archive on the writing thread."""

    def __init__(self, db: Database, archive: Path) -> None:
        self._db = db
        self._archive = archive
        self._writer: ArchiveWriter | None = None
        self._uncommitted: dict[str, ArchivedPage] = {}
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

    async def keep(self, run: Run, response: Response, at: str) -> ArchivedPage:
        """Append a response to the run's files unless the archive holds its body; synced before the next commit."""

        def append() -> ArchivedPage:
            sha256 = hash_body(response.body)
            page = self._uncommitted.get(sha256) or next(iter(known_pages(self._db, [sha256])), None)
            if page is None:
                if self._writer is None:
                    self._writer = ArchiveWriter(self._archive, run.id)
                location = self._writer.append(capture_response(response, at))
                page = ArchivedPage(sha256, location, len(response.body), response.content_type, at)
                self._uncommitted[sha256] = page
            return page

        return await self._on_thread(append)

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

        await self._on_thread(close)
        self._thread.shutdown(wait=False)

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
