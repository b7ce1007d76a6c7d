"""The robots.txt of every origin: fetched once by whoever comes first, kept for a while (RFC 9309, 2.3 and 2.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ingest.fetch.kinds import Failure, FetchError
from ingest.fetch.messages import Fetched
from ingest.fetch.robots import Robots, read_robots
from ingest.fetch.urls import Url, join_url, redact

KEPT_SECONDS = 24 * 3600.0
UNREACHABLE_SECONDS = 300.0
MAX_ROBOTS_REDIRECTS = 5
_UNAVAILABLE = frozenset({"too_many_redirects", "redirect_loop"})
_PASSED_ON = frozenset({"address_refused", "host_busy", "host_down"})


@dataclass(frozen=True, slots=True)
class _Entry:
    robots: Robots | None
    failure: Failure | None
    until: float


class RobotsFiles:
    """get: fetches a robots.txt by its URL on the wire."""

    def __init__(self, product: str, get: Callable[[Url], Awaitable[Fetched]]) -> None:
        self._product = product
        self._get = get
        self._clock = asyncio.get_running_loop()
        self._entries: dict[str, _Entry] = {}
        self._running: dict[str, asyncio.Task[_Entry]] = {}

    async def find(self, url: Url) -> Robots:
        """The rules for a URL on the wire. Raises FetchError: robots_unreachable, or why its host can't be asked."""
        entry = self._entries.get(url.origin)
        if entry is None or entry.until <= self._clock.time():
            entry = await self._share_load(url)
        if entry.robots is None:
            assert entry.failure is not None
            failure = entry.failure
            raise FetchError(failure.kind, failure.message, retry_at=failure.retry_at, **failure.detail)
        return entry.robots

    async def close(self) -> None:
        """Cancel what is still being fetched."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _share_load(self, url: Url) -> _Entry:
        """One request for all who wait; who is cancelled leaves it running for the others."""
        origin = url.origin
        task = self._running.get(origin)
        if task is None:
            task = asyncio.create_task(self._load(url))
            self._running[origin] = task
            task.add_done_callback(lambda _: self._running.pop(origin, None))
        return await asyncio.shield(task)

    async def _load(self, url: Url) -> _Entry:
        fetched = await self._get(join_url(url, "/robots.txt"))
        now = self._clock.time()
        response, failure = fetched.response, fetched.failure
        if response is not None and 200 <= response.status < 300:
            # A large file takes a while to read; other hosts go on meanwhile.
            robots = await asyncio.to_thread(read_robots, response.body, self._product)
            entry = _Entry(robots, None, now + KEPT_SECONDS)
        elif failure is not None and failure.kind in _PASSED_ON:
            return _Entry(None, failure, now)
        elif failure is not None and _is_unavailable(failure):
            entry = _Entry(read_robots(b"", self._product), None, now + KEPT_SECONDS)
        else:
            entry = _Entry(None, _close_host(url, failure), now + UNREACHABLE_SECONDS)
        self._entries[url.origin] = entry
        return entry


def _is_unavailable(failure: Failure) -> bool:
    """RFC 9309, 2.3.1.3: there is no such file, so nothing is forbidden. So too after five redirects (2.3.1.2)."""
    return failure.kind in _UNAVAILABLE or failure.kind.startswith("http_4")


def _close_host(url: Url, failure: Failure | None) -> Failure:
    """RFC 9309, 2.3.1.4: no answer forbids everything."""
    assert failure is not None
    message = f"{redact(url.origin)}/robots.txt gave no answer, so nothing may be requested. {failure.message}"
    return Failure("robots_unreachable", message, failure.retry_at, {"cause": failure.kind})
