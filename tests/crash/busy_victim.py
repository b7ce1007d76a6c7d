"""Has two parser processes read pages without end, then kills its own process: python -m tests.crash.busy_victim"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from ingest.parsing import ParserPool
from ingest.readers import SourceReader
from ingest.reading import Reading
from parsers import load_source


def read_forever(body: bytes, content_type: str | None, url: str) -> Reading:
    """Says on the pipe of its name that it has begun, and does not come back to Python's interpreter."""
    with Path(url).open("w") as pipe:
        pipe.write("busy\n")
    pow(7, 10**9)
    return Reading()


def read_nothing(body: bytes, content_type: str | None, url: str) -> Any:
    raise NotImplementedError


async def main(pipe: str) -> None:
    reader = SourceReader(load_source("provyn"), "1-test", read_forever, read_nothing)
    with ParserPool(2, 600, reader) as pool:
        for _ in range(2):
            reading = asyncio.ensure_future(pool.read_page(b"x", None, pipe))
            await asyncio.to_thread(read_line, pipe)
            assert not reading.done()
        os.kill(os.getpid(), signal.SIGKILL)


def read_line(pipe: str) -> str:
    with Path(pipe).open() as file:
        return file.readline()


if __name__ == "__main__":
    import sys

    asyncio.run(main(sys.argv[1]))
