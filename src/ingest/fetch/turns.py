"""One host's turns, shared by all processes and all sources that work in a data directory, and kept over restarts.

A file a host holds the time, in seconds since 1970, from which the delay counts. It is locked from a request's turn
until the request has been written; the kernel frees the lock the moment its holder dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from urllib.parse import quote

from ingest.errors import IngestError
from ingest.fetch.pace import LONGEST_WAY_SECONDS

_AGAIN_SECONDS = 0.05
"""After this time another process may have written its request."""
_FORM = "{:017.6f}"


class SharedTurns:
    """The turns of one host, as one fetcher takes part in them. Raises IngestError where it can't be kept."""

    def __init__(self, folder: Path, host: str) -> None:
        self._path = folder / quote(host, safe="")
        self._noted = 0.0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise self._unwritable(error) from error

    def take(self, delay_seconds: float) -> float:
        """Take the host's next turn: 0, or the seconds after which to ask again. A turn that was taken is to be
        given back. Raises IngestError where that can't be noted."""
        if not self._lock():
            return _AGAIN_SECONDS
        now = time.time()
        # A clock that was put back leaves a time that is not to come for long.
        wait = min(self._read(), now + LONGEST_WAY_SECONDS) + delay_seconds - now
        if wait > 0:
            self._unlock()
            return wait
        try:
            self._note(now + LONGEST_WAY_SECONDS)  # what holds if this process dies before the request is written
        except OSError as error:
            self._unlock()
            raise self._unwritable(error) from error
        return 0.0

    def give_back(self, seconds_on: float) -> None:
        """The request has been written, or is over: the delay counts from so many seconds on from now."""
        self._note(time.time() + seconds_on)
        self._unlock()

    def bring_forward(self, seconds_ago: float) -> None:
        """The delay counts from so many seconds ago, unless another process has had a turn since."""
        if self._noted and self._lock():
            if self._read() == self._noted:
                self._note(time.time() - seconds_ago)
            self._unlock()

    def close(self) -> None:
        os.close(self._file)

    def _lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def _read(self) -> float:
        try:
            return float(os.pread(self._file, 32, 0) or 0)
        except ValueError:
            return time.time()  # a damaged file: as if the host had been asked just now

    def _note(self, at: float) -> None:
        text = _FORM.format(at)
        os.pwrite(self._file, text.encode(), 0)
        self._noted = float(text)

    def _unwritable(self, error: OSError) -> IngestError:
        return IngestError(f"{self._path}, by which hosts keep their delay, can't be written: {error.strerror}.")
