"""What has been fetched and is still to be read or written: bounded in bytes, so that pages may wait by the hundred."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from types import TracebackType

MAX_BYTES = 16_000_000
"""Held bodies beyond which nothing more is fetched."""


class Backlog:
    """Counts the bytes of bodies that are held. fetches: how many URLs are being fetched at a time, over all hosts.

    No more is ever held than max_bytes and what the fetches under way bring.
    """

    def __init__(self, fetches: int, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._fetches = _Fetches(fetches, self._room)

    def fetching(self) -> AbstractAsyncContextManager[None]:
        """Fetch a URL, or read a page of the archive, in this block: it begins when there is room for what comes."""
        return self._fetches

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Hold so many bytes to the end of this block."""
        self._add(size)
        try:
            yield
        finally:
            self._add(-size)

    def _add(self, size: int) -> None:
        self._held_bytes += size
        if self._held_bytes < self._max_bytes:
            self._room.set()
        else:
            self._room.clear()


class _Fetches(AbstractAsyncContextManager[None]):
    """So many blocks at a time, each begun when there is room."""

    def __init__(self, at_a_time: int, room: asyncio.Event) -> None:
        self._slots = asyncio.Semaphore(at_a_time)
        self._room = room

    async def __aenter__(self) -> None:
        await self._slots.acquire()
        try:
            await self._room.wait()
        except asyncio.CancelledError:
            self._slots.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slots.release()
