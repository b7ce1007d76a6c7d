"""Whatever a server does, a page ends in a named kind, within its deadline and its bounds."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from ingest.fetch import Fetched, Fetcher, FetchSettings, Request
from tests.hostile import behaviours
from tests.hostile.hostile_server import Behaviour, HostileServer

MAX_BODY_BYTES = 1_000_000


def settings_for(server: HostileServer, **changes: object) -> FetchSettings:
    """In scope: the server, and addresses under /inside, so that something else than the scope must refuse these."""
    defaults: dict[str, object] = {
        "user_agent": "ingest-test/1 (tests@example.org)",
        "delay_seconds": 0,
        "attempts": 1,
        "attempt_seconds": 0.4,
        "page_seconds": 2.0,
        "max_wire_bytes": MAX_BODY_BYTES,
        "max_body_bytes": MAX_BODY_BYTES,
        "allowed_hosts": frozenset({("127.0.0.1", server.port)}),
        "in_scope": lambda url: url.startswith(server.origin) or urlsplit(url).path == "/inside",
    }
    return FetchSettings(**(defaults | changes))  # type: ignore[arg-type]


async def fetch_page(behaviour: Behaviour) -> Fetched:
    async with HostileServer({"/page": behaviour}) as server, Fetcher(settings_for(server)) as fetcher:
        # Far beyond the fetcher's own deadlines: it must end by itself.
        async with asyncio.timeout(10):
            return await fetcher.fetch(Request(f"{server.origin}/page"))


@pytest.mark.parametrize("name", behaviours.WHOLE)
async def test_a_page_that_is_only_odd_is_read_whole(name: str) -> None:
    fetched = await fetch_page(behaviours.WHOLE[name])
    assert fetched.failure is None
    assert fetched.response is not None
    assert fetched.response.body == behaviours.PAGE
    assert [attempt.outcome for attempt in fetched.attempts] == ["ok"]


FAILING = behaviours.BODIES | behaviours.FRAMING | behaviours.STATUSES | behaviours.REDIRECTS


@pytest.mark.parametrize("name", FAILING)
async def test_a_hostile_page_ends_in_a_named_kind(name: str) -> None:
    behaviour, kind = FAILING[name]
    fetched = await fetch_page(behaviour)
    assert fetched.failure is not None
    assert (fetched.failure.kind, len(fetched.attempts)) == (kind, 1)
    assert fetched.attempts[0].outcome == kind
    assert fetched.attempts[0].elapsed_ms < 3000
    assert fetched.response is None or len(fetched.response.body) <= MAX_BODY_BYTES
