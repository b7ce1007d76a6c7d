"""A static web server that costs next to nothing, for machines without nginx.

python -m benchmarks.static_server DIR PORT

Serves files with an ETag of their time and size as nginx does, answers conditional requests with 304, and keeps
connections alive. For loopback and benchmarks only.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

IF_NONE_MATCH = b"\r\nif-none-match:"
TYPES = {".xml": b"application/xml", ".txt": b"text/plain; charset=utf-8"}


class StaticFiles(asyncio.Protocol):
    """One connection: requests in, files out, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._transport.write(answer(self._folder, head))


def answer(folder: Path, head: bytes) -> bytes:
    """The whole response to a GET."""
    path = head.split(b" ", 2)[1].decode("ascii").partition("?")[0].lstrip("/")
    file = folder / path
    if ".." in path or not file.is_file():
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    status = file.stat()
    etag = b'"%x-%x"' % (status.st_mtime_ns, status.st_size)
    if _asked_for(head) == etag:
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
    body = file.read_bytes()
    media_type = TYPES.get(file.suffix, b"text/html; charset=utf-8")
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nETag: %b\r\n\r\n%b" % (
        *(media_type, len(body), etag, body),
    )


def _asked_for(head: bytes) -> bytes | None:
    start = head.lower().find(IF_NONE_MATCH)
    return None if start < 0 else head[start + len(IF_NONE_MATCH) :].split(b"\r\n", 1)[0].strip()


async def serve(folder: Path, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: StaticFiles(folder), "127.0.0.1", port, backlog=256)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
