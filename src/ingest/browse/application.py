"""Datasette on the published file, and on the next one as soon as it is in place.

Datasette keeps reading the file that it has opened, whatever takes its place. So a whole new Datasette is made when the
file is another one, and the old one ends with its last request.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from ingest.browse import plugin
from ingest.browse.metadata import describe_file
from ingest.browse.paging import PagedDatabase
from ingest.store.connection import DatabaseError

DATABASE = "incidents"
"""What Datasette calls the file: its name without the suffix."""
THREADS = 3
SETTINGS = {
    # Looking for columns to facet by takes seconds a page on 100,000 incidents.
    "suggest_facets": False,
    # They are counted once a file and view; on 100,000 incidents that takes up to a second on a busy machine.
    "facet_time_limit_ms": 2500,
    "sql_time_limit_ms": 3000,
    "num_sql_threads": THREADS,
    # A browser asks again each time: the file may have been replaced.
    "default_cache_ttl": 0,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "truncate_cells_html": 300,
}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Identity = tuple[int, int, int]


@dataclass(eq=False)
class Opened:
    """One file as Datasette has opened it, and how many requests are under way on it."""

    identity: Identity
    datasette: Any
    application: Callable[[Scope, Receive, Send], Awaitable[None]]
    readers: int = 0
    retired: bool = field(default=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1
            await self.close_if_left()

    async def retire(self) -> None:
        """No further request comes here: close the file when the last one has been answered."""
        self.retired = True
        await self.close_if_left()

    async def close_if_left(self) -> None:
        if self.retired and self.readers == 0:
            await close(self.datasette)


class Publication:
    """An ASGI application that answers from the file that is published at that moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opening = asyncio.Lock()
        self._opened: Opened | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opened = await self._newest()
        async with opened.reading():
            await opened.application(scope, receive, send)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.retire()
            self._opened = None

    async def _newest(self) -> Opened:
        """The file in place; the one before where there is none that can be read, as when it was moved away."""
        async with self._opening:
            before = self._opened
            with contextlib.suppress(OSError, DatabaseError):
                if before is None or identify(self._path) != before.identity:
                    self._opened = await open_file(self._path)
            if self._opened is None:
                raise FileNotFoundError(self._path)
            if before is not None and before is not self._opened:
                await before.retire()
            return self._opened


def identify(path: Path) -> Identity:
    """What another file under the same name does not share."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


async def open_file(path: Path) -> Opened:
    """A Datasette all of whose connections read the file that is in place now. Raises OSError where there is none."""
    while True:
        identity = identify(path)
        served = make_datasette(path)
        await served.invoke_startup()
        await connect_all(served)
        if identify(path) == identity:
            return Opened(identity, served, served.app())
        await close(served)


def make_datasette(path: Path) -> Any:
    """A Datasette over one published file, which it takes for immutable."""
    if not pm.is_registered(plugin):
        pm.register(plugin)
    # Where it is set, each page that is not found costs 0.3 s and prints every local variable.
    pm.get_plugin("datasette.handle_exception").rich = None
    metadata, counts = describe_file(path)
    inspected = {"hash": None, "size": path.stat().st_size, "file": path.name}
    tables = {name: {"count": count} for name, count in counts.items()}
    package = files("ingest.browse")
    served = Datasette(
        [],
        immutables=[str(path)],
        metadata=metadata,
        inspect_data={DATABASE: {**inspected, "tables": tables}},
        settings=SETTINGS,
        template_dir=str(package.joinpath("templates")),
        static_mounts=[("assets", str(package.joinpath("static")))],
    )
    served.remove_database(DATABASE)
    served.add_database(PagedDatabase(served, str(path), is_mutable=False), name=DATABASE)
    return served


async def connect_all(served: Any) -> None:
    """Have each thread connect. A thread that did so later could find another file under the name."""
    barrier = threading.Barrier(THREADS)
    database = served.get_database(DATABASE)
    await asyncio.gather(*(database.execute_fn(lambda connection: barrier.wait(30)) for _ in range(THREADS)))


async def close(served: Any) -> None:
    """Give back the connections and threads of a Datasette that answers no more requests."""
    served.executor.shutdown(wait=False)
    for database in served.databases.values():
        if database._write_thread is not None:
            await database.execute_write_fn(_end_thread, block=False)
            database._write_thread.join(5)
        database.close()


def _end_thread(connection: Any) -> None:
    """Ends the thread that it is run in, which Datasette would keep, and with it the Datasette."""
    connection.close()
    raise SystemExit
