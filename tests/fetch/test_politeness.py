"""The delay and the number of requests at a time, as a server sees them."""

from __future__ import annotations

import asyncio

from aiohttp import web

from ingest.fetch import Fetcher, Request
from tests.fetch.conftest import Site
from tests.fetch.test_retrying import fail_first, stay_silent


async def test_requests_keep_the_delay_from_start_to_start(site: Site) -> None:
    site.handlers["*"] = "a page"
    async with Fetcher(site.settings(delay_seconds=0.1, concurrency=8)) as fetcher:
        await asyncio.gather(*(fetcher.fetch(Request(f"{site.origin}/{number}")) for number in range(6)))
    assert [gap >= 0.1 for gap in site.gaps] == [True] * 5


async def test_a_retry_keeps_the_delay(site: Site) -> None:
    site.handlers["/page"] = fail_first(2, web.Response(status=500))
    async with Fetcher(site.settings(delay_seconds=0.1, backoff_seconds=0.001)) as fetcher:
        await fetcher.fetch(Request(f"{site.origin}/page"))
    assert [gap >= 0.1 for gap in site.gaps] == [True, True]


async def test_no_more_requests_are_open_at_a_time_than_set(site: Site) -> None:
    open_now, most = 0, 0

    async def count(_request: web.Request) -> web.StreamResponse:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        for _ in range(20):
            await asyncio.sleep(0)
        open_now -= 1
        return web.Response(text="a page")

    site.handlers["*"] = count
    site.handlers["/robots.txt"] = ""
    async with Fetcher(site.settings(concurrency=3)) as fetcher:
        await asyncio.gather(*(fetcher.fetch(Request(f"{site.origin}/{number}")) for number in range(30)))
    assert most == 3


async def test_a_host_that_hangs_does_not_stop_another(site: Site, other_site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "*": stay_silent}
    other_site.handlers["*"] = "a page"
    hosts = frozenset({("127.0.0.1", site.port), ("127.0.0.1", other_site.port)})
    settings = site.settings(concurrency=1, allowed_hosts=hosts, attempt_seconds=20, page_seconds=60)
    async with Fetcher(settings) as fetcher:
        hanging = [asyncio.create_task(fetcher.fetch(Request(f"{site.origin}/{number}"))) for number in range(3)]
        fetched = await fetcher.fetch(Request(f"{other_site.origin}/page"))
        assert (fetched.failure, [task.done() for task in hanging]) == (None, [False] * 3)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_an_overloaded_host_gets_fewer_requests(site: Site) -> None:
    site.handlers["/robots.txt"] = ""
    site.handlers["/page"] = fail_first(1, web.Response(status=429))
    async with Fetcher(site.settings(backoff_seconds=0.001)) as fetcher:
        await fetcher.fetch(Request(f"{site.origin}/page"))
    assert site.gaps[0] >= 0.25
