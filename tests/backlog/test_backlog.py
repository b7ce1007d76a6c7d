"""What is fetched waits while too many bytes are held, and goes on when they are let go."""

from __future__ import annotations

import asyncio

from ingest.backlog import Backlog


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_nothing_more_is_fetched_while_the_bytes_that_are_held_reach_the_bound() -> None:
    backlog = Backlog(4, max_bytes=100)
    fetched: list[int] = []

    async def fetch(number: int) -> None:
        async with backlog.fetching():
            fetched.append(number)

    with backlog.holding(60), backlog.holding(40):
        waiting = asyncio.ensure_future(fetch(1))
        await settle()
        assert fetched == []
    await waiting
    assert fetched == [1]


async def test_so_many_urls_are_fetched_at_a_time_and_no_more() -> None:
    backlog = Backlog(2)
    under_way = most = 0

    async def fetch() -> None:
        nonlocal under_way, most
        async with backlog.fetching():
            under_way += 1
            most = max(most, under_way)
            await settle()
            under_way -= 1

    await asyncio.gather(*(fetch() for _ in range(10)))
    assert most == 2


async def test_who_gives_up_while_there_is_no_room_keeps_no_place() -> None:
    backlog = Backlog(1, max_bytes=100)

    async def fetch() -> None:
        async with backlog.fetching():
            pass

    with backlog.holding(100):
        waiting = asyncio.ensure_future(fetch())
        await settle()
        waiting.cancel()
        await settle()
    next_one = asyncio.ensure_future(fetch())
    await settle()
    assert waiting.cancelled()
    assert next_one.done()
