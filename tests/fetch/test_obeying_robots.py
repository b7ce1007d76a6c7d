"""robots.txt is asked first, once, and obeyed by every request."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from aiohttp import web

from ingest.fetch import Fetched, Fetcher, Request
from tests.fetch.conftest import Handler, Site
from tests.fetch.test_retrying import hang_up, stay_silent

FORBIDDING = "User-agent: *\nDisallow: /page"


async def fetch_page(site: Site, **changes: object) -> Fetched:
    site.handlers.setdefault("/page", "a page")
    async with Fetcher(site.settings(**changes)) as fetcher:
        return await fetcher.fetch(Request(f"{site.origin}/page"))


async def test_a_forbidden_page_is_not_requested(site: Site) -> None:
    site.handlers["/robots.txt"] = FORBIDDING
    fetched = await fetch_page(site)
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.failure.transient, site.paths) == ("robots_disallowed", False, [])


async def test_a_redirect_to_a_forbidden_page_is_not_followed(site: Site) -> None:
    site.handlers |= {
        "/robots.txt": FORBIDDING,
        "/open": web.Response(status=302, headers={"Location": "/page"}),
        "/page": "a page",
    }
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/open"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.paths) == ("robots_disallowed", ["/open"])


@pytest.mark.parametrize("path", ["/%70age", "/x/../page", "/x/%2e%2E/page"])
async def test_another_spelling_of_a_forbidden_page_is_forbidden(site: Site, path: str) -> None:
    site.handlers |= {"/robots.txt": FORBIDDING, "*": "a page"}
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}{path}"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.paths) == ("robots_disallowed", [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_robots_file_that_is_not_there_forbids_nothing(site: Site, status: int) -> None:
    site.handlers["/robots.txt"] = web.Response(status=status, text=FORBIDDING)
    assert (await fetch_page(site)).failure is None


@pytest.mark.parametrize("status", [500, 502, 503, 599])
async def test_a_robots_file_that_fails_forbids_everything_for_now(site: Site, status: int) -> None:
    site.handlers["/robots.txt"] = web.Response(status=status, text="User-agent: *\nAllow: /")
    fetched = await fetch_page(site)
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.failure.transient, site.paths) == ("robots_unreachable", True, [])
    assert len(site.asked) == 3


@pytest.mark.parametrize("handler", [hang_up, stay_silent])
async def test_a_robots_file_without_an_answer_forbids_everything_for_now(site: Site, handler: Handler) -> None:
    site.handlers["/robots.txt"] = handler
    fetched = await fetch_page(site, attempts=2, attempt_seconds=0.1)
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.paths) == ("robots_unreachable", [])


async def test_a_robots_file_that_recovers_is_obeyed(site: Site) -> None:
    answers = [web.Response(status=503), web.Response(text=FORBIDDING)]

    async def recover(_request: web.Request) -> web.StreamResponse:
        return answers.pop(0)

    site.handlers["/robots.txt"] = recover
    fetched = await fetch_page(site)
    assert fetched.failure is not None
    assert fetched.failure.kind == "robots_disallowed"


@pytest.mark.parametrize(("hops", "kind"), [(5, "robots_disallowed"), (6, None)])
async def test_five_redirects_of_a_robots_file_are_followed(site: Site, hops: int, kind: str | None) -> None:
    site.handlers["/robots.txt"] = web.Response(status=301, headers={"Location": "/r1"})
    for number in range(1, hops):
        site.handlers[f"/r{number}"] = web.Response(status=301, headers={"Location": f"/r{number + 1}"})
    site.handlers[f"/r{hops}"] = FORBIDDING
    fetched = await fetch_page(site)
    assert (fetched.failure and fetched.failure.kind) == kind


async def test_a_robots_file_that_redirects_in_a_circle_forbids_nothing(site: Site) -> None:
    site.handlers["/robots.txt"] = web.Response(status=301, headers={"Location": "/robots.txt"})
    assert (await fetch_page(site)).failure is None


async def test_a_robots_file_with_a_byte_order_mark_is_obeyed(site: Site) -> None:
    site.handlers["/robots.txt"] = web.Response(body=b"\xef\xbb\xbf" + FORBIDDING.encode())
    fetched = await fetch_page(site)
    assert fetched.failure is not None
    assert fetched.failure.kind == "robots_disallowed"


@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_the_beginning_of_a_huge_robots_file_is_obeyed(site: Site, coding: str) -> None:
    body = FORBIDDING.encode() + b"\n" + b"Disallow: /x\n" * 400_000
    wire = gzip.compress(body) if coding == "gzip" else body
    site.handlers["/robots.txt"] = web.Response(body=wire, headers={"Content-Encoding": coding})
    fetched = await fetch_page(site)
    assert fetched.failure is not None
    assert fetched.failure.kind == "robots_disallowed"


async def test_the_robots_file_is_asked_once_for_all(site: Site) -> None:
    site.handlers |= {"/robots.txt": "", "*": "a page"}
    async with Fetcher(site.settings()) as fetcher:
        await asyncio.gather(*(fetcher.fetch(Request(f"{site.origin}/{number}")) for number in range(20)))
    assert len(site.asked) - len(site.paths) == 1


async def test_who_waits_for_the_robots_file_is_not_harmed_by_who_gives_up(site: Site) -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    async def wait(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        await release.wait()
        return web.Response(text="")

    site.handlers |= {"/robots.txt": wait, "/page": "a page"}
    async with Fetcher(site.settings()) as fetcher:
        quitter = asyncio.create_task(fetcher.fetch(Request(f"{site.origin}/page")))
        patient = asyncio.create_task(fetcher.fetch(Request(f"{site.origin}/page")))
        await arrived.wait()
        quitter.cancel()
        release.set()
        fetched = await patient
    assert (fetched.failure, quitter.cancelled()) == (None, True)


async def test_a_crawl_delay_raises_the_delay_up_to_a_bound(site: Site) -> None:
    site.handlers |= {"/robots.txt": "User-agent: *\nCrawl-delay: 500", "*": "a page"}
    async with Fetcher(site.settings(max_crawl_delay_seconds=0.1)) as fetcher:
        for number in range(3):
            await fetcher.fetch(Request(f"{site.origin}/{number}"))
    assert [gap > 0.05 for gap in site.gaps] == [True, True]


async def test_sitemaps_are_those_that_the_robots_file_names(site: Site) -> None:
    site.handlers["/robots.txt"] = "Sitemap: https://example.org/sitemap.xml"
    async with Fetcher(site.settings()) as fetcher:
        assert await fetcher.sitemaps(site.origin) == ("https://example.org/sitemap.xml",)


@pytest.mark.parametrize("status", [404, 503])
async def test_without_a_robots_file_there_are_no_sitemaps(site: Site, status: int) -> None:
    site.handlers["/robots.txt"] = web.Response(status=status)
    async with Fetcher(site.settings()) as fetcher:
        assert await fetcher.sitemaps(site.origin) == ()


@pytest.mark.parametrize(("kept_seconds", "asked"), [(24 * 3600.0, 1), (0.0, 2)])
async def test_a_robots_file_is_asked_for_again_when_it_is_old(
    site: Site, monkeypatch: pytest.MonkeyPatch, kept_seconds: float, asked: int
) -> None:
    monkeypatch.setattr("ingest.fetch.robots_files.KEPT_SECONDS", kept_seconds)
    site.handlers |= {"/robots.txt": "", "*": "a page"}
    async with Fetcher(site.settings()) as fetcher:
        for number in range(2):
            await fetcher.fetch(Request(f"{site.origin}/{number}"))
    assert len(site.asked) - len(site.paths) == asked
