"""A receiver of messages on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/hooks/s3cret-word"


@dataclass
class Receiver:
    """What was posted, in order; `answers` are the next statuses, then 200."""

    url: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, event: str, seconds: float) -> dict[str, Any] | None:
        """The first message of an event, once there is one; None where it does not come within so many seconds."""

        def find() -> dict[str, Any] | None:
            return next((one for one in self.messages if one["event"] == event), None)

        with self.news:
            return self.news.wait_for(find, seconds)


@contextmanager
def receive() -> Iterator[Receiver]:
    """Receive until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.news:
                status = receiver.answers.pop(0) if receiver.answers else 200
                if status == 200 and self.path == PATH:
                    receiver.messages.append(json.loads(content))
                receiver.news.notify_all()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", PATH)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}{PATH}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
