"""The delay and the number of requests at a time, as a server sees them."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from ingest.errors import IngestError
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


async def test_the_delay_holds_over_restarts(site: Site, tmp_path: Path) -> None:
    site.handlers["*"] = "a page"
    for number in range(3):
        async with Fetcher(site.settings(delay_seconds=0.2, turns=tmp_path)) as fetcher:
            await fetcher.fetch(Request(f"{site.origin}/{number}"))
    assert [gap >= 0.2 for gap in gaps_of_all(site)] == [True] * 5


async def test_fetchers_that_share_their_turns_keep_the_delay_together(site: Site, tmp_path: Path) -> None:
    site.handlers["*"] = "a page"
    settings = site.settings(delay_seconds=0.1, turns=tmp_path)
    async with Fetcher(settings) as one, Fetcher(settings) as other:
        requests = [Request(f"{site.origin}/{number}") for number in range(4)]
        fetched = await asyncio.gather(*(fetcher.fetch(each) for each in requests for fetcher in (one, other)))
    assert [each.failure for each in fetched] == [None] * 8
    assert [gap >= 0.1 for gap in gaps_of_all(site)] == [True] * 9


async def test_turns_that_can_not_be_kept_end_the_fetch(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with Fetcher(site.settings(delay_seconds=0.1, turns=tmp_path / "file")) as fetcher:
        with pytest.raises(IngestError, match="by which hosts keep their delay, can't be written"):
            await fetcher.fetch(Request(f"{site.origin}/page"))
    assert site.asked == []


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


def gaps_of_all(site: Site) -> list[float]:
    """Seconds from each request to the next, robots.txt among them."""
    return [later - earlier for (earlier, *_), (later, *_) in pairwise(site.asked)]
