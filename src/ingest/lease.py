"""One run a source at a time: a file lock, which the kernel frees the moment its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IngestError
from ingest.times import now


class LeaseTakenError(IngestError):
    """Another process works on the source."""


@contextmanager
def hold_lease(locks: Path, source: str) -> Iterator[None]:
    """Hold the source's lease to the end of the block. Raises LeaseTakenError, which names the holder."""
    try:
        locks.mkdir(parents=True, exist_ok=True)
        file = os.open(locks / f"{source}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise IngestError(f"{locks} can't be written: {error}.") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LeaseTakenError(f"Another run holds {source}: {_describe(os.pread(file, 4096, 0))}.") from None
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": now()}
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(holder).encode(), 0)
        yield
    finally:
        os.close(file)


def _describe(text: bytes) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        return "a process that has not said which"
