"""A page can cost its parser process; the pages that are read beside it are read all the same."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from ingest.parsing import MAX_PARCEL, MAX_PARCEL_BYTES, ParserDied, ParserPool, Sheet, Waiting, take_parcel
from ingest.readers import SourceReader
from ingest.reading import Reading
from parsers import load_source


def read_page(body: bytes, content_type: str | None, url: str) -> Reading:
    match body:
        case b"hang":
            time.sleep(60)
        case b"die":
            os._exit(3)
        case b"raise":
            raise KeyError("no such thing")
    return Reading(url=url, fields={"body": body.decode(), "pid": os.getpid()})


def read_listing(body: bytes, content_type: str | None, url: str) -> Any:
    return url


READER = SourceReader(load_source("provyn"), "1-test", read_page, read_listing)


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    with ParserPool(1, 30.0, READER) as pool:
        yield pool


async def read_all(pool: ParserPool, *bodies: bytes) -> list[Any]:
    pages = (pool.read_page(body, None, str(number)) for number, body in enumerate(bodies))
    return [
        answer.kind if isinstance(answer, ParserDied) else answer.fields["body"]
        for answer in await asyncio.gather(*pages, return_exceptions=True)
        if isinstance(answer, (ParserDied, Reading))
    ]


async def test_each_page_gets_its_own_answer(pool: ParserPool) -> None:
    bodies = [str(number).encode() for number in range(100)]
    assert await read_all(pool, *bodies) == [body.decode() for body in bodies]
    assert await pool.read_listing(b"", None, "listing") == "listing"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"die", "parser_crashed"), (b"raise", "parser_error")],
)
async def test_a_bad_page_costs_no_other_page(pool: ParserPool, body: bytes, kind: str) -> None:
    assert await read_all(pool, b"1", b"2", b"3", body, b"4", b"5") == ["1", "2", "3", kind, "4", "5"]


async def test_a_page_that_takes_too_long_costs_no_other_page() -> None:
    with ParserPool(1, 2.0, READER) as pool:
        assert await read_all(pool, b"1", b"hang", b"2") == ["1", "parse_timeout", "2"]


async def test_who_gives_up_keeps_nobody_waiting() -> None:
    with ParserPool(1, 2.0, READER) as pool:
        slow = [asyncio.ensure_future(pool.read_page(b"hang", None, "")) for _ in range(5)]
        await asyncio.sleep(0)
        for one in slow[1:]:
            one.cancel()
        assert await read_all(pool, b"1") == ["1"]


Make = Callable[[int, int], list[Waiting]]


@pytest.fixture
async def make() -> Make:
    loop = asyncio.get_running_loop()
    return lambda count, size: [
        Waiting(Sheet("page", b"x" * size, None, ""), loop.create_future()) for _ in range(count)
    ]


async def test_a_parcel_is_a_fair_share_within_bounds(make: Make) -> None:
    assert len(take_parcel(deque(make(3, 1)), 4)) == 1
    assert len(take_parcel(deque(make(9, 1)), 4)) == 3
    assert len(take_parcel(deque(make(1000, 1)), 4)) == MAX_PARCEL
    assert len(take_parcel(deque(make(1000, MAX_PARCEL_BYTES)), 4)) == 1
