"""Whatever bytes a server sends, a fetch ends in a page or a named failure."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fetch import Fetcher, Request
from ingest.fetch.kinds import PERMANENT, TRANSIENT
from tests.hostile.hostile_server import HostileServer
from tests.hostile.test_hostile_pages import settings_for

NAMES = st.sampled_from(
    "Content-Length Transfer-Encoding Content-Encoding Location Set-Cookie Connection Retry-After ETag Content-Type "
    "Upgrade Link Trailer".split()
)
VALUES = st.one_of(
    st.sampled_from(
        "0 5 -1 chunked gzip br zstd deflate close keep-alive upgrade / ; , a=b;path=/ //[ \xff".split(" ")
    ),
    st.text(alphabet=st.characters(max_codepoint=255), max_size=12),
)
HEADERS = st.lists(st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]}: {pair[1]}\r\n"), max_size=5).map("".join)
STATUS = st.sampled_from(
    ["200 OK", "200", "204 No", "302 Found", "304 Not", "404 Gone", "503 No", "101 Up", "999 \xff"]
)
ANSWERS = st.one_of(
    st.binary(max_size=60),
    st.tuples(STATUS, HEADERS, st.binary(max_size=40)).map(
        lambda parts: f"HTTP/1.1 {parts[0]}\r\n{parts[1]}\r\n".encode("latin-1") + parts[2]
    ),
)


@settings(deadline=None, max_examples=100)
@given(ANSWERS)
def test_any_answer_is_a_page_or_a_named_failure(answer: bytes) -> None:
    async def play() -> None:
        async with (
            HostileServer({"/page": answer}) as server,
            Fetcher(settings_for(server)) as fetcher,
            asyncio.timeout(10),
        ):
            fetched = await fetcher.fetch(Request(f"{server.origin}/page"))
        kind = fetched.failure and fetched.failure.kind
        assert kind is None or kind in PERMANENT or kind in TRANSIENT or kind.startswith("http_")
        assert (kind is None) <= (fetched.response is not None)

    asyncio.run(play())
