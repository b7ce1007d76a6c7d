"""What may pass is tried again, a bounded number of times; what stays is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from ingest import times
from ingest.fetch import Fetcher, Request
from tests.fetch.conftest import Handler, Site


def fail_first(failures: int, failing: web.Response) -> Handler:
    """A handler that gives the page only after a number of failures."""
    left = [failures]

    async def handle(_request: web.Request) -> web.StreamResponse:
        if left[0]:
            left[0] -= 1
            return web.Response(status=failing.status, headers=failing.headers, body=failing.body)
        return web.Response(text="a page")

    return handle


async def cut_the_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport
    request.transport.close()
    return response


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.close()
    return web.Response()


async def stay_silent(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
async def test_a_status_that_may_pass_is_tried_again(site: Site, status: int) -> None:
    site.handlers["/page"] = fail_first(2, web.Response(status=status))
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is None
    assert [(item.attempt, item.outcome) for item in fetched.attempts] == [
        (1, f"http_{status}"),
        (2, f"http_{status}"),
        (3, "ok"),
    ]


@pytest.mark.parametrize("status", [201, 204, 206, 400, 401, 403, 404, 405, 410, 418, 451])
async def test_a_status_that_stays_is_not_tried_again(site: Site, status: int) -> None:
    site.handlers["/page"] = fail_first(1, web.Response(status=status))
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, len(site.paths)) == (f"http_{status}", 1)


@pytest.mark.parametrize(
    ("handler", "kind"), [(cut_the_body, "truncated_body"), (hang_up, "connection_lost"), (stay_silent, "timeout")]
)
async def test_a_transfer_that_fails_is_tried_as_often_as_set(site: Site, handler: Handler, kind: str) -> None:
    site.handlers["/page"] = handler
    async with Fetcher(site.settings(attempts=3, attempt_seconds=0.1)) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.failure.transient) == (kind, True)
    assert [attempt.outcome for attempt in fetched.attempts] == [kind] * 3
    assert len(site.paths) == 3


async def test_all_attempts_end_with_the_pages_deadline(site: Site) -> None:
    site.handlers["/page"] = stay_silent
    async with Fetcher(site.settings(attempts=100, attempt_seconds=0.2, page_seconds=0.5)) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert fetched.failure.kind == "timeout"
    assert 1 < len(fetched.attempts) <= 3


async def test_a_short_retry_after_is_waited_for(site: Site) -> None:
    site.handlers["/page"] = fail_first(1, web.Response(status=503, headers={"Retry-After": "1"}))
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is None
    assert site.gaps[0] > 0.5


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date", "year"])
async def test_a_long_retry_after_defers_the_whole_host(site: Site, status: int, form: str) -> None:
    asked = times.from_text(times.now())
    later = format_datetime(asked + timedelta(seconds=100), usegmt=True)
    value = {"seconds": "100", "date": later, "year": "31536000"}[form]
    site.handlers["/page"] = web.Response(status=status, headers={"Retry-After": value})
    site.handlers["/other"] = "a page"
    async with Fetcher(site.settings()) as fetcher:
        first = await fetcher.fetch(Request(f"{site.origin}/page"))
        second = await fetcher.fetch(Request(f"{site.origin}/other"))
    assert first.failure is not None
    assert second.failure is not None
    assert [(item.failure.kind, item.failure.transient) for item in (first, second) if item.failure] == [
        (f"http_{status}", True),
        ("host_busy", True),
    ]
    assert site.paths == ["/page"]
    expected = 86_400 if form == "year" else 100
    for failure in (first.failure, second.failure):
        assert failure.retry_at is not None
        wait = times.from_text(failure.retry_at) - asked
        assert timedelta(seconds=expected - 2) <= wait <= timedelta(seconds=expected + 5)


@pytest.mark.parametrize("value", ["0", "-5", "soon", "", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"])
async def test_a_retry_after_that_asks_for_nothing_defers_nothing(site: Site, value: str) -> None:
    site.handlers["/page"] = fail_first(1, web.Response(status=503, headers={"Retry-After": value}))
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert (fetched.failure, len(fetched.attempts)) == (None, 2)


async def test_those_who_wait_are_turned_away_when_the_host_asks_for_a_long_pause(site: Site) -> None:
    site.handlers["*"] = web.Response(status=429, headers={"Retry-After": "1000"})
    async with Fetcher(site.settings(concurrency=1)) as fetcher:
        results = await asyncio.gather(*(fetcher.fetch(Request(f"{site.origin}/{number}")) for number in range(9)))
    kinds = sorted(item.failure.kind for item in results if item.failure)
    assert kinds == ["host_busy"] * 9
    assert site.paths == []


async def test_a_dead_host_is_left_after_a_number_of_failures(site: Site) -> None:
    site.handlers["*"] = hang_up
    site.handlers["/robots.txt"] = ""
    settings = site.settings(attempts=2, unanswered_limit=5, concurrency=1)
    async with Fetcher(settings) as fetcher:
        results = [await fetcher.fetch(Request(f"{site.origin}/{number}")) for number in range(6)]
    kinds = [item.failure.kind for item in results if item.failure]
    assert kinds == ["connection_lost"] * 3 + ["host_down"] * 3
    assert len(site.paths) == 5
    assert results[-1].attempts == ()
    assert results[2].failure is not None
    assert results[2].failure.retry_at is not None


async def test_one_dead_host_does_not_stop_another(site: Site, other_site: Site) -> None:
    site.handlers["*"] = hang_up
    other_site.handlers["/page"] = "a page"
    hosts = frozenset({("127.0.0.1", site.port), ("127.0.0.1", other_site.port)})
    async with Fetcher(site.settings(unanswered_limit=1, allowed_hosts=hosts)) as fetcher:
        dead = await fetcher.fetch(Request(f"{site.origin}/page"))
        alive = await fetcher.fetch(Request(f"{other_site.origin}/page"))
    assert (dead.failure is None, alive.failure is None) == (False, True)


async def test_a_host_that_answers_now_and_then_is_not_left(site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "/bad": hang_up, "/good": "a page"}
    async with Fetcher(site.settings(attempts=1, unanswered_limit=2)) as fetcher:
        results = [await fetcher.fetch(Request(site.origin + path)) for path in ("/bad", "/good") * 4]
    assert [item.failure and item.failure.kind for item in results] == ["connection_lost", None] * 4


async def test_an_attempt_is_cut_short_by_the_pages_deadline(site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "/page": stay_silent}
    async with Fetcher(site.settings(attempts=1, attempt_seconds=30, page_seconds=0.2)) as fetcher, asyncio.timeout(10):
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert fetched.failure.kind == "timeout"
