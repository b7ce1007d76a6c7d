"""Runs the command `ingest` and kills its own process at one step: python -m tests.crash.victim STEP ARGUMENTS...

A step is the moment before or after one call of a function that fetches, archives, parses or stores. STEP 0 counts
the steps, prints their number on standard error and kills nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import ingest.archive
import ingest.fetch.fetcher
import ingest.parsing
import ingest.pipeline
import ingest.recorder
import ingest.rereading
import ingest.session
import ingest.store.commit
import ingest.store.connection
import ingest.store.incidents
from ingest.cli import run

BATCH = 5
"""URLs to a batch, so that a run of few pages has several commits."""
STEPS = (
    (ingest.fetch.fetcher.Fetcher, "fetch"),
    (ingest.archive.ArchiveWriter, "append"),
    (ingest.archive.ArchiveWriter, "_write"),
    (ingest.archive.ArchiveWriter, "sync"),
    (ingest.parsing.ParserPool, "read_page"),
    (ingest.parsing.ParserPool, "read_listing"),
    (ingest.parsing.ParserPool, "read_archived"),
    (ingest.rereading.Rereader, "process"),
    (ingest.recorder.Recorder, "commit"),
    (ingest.recorder.Recorder, "commit_listing"),
    (ingest.store.commit, "write_pages"),
    (ingest.store.commit, "write_journal"),
    (ingest.store.commit, "write_observations"),
    (ingest.pipeline, "complete_run"),
    (ingest.pipeline, "end_compared"),
    (ingest.store.commit, "end_run"),
    (ingest.recorder, "commit_results"),
    (ingest.session, "begin_run"),
)


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.taken = 0

    def take(self) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, owner: Any, name: str) -> None:
        function: Callable[..., Any] = getattr(owner, name)

        @wraps(function)
        def watched(*arguments: Any, **options: Any) -> Any:
            self.take()
            result = function(*arguments, **options)
            self.take()
            return result

        setattr(owner, name, watched)


def main() -> None:
    ingest.pipeline.BATCH = BATCH
    steps = Steps(int(sys.argv[1]))
    for owner, name in STEPS:
        steps.watch(owner, name)
    status = run(sys.argv[2:])
    if steps.fatal == 0:
        print(f"steps: {steps.taken}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
