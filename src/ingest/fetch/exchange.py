"""One request and its answer on the wire, within a deadline and bounds.

The transport is used without httpx's client, which would follow nothing here, keep cookies, read the environment and
log whole URLs, and costs as much time as the transport itself.
"""

from __future__ import annotations

import asyncio
import ssl
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from ingest.fetch.bodies import BodyError, read_wire
from ingest.fetch.guard import AddressGuard, AddressRefusedError
from ingest.fetch.kinds import Failure
from ingest.fetch.messages import Headers
from ingest.fetch.redirects import REDIRECT_STATUSES
from ingest.fetch.urls import Url, redact

MAX_HEADER_BYTES = 32_768
MAX_HEADERS = 200
_UNREAD = REDIRECT_STATUSES | {304}
_NO_CONTENT = httpx.ByteStream(b"")
_NO_URL = httpx.URL()


class Progress(Protocol):
    """Is told how far a request is, at most once each."""

    def written(self) -> None: ...

    def heard(self) -> None: ...


_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)
"""Of the exchange under way; a post has none, for no host's delay counts from it."""


class ConnectionLostError(aiohttp.ClientError):
    """The host closed the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. status is None where nothing did; problem is what cut the answer short, with wire as far as
    it came. The body of a redirect is not read, and a 304 has none.
    """

    status: int | None
    reason: str
    headers: Headers
    wire: bytes
    problem: Failure | None

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return None


def open_transport(guard: AddressGuard, ssl_context: ssl.SSLContext | None) -> AiohttpTransport:
    """A transport that connects where the guard lets it, keeps no cookies and reads nothing from the environment."""
    context = ssl_context or _trust_public_authorities()
    # The gates bound the requests; a second bound would make a request wait inside its own deadline.
    connector = aiohttp.TCPConnector(resolver=guard, socket_factory=guard.make_socket, ssl=context, limit=0)
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        max_headers=MAX_HEADERS,
        request_class=_Request,
        middlewares=(_send_once,),
        trust_env=False,
    )
    return AiohttpTransport(client=session, verify=context, trust_env=False)


async def exchange(
    transport: AiohttpTransport,
    url: Url,
    headers: list[tuple[str, str]],
    max_bytes: int,
    seconds: float,
    progress: Progress,
) -> Answer:
    """Send a GET and read the answer. All that goes wrong is in the answer's problem; only cancellation is raised."""
    _progress.set(progress)
    status: int | None = None
    reason = ""
    received: Headers = ()
    wire = b""
    problem: Failure | None = None
    try:
        async with asyncio.timeout(seconds):
            response = await transport.handle_async_request(_make_request(url, headers))
            assert isinstance(response.stream, httpx.AsyncByteStream)
            try:
                status, reason = response.status_code, response.reason_phrase
                received = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers.raw)
                if status not in _UNREAD:
                    wire = await read_wire(response.stream, max_bytes)
            finally:
                await response.aclose()
    except TimeoutError:
        what = "no answer" if status is None else "no end of the body"
        problem = Failure("timeout", f"{redact(url.text)} gave {what} within {seconds:.1f} s.")
    except BodyError as error:
        wire = error.partial
        problem = Failure(error.failure.kind, f"{redact(url.text)}: {error}")
    except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, UnicodeError) as error:
        kind, why = explain_error(error)
        problem = Failure(kind, f"{redact(url.text)}: {why}.")
    return Answer(status, reason, received, wire, problem)


class _SentUrl(httpx.URL):
    """A URL as it goes on the wire. httpx would take it apart again, which takes a tenth of the time of a request."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def _make_request(url: Url, headers: list[tuple[str, str]]) -> httpx.Request:
    """With a stream of its own, httpx adds no header and looks for no form; aiohttp adds Host."""
    request = httpx.Request("GET", _NO_URL, headers=headers, stream=_NO_CONTENT)
    request.url = _SentUrl(url.text)
    request.read()
    return request


def explain_error(error: BaseException) -> tuple[str, str]:
    """The kind of what the transport raised, and a clause that says it. The libraries' own words may hold the URL."""
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ is not None else error
    match cause:
        case aiohttp.ClientConnectorDNSError(os_error=AddressRefusedError() as refused):
            return "address_refused", str(refused)
        case aiohttp.ClientConnectorDNSError():
            return "dns_failed", "the host's name was not resolved"
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError() as refused):
            return "address_refused", str(refused)
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "tls_failed", f"no trusted TLS connection ({_name(cause)})"
        case aiohttp.ClientConnectorError(os_error=refused):
            return "connect_failed", f"no connection ({refused.strerror or _name(refused)})"
        case ConnectionLostError() | aiohttp.ClientConnectionError() | OSError():
            return "connection_lost", "the connection ended before the answer did"
        case aiohttp.ClientPayloadError():
            return "truncated_body", "the body ended before its announced end, or its chunks can't be read"
        case aiohttp.ClientResponseError(message=message) if "Got more than" in message or "Too many" in message:
            return "headers_too_large", f"the headers exceed {MAX_HEADER_BYTES} bytes a line or {MAX_HEADERS} lines"
        case _:
            return "malformed_response", f"the answer is not HTTP ({_name(cause)})"


@cache
def _trust_public_authorities() -> ssl.SSLContext:
    """Made once: reading the authorities takes as long as hundreds of pages."""
    return httpx.create_ssl_context(trust_env=False)


def _name(error: BaseException) -> str:
    return type(error).__name__


class _Request(aiohttp.ClientRequest):
    """A request that tells when it has been written."""

    async def send(self, conn: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        response = await super().send(conn)
        if progress := _progress.get():
            progress.written()
        return response


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a request again by itself: every request passes the gate and is an attempt."""
    try:
        response = await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionLostError from error
    if progress := _progress.get():
        progress.heard()
    return response
