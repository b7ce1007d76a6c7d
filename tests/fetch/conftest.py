"""A server on loopback whose answers a test writes as functions, and settings that reach it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ingest.fetch import FetchSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """Handlers by path; `asked` has the time, path and headers of every request, robots.txt left out of `paths`."""

    handlers: dict[str, Handler | web.Response | str] = field(default_factory=dict)
    asked: list[tuple[float, str, Mapping[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked if path != "/robots.txt"]

    @property
    def gaps(self) -> list[float]:
        """Seconds from each request to the next, as the server saw them."""
        return [later - earlier for earlier, later in pairwise(self.starts)]

    @property
    def starts(self) -> list[float]:
        return [at for at, path, _ in self.asked if path != "/robots.txt"]

    def headers_of(self, path: str) -> Mapping[str, str]:
        """The headers of the last request for a path."""
        return next(headers for _, asked, headers in reversed(self.asked) if asked == path)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((asyncio.get_running_loop().time(), request.path_qs, dict(request.headers)))
        handler = self.handlers.get(request.path_qs, self.handlers.get("*"))
        if handler is None:
            return web.Response(status=404)
        if isinstance(handler, str):
            return web.Response(text=handler)
        if isinstance(handler, web.Response):
            return web.Response(status=handler.status, headers=handler.headers, body=handler.body)
        return await handler(request)

    def settings(self, **changes: Any) -> FetchSettings:
        """No delay, short deadlines, this server allowed."""
        defaults: dict[str, Any] = {
            "user_agent": "ingest-test/1 (tests@example.org)",
            "delay_seconds": 0,
            "concurrency": 4,
            "attempt_seconds": 2.0,
            "page_seconds": 5.0,
            "backoff_seconds": 0.01,
            "allowed_hosts": frozenset({("127.0.0.1", self.port)}),
        }
        return FetchSettings(**(defaults | changes))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port
    site.port = server.port
    yield site
    await server.close()


@pytest.fixture
async def other_site() -> AsyncIterator[Site]:
    """A second server, on another port."""
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port
    site.port = server.port
    yield site
    await server.close()
