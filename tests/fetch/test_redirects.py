"""Redirects are followed by our own rules."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from ingest.fetch import Fetcher, Request
from tests.fetch.conftest import Site


def to(location: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_to_the_page_within_one_attempt(site: Site, status: int) -> None:
    site.handlers |= {"/old": to("/new#part", status), "/new": "a page"}
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/old", etag='"v1"'))
    assert fetched.response is not None
    assert (fetched.response.url, fetched.response.final_url) == (f"{site.origin}/old", f"{site.origin}/new")
    assert [attempt.final_url for attempt in fetched.attempts] == [f"{site.origin}/new"]
    assert site.headers_of("/new")["If-None-Match"] == '"v1"'


@pytest.mark.parametrize(
    ("location", "path"),
    [("new", "/a/new"), ("../new", "/new"), ("?q=1", "/a/old?q=1"), ("/n%65w", "/new"), ("/ü", "/%C3%BC")],
)
async def test_a_relative_location_is_read_against_the_page(site: Site, location: str, path: str) -> None:
    site.handlers |= {"/a/old": to(location), path: "a page"}
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a/old"))
    assert (fetched.failure, site.paths) == (None, ["/a/old", path])


@pytest.mark.parametrize(("hops", "kind"), [(10, None), (11, "too_many_redirects")])
async def test_ten_redirects_are_followed_and_no_more(site: Site, hops: int, kind: str | None) -> None:
    site.handlers |= {f"/{number}": to(f"/{number + 1}") for number in range(hops)}
    site.handlers[f"/{hops}"] = "a page"
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/0"))
    assert (fetched.failure and fetched.failure.kind) == kind
    assert len(site.paths) == 11


async def test_a_loop_is_seen_at_once_and_not_tried_again(site: Site) -> None:
    site.handlers |= {"/a": to("/b"), "/b": to("/a")}
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.paths) == ("redirect_loop", ["/a", "/b"])
    assert (fetched.attempts[0].status, fetched.attempts[0].final_url) == (302, f"{site.origin}/b")


async def test_a_redirect_out_of_scope_is_not_followed(site: Site, other_site: Site) -> None:
    site.handlers["/a"] = to(f"{other_site.origin}/b")
    hosts = frozenset({("127.0.0.1", site.port), ("127.0.0.1", other_site.port)})
    settings = site.settings(allowed_hosts=hosts, in_scope=lambda url: url.startswith(site.origin))
    async with Fetcher(settings) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, other_site.asked) == ("out_of_scope", [])


async def test_a_redirect_to_another_host_in_scope_asks_that_hosts_robots_file(site: Site, other_site: Site) -> None:
    site.handlers["/a"] = to(f"{other_site.origin}/b")
    other_site.handlers |= {"/robots.txt": "User-agent: *\nDisallow: /b", "/b": "a page"}
    hosts = frozenset({("127.0.0.1", site.port), ("127.0.0.1", other_site.port)})
    async with Fetcher(site.settings(allowed_hosts=hosts)) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, other_site.paths) == ("robots_disallowed", [])


async def test_every_redirect_waits_for_the_delay(site: Site) -> None:
    site.handlers |= {"/a": to("/b"), "/b": to("/c"), "/c": "a page"}
    async with Fetcher(site.settings(delay_seconds=0.1)) as fetcher:
        await fetcher.fetch(Request(f"{site.origin}/a"))
    assert [gap > 0.05 for gap in site.gaps] == [True, True]


async def test_waiting_for_the_delay_does_not_use_up_the_attempt(site: Site) -> None:
    site.handlers |= {"/a": to("/b"), "/b": "a page"}
    async with Fetcher(site.settings(delay_seconds=0.3, attempt_seconds=0.2)) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a"))
    assert fetched.failure is None
    assert fetched.attempts[0].elapsed_ms < 200


async def test_all_redirects_share_the_deadline_of_the_attempt(site: Site) -> None:
    async def redirect_slowly(request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(0.1):
                await asyncio.Event().wait()
        except TimeoutError:
            pass
        return to(f"{request.path}x")

    site.handlers |= {"/robots.txt": "", "*": redirect_slowly}
    async with Fetcher(site.settings(attempts=1, attempt_seconds=0.35)) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/a"))
    assert fetched.failure is not None
    assert fetched.failure.kind == "timeout"
    assert len(site.paths) <= 4


async def test_a_redirect_goes_before_pages_that_have_not_begun(site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "/old": to("/new"), "*": "a page"}
    async with Fetcher(site.settings(delay_seconds=0.02, concurrency=1)) as fetcher:
        paths = ["/old", *map("/{}".format, range(5))]
        await asyncio.gather(*(fetcher.fetch(Request(site.origin + path)) for path in paths))
    assert site.paths[:2] == ["/old", "/new"]
