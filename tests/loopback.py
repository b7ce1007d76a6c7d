"""A site on loopback whose pages a test sets, and a log of what was asked of it."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a path gives."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


@dataclass
class LoopbackSite:
    """The pages by path; `once` has the answers to first requests. `asked` lists (path, status) in order, `times` when
    that was (monotonic, in seconds). Bodies get an ETag and conditional requests a 304."""

    url: str
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    once: dict[str, Answer] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, path: str, status: int, at: float) -> None:
        with self.changed:
            self.times.append(at)
            self.asked.append((path, status))
            self.changed.notify_all()

    def wait_for(self, path: str, seconds: float) -> bool:
        """Whether a path has been asked for within so many seconds."""
        with self.changed:
            return self.changed.wait_for(lambda: path in self.paths(), seconds)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str) -> Answer:
        return self.once.pop(path, None) or self.pages.get(path) or Answer("not here", 404)


@contextmanager
def serve() -> Iterator[LoopbackSite]:
    """Serve a site until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            at = time.monotonic()
            answer = site.answer(self.path)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            status = answer.status
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            site.note(self.path, status, at)
            self.send_response(status)
            if answer.status == 200:
                self.send_header("ETag", etag)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = LoopbackSite(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
