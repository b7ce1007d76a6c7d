"""What has been fetched and is still to be read or written: bounded in bytes, so that pages may wait by the hundred."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

MAX_BYTES = 16_000_000
"""Held bodies beyond which nothing more is fetched."""


class Backlog:
    """Counts the bytes of bodies that are held. fetches: how many URLs are being fetched at a time, over all hosts.

    No more is ever held than max_bytes and what the fetches under way bring.
    """

    def __init__(self, fetches: int, max_bytes: int = MAX_BYTES) -> None:
        self._fetches = asyncio.Semaphore(fetches)
        self._max_bytes = max_bytes
        self._held_bytes = 0
        self._room = asyncio.Event()
        self._room.set()

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[None]:
        """Fetch a URL, or read a page of the archive, in this block: it begins when there is room for what comes."""
        async with self._fetches:
            await self._room.wait()
            yield

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
