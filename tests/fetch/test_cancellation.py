"""Whoever is cancelled, wherever, leaves nothing behind."""

from __future__ import annotations

import asyncio
from random import Random

from aiohttp import web

from ingest.fetch import Fetcher, Request
from tests.fetch.conftest import Site


async def trickle(request: web.Request) -> web.StreamResponse:
    """A body of many pieces, so that there are many moments to be cancelled in."""
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(10):
        await response.write(b"x" * 100)
        await asyncio.sleep(0)
    return response


async def never_end(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.Event().wait()
    return response


async def test_after_cancellation_at_any_moment_no_turn_and_no_connection_is_lost(site: Site) -> None:
    randomness = Random(7)
    site.handlers |= {"/robots.txt": "", "/hop": web.Response(status=302, headers={"Location": "/slow"}), "*": trickle}
    async with Fetcher(site.settings(concurrency=3)) as fetcher:
        for _ in range(150):
            paths = [randomness.choice(["/slow", "/hop"]) for _ in range(5)]
            tasks = [asyncio.create_task(fetcher.fetch(Request(site.origin + path))) for path in paths]
            for _ in range(randomness.randrange(30)):
                await asyncio.sleep(0)
            for task in randomness.sample(tasks, 3):
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(item, asyncio.CancelledError) or item.failure is None for item in results)  # type: ignore[union-attr]
        # Every turn must be there: three pages that never end may not keep a fourth from its deadline.
        async with asyncio.timeout(5):
            last = await asyncio.gather(*(fetcher.fetch(Request(f"{site.origin}/slow")) for _ in range(12)))
        gate = next(iter(fetcher._hosts._gates.values()))
        session = fetcher._transport.client
        assert [item.failure for item in last] == [None] * 12
        assert gate._free == 3
        assert len(session.connector._acquired) == 0  # type: ignore[union-attr]


async def test_a_timeout_gives_the_turn_back(site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "/page": "a page", "*": never_end}
    async with Fetcher(site.settings(concurrency=1, attempts=1, attempt_seconds=0.05)) as fetcher:
        for number in range(3):
            fetched = await fetcher.fetch(Request(f"{site.origin}/silent{number}"))
            assert fetched.failure is not None
        assert (await fetcher.fetch(Request(f"{site.origin}/page"))).failure is None


async def test_closing_ends_what_still_runs(site: Site) -> None:
    arrived = asyncio.Event()

    async def hold_robots(request: web.Request) -> web.StreamResponse:
        arrived.set()
        return await never_end(request)

    site.handlers["/robots.txt"] = hold_robots
    settings = site.settings(attempt_seconds=60, page_seconds=60)
    async with asyncio.timeout(10), Fetcher(settings) as fetcher:
        before = asyncio.all_tasks()
        task = asyncio.create_task(fetcher.fetch(Request(f"{site.origin}/page")))
        await arrived.wait()
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    left = [item for item in asyncio.all_tasks() - before if "RequestHandler" not in repr(item)]
    assert (task.cancelled(), left) == (True, [])
