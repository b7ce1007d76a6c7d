"""The pages on a port of this machine, until a signal ends it."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from ingest.browse.application import Publication
from ingest.errors import IngestError

HOST = "127.0.0.1"
GRACE_SECONDS = 3


def serve(path: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serve the published file until SIGINT or SIGTERM; announce is told the address, which is open by then.

    port 0 takes a free one. Raises IngestError where the port is taken or may not be used.
    """
    with listen(port) as listening:
        config = uvicorn.Config(
            Publication(path), log_level="warning", lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS
        )
        # The server ends on these by itself and then raises them again: to be asked to end is no failure.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        announce(f"http://{HOST}:{listening.getsockname()[1]}/")
        uvicorn.Server(config).run(sockets=[listening])


def listen(port: int) -> socket.socket:
    """A listening socket on loopback: who connects before the server is up waits for it."""
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise IngestError(f"Port {port} is in use. Name another one with --port, or 0 for any free one.") from error
        raise IngestError(f"Port {port} can't be used: {error.strerror}. Name another one with --port.") from error
