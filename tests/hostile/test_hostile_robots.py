"""A robots.txt may be as hostile as a page: it is obeyed as far as it can be read, or nothing is requested."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from ingest.fetch import Fetcher, Request
from tests.hostile import behaviours
from tests.hostile.hostile_server import Behaviour, HostileServer, Talk, answer
from tests.hostile.test_hostile_pages import settings_for

FORBIDDING = b"User-agent: *\nDisallow: /page\n"


async def endless_rules(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n\r\n" + FORBIDDING)
    while True:
        await talk.send(b"Disallow: /x\n" * 1000)


async def rules_drop_by_drop(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not await talk.client_left(0.02):
        await talk.send(b"#")


ROBOTS: dict[str, tuple[Behaviour, str | None]] = {
    "none": (answer(status="404 Not Found"), None),
    "empty": (answer(), None),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", None),
    "a web page": (answer(behaviours.PAGE), None),
    "binary": (answer(bytes(range(256)) * 100), None),
    "forbidding": (answer(FORBIDDING), "robots_disallowed"),
    "after a byte order mark": (answer(b"\xef\xbb\xbf" + FORBIDDING), "robots_disallowed"),
    "in part": (answer(FORBIDDING, status="206 Partial Content"), "robots_disallowed"),
    "endless": (endless_rules, "robots_disallowed"),
    "a bomb that begins with rules": (
        answer(gzip.compress(FORBIDDING + b"\n" * 20_000_000), "Content-Encoding: gzip"),
        "robots_disallowed",
    ),
    "a thousand groups": (
        answer(b"".join(b"User-agent: a%d\n" % number for number in range(20_000)) + b"Disallow: /\n" * 15_000),
        None,
    ),
    "wildcards without end": (answer(b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"b\n"), None),
    "truncated": (answer(FORBIDDING, length=5000), "robots_unreachable"),
    "not in its coding": (answer(FORBIDDING, "Content-Encoding: gzip"), "robots_unreachable"),
    "not modified, unasked": (b"HTTP/1.1 304 Not Modified\r\n\r\n", "robots_unreachable"),
    "failing": (answer(status="500 Oops"), "robots_unreachable"),
    "silent": (behaviours.FRAMING["silence"][0], "robots_unreachable"),
    "drop by drop": (rules_drop_by_drop, "robots_unreachable"),
    "reset": (behaviours.FRAMING["a reset at once"][0], "robots_unreachable"),
    "not HTTP": (behaviours.FRAMING["not HTTP"][0], "robots_unreachable"),
    "redirecting to a file": (behaviours.redirect("file:///etc/passwd"), "robots_unreachable"),
    "redirecting inside": (behaviours.redirect("http://10.0.0.1/robots.txt"), "address_refused"),
    "redirecting to itself": (behaviours.redirect("/robots.txt"), None),
    "busy for long": (answer(b"", "Retry-After: 5000", status="503 Later"), "robots_unreachable"),
}


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_hostile_robots_file_is_obeyed_or_closes_its_host(name: str) -> None:
    behaviour, kind = ROBOTS[name]
    paths = {"/robots.txt": behaviour, "/page": answer(behaviours.PAGE)}
    async with HostileServer(paths) as server, Fetcher(settings_for(server)) as fetcher, asyncio.timeout(10):
        fetched = await fetcher.fetch(Request(f"{server.origin}/page"))
    assert (fetched.failure and fetched.failure.kind) == kind
    assert server.count("/page") == (1 if kind is None else 0)
