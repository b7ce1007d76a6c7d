"""The sample site over HTTP, on loopback only: conditional requests, gzip, HEAD, connections kept alive."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs

from ingest.sample.answers import UNKNOWN_PATH, Answer, build_answers

IDLE_SECONDS = 60
"""How long a connection may be silent."""


@dataclass(frozen=True, slots=True)
class Served:
    """An answered request. conditional: it named an ETag or a date; at_seconds: its arrival by `time.monotonic`."""

    method: str
    path: str
    status: int
    conditional: bool
    at_seconds: float


class SampleSite:
    """A site that is being served. url: scheme, host and port; host: host and port; log: every request so far.

    `edition` may be set at any time, from any thread; the next request sees it.
    """

    def __init__(self, url: str, edition: int, origin: str) -> None:
        self.url = url
        self.host = url.removeprefix("http://")
        self.log: list[Served] = []
        self._answers = build_answers(origin)
        self.edition = edition

    @property
    def edition(self) -> int:
        """The number of the edition on show, from 1. Setting one that there is not raises ValueError."""
        return self._edition

    @edition.setter
    def edition(self, number: int) -> None:
        if not 1 <= number <= len(self._answers):
            raise ValueError(f"The sample site has editions 1 to {len(self._answers)}, and no edition {number}.")
        self._edition = number

    def find(self, target: str) -> Answer:
        """The answer to a request target, such as `/incidents?page=2`."""
        answers = self._answers[self._edition - 1]
        path, _, query = target.partition("?")
        page = parse_qs(query).get("page", ["1"])[0] if path == "/incidents" else "1"
        key = path if page == "1" else f"{path}?page={page}"
        return answers.get(key, answers[UNKNOWN_PATH])


@contextmanager
def serve(edition: int = 1, port: int = 0, origin: str | None = None) -> Iterator[SampleSite]:
    """Serve the site in a thread until the end of the block.

    port 0 takes a free one. origin: scheme and host that robots.txt and the sitemap name, the site's own if None.
    Raises ValueError for an unknown edition, OSError for a port that is taken.
    """
    with _Server(("127.0.0.1", port), _Handler) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        server.site = SampleSite(url, edition, origin or url)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.site
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


class _Server(ThreadingTCPServer):
    """Keeps its open connections, so that none is answered after the end."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    site: SampleSite

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            with suppress(OSError):  # the other side may have hung up first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may leave in the middle of an answer
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "SampleSite", ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: Any) -> None:
        """Nothing: requests stand in the site's log."""

    def _answer(self, with_body: bool) -> None:
        at_seconds = time.monotonic()
        answer = self.server.site.find(self.path)
        tags, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        status = 304 if answer.changed and _is_current(answer, answer.changed, tags, since) else answer.status
        row = Served(self.command, self.path, status, bool(tags or since), at_seconds)
        self.server.site.log.append(row)
        packed = accepts_gzip(self.headers.get("Accept-Encoding", ""))
        body = answer.packed if packed else answer.body
        self.send_response(status)
        for name, value in _headers(answer):
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if with_body and status != 304:
            self.wfile.write(body)


def _headers(answer: Answer) -> Iterator[tuple[str, str]]:
    """The headers that a 304 has too (RFC 9110, 15.4.5)."""
    yield "Vary", "Accept-Encoding"
    if answer.changed:
        yield "ETag", answer.etag
        yield "Last-Modified", format_datetime(_midnight(answer.changed), usegmt=True)
        yield "Cache-Control", "public, max-age=0, must-revalidate"
    yield from answer.headers


def _is_current(answer: Answer, changed: date, tags: str | None, since: str | None) -> bool:
    """Whether the client has this answer already: by its tags, else by its date (RFC 9110, 13.2.2)."""
    if tags is not None:
        named = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in named or answer.etag.removeprefix("W/") in named
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return _midnight(changed) <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header names gzip, or anything, without refusing it (RFC 9110, 12.5.3)."""
    weights: dict[str, bool] = {}
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return weights.get("gzip", weights.get("*", False))
