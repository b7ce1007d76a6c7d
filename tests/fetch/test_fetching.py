"""What a fetch gives: the page, its validators, its attempts, its evidence."""

from __future__ import annotations

import gzip
import logging
import socket
from dataclasses import FrozenInstanceError

import pytest
from aiohttp import web

from ingest import times
from ingest.fetch import Fetcher, FetchSettings, Request
from tests.fetch.conftest import Site


async def test_a_page_comes_with_its_bytes_as_received_and_decoded(site: Site) -> None:
    body = "<h1>Ein Vorfall ä</h1>".encode()
    wire = gzip.compress(body)
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html; charset=utf-8", "ETag": '"v1"'}
    site.handlers["/page?x=1"] = web.Response(body=wire, headers=headers)
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page?x=1"))
    response = fetched.response
    assert response is not None
    assert (response.wire, response.body) == (wire, body)
    assert (response.status, response.status_line) == (200, "HTTP/1.1 200 OK")
    assert (response.content_type, response.etag) == ("text/html; charset=utf-8", '"v1"')
    assert response.final_url == response.url == f"{site.origin}/page?x=1"
    assert ("Content-Encoding", "gzip") in response.headers


async def test_an_attempt_is_a_row_of_evidence(site: Site) -> None:
    site.handlers["/page"] = web.Response(text="a page", headers={"X-Seen": "yes", "Set-Cookie": "session=secret"})
    before = times.now()
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    (attempt,) = fetched.attempts
    assert (attempt.url, attempt.attempt, attempt.outcome, attempt.status) == (f"{site.origin}/page", 1, "ok", 200)
    assert before <= attempt.started_at <= times.now()
    assert attempt.elapsed_ms >= 0
    assert attempt.error is None
    assert ("X-Seen", "yes") in attempt.headers
    assert "secret" not in str(attempt)


async def test_a_request_says_who_asks_and_offers_what_can_be_decoded(site: Site) -> None:
    site.handlers["/page"] = "a page"
    async with Fetcher(site.settings()) as fetcher:
        await fetcher.fetch(Request(f"{site.origin}/page", accept="text/html"))
    sent = site.headers_of("/page")
    assert sent["User-Agent"] == site.headers_of("/robots.txt")["User-Agent"] == "ingest-test/1 (tests@example.org)"
    assert sent["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert sent["Accept"] == "text/html"
    assert "If-None-Match" not in sent
    assert "If-Modified-Since" not in sent


async def test_validators_are_sent_and_an_unchanged_page_has_no_body(site: Site) -> None:
    site.handlers["/page"] = web.Response(status=304, headers={"Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"})
    request = Request(f"{site.origin}/page", etag='"v1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(request)
    sent = site.headers_of("/page")
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (request.etag, request.last_modified)
    assert fetched.failure is None
    assert fetched.response is not None
    assert fetched.response.not_modified
    assert (fetched.response.body, fetched.attempts[0].outcome) == (b"", "unchanged")
    assert (fetched.response.etag, fetched.response.last_modified) == ('"v1"', "Mon, 02 Mar 2026 10:00:00 GMT")


@pytest.mark.parametrize("forged", ['"a"\r\nX-Evil: 1', '"ä"', "", "x" * 2000])
async def test_a_validator_that_could_forge_a_header_is_not_sent(site: Site, forged: str) -> None:
    site.handlers["/page"] = web.Response(status=304)
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page", etag=forged))
    assert "If-None-Match" not in site.headers_of("/page")
    assert fetched.failure is not None
    assert fetched.failure.kind == "unexpected_304"


async def test_an_answer_that_is_not_the_page_is_kept_as_evidence(site: Site) -> None:
    site.handlers["/page"] = web.Response(status=404, text="no such incident")
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.failure.transient) == ("http_404", False)
    assert fetched.response is not None
    assert fetched.response.body == b"no such incident"


async def test_a_request_may_raise_or_lower_the_bound(site: Site) -> None:
    site.handlers["/page"] = "x" * 1000
    async with Fetcher(site.settings(max_wire_bytes=500, max_body_bytes=500)) as fetcher:
        bound = await fetcher.fetch(Request(f"{site.origin}/page"))
        raised = await fetcher.fetch(Request(f"{site.origin}/page", max_bytes=1000))
        lowered = await fetcher.fetch(Request(f"{site.origin}/page", max_bytes=100))
    assert [item.failure and item.failure.kind for item in (bound, raised, lowered)] == ["too_large", None, "too_large"]


async def test_cookies_are_not_kept(site: Site) -> None:
    site.handlers["/page"] = web.Response(text="a page", headers={"Set-Cookie": "session=1"})
    async with Fetcher(site.settings()) as fetcher:
        for _ in range(2):
            await fetcher.fetch(Request(f"{site.origin}/page"))
    assert "Cookie" not in site.headers_of("/page")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("file:///etc/passwd", "bad_scheme"),
        ("incidents/1", "bad_url"),
        ("http://user:secret@example.org/", "userinfo_in_url"),
        ("http://elsewhere.example/", "out_of_scope"),
    ],
)
async def test_what_may_not_be_requested_costs_no_attempt(site: Site, url: str, kind: str) -> None:
    async with Fetcher(site.settings(in_scope=lambda text: text.startswith(site.origin))) as fetcher:
        fetched = await fetcher.fetch(Request(url))
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.failure.transient, fetched.attempts) == (kind, False, ())
    assert "secret" not in fetched.failure.message


async def test_nothing_that_is_logged_or_told_holds_a_secret(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.handlers["/page?token=s3cret"] = web.Response(status=500)
    site.handlers["/there?token=s3cret"] = web.Response(status=302, headers={"Location": "http://u:s3cret@[::1/"})
    dead = f"http://127.0.0.1:{_unused_port()}/page?token=s3cret"
    settings = site.settings(allowed_hosts=frozenset({("127.0.0.1", site.port), ("127.0.0.1", int(dead[17:22]))}))
    with caplog.at_level(logging.DEBUG):
        async with Fetcher(settings) as fetcher:
            urls = (f"{site.origin}/page?token=s3cret", f"{site.origin}/there?token=s3cret", dead)
            results = [await fetcher.fetch(Request(url)) for url in urls]
    loggers = ("aiohttp.access", "aiohttp.server")  # The test's own server.
    logged = [record.getMessage() for record in caplog.records if record.name not in loggers]
    told = [str((item.failure, [attempt.error for attempt in item.attempts])) for item in results]
    assert [item.failure and item.failure.kind for item in results] == [
        "http_500",
        "bad_redirect",
        "robots_unreachable",
    ]
    assert "s3cret" not in "".join(logged + told)


async def test_a_host_that_refuses_connections_and_a_name_that_does_not_resolve(site: Site) -> None:
    port = _unused_port()
    settings = site.settings(attempts=2, allowed_hosts=frozenset({("127.0.0.1", port)}))
    async with Fetcher(settings) as fetcher:
        refused = await fetcher.fetch(Request(f"http://127.0.0.1:{port}/page"))
        unknown = await fetcher.fetch(Request("http://no-such-host.invalid/page"))
    causes = [item.failure and (item.failure.kind, item.failure.detail["cause"]) for item in (refused, unknown)]
    assert causes == [("robots_unreachable", "connect_failed"), ("robots_unreachable", "dns_failed")]


async def test_tls_that_is_none_is_not_asked_again(site: Site) -> None:
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"https://127.0.0.1:{site.port}/page"))
    assert fetched.failure is not None
    assert fetched.failure.detail["cause"] == "tls_failed"


@pytest.mark.parametrize("agent", ["", " ingest", "ingest\r\nX: 1", "ingést", "1ngest"])
def test_a_user_agent_that_no_robots_file_can_name_is_refused(agent: str) -> None:
    with pytest.raises(ValueError, match="user agent"):
        FetchSettings(user_agent=agent)


@pytest.mark.parametrize("change", [{"concurrency": 0}, {"attempts": 0}, {"attempt_seconds": 0}, {"delay_seconds": -1}])
def test_bounds_that_are_none_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        FetchSettings(user_agent="ingest", **change)  # type: ignore[arg-type]


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        FetchSettings(user_agent="ingest").delay_seconds = 0  # type: ignore[misc]


def _unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
