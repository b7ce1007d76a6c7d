"""Runs the command `ingest` with deadlines that a test can wait for, and prints its own peak of memory in the end.

python -m tests.hostile.tour ARGUMENTS...
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import ingest.session
from ingest.cli import run
from ingest.fetch import FetchSettings
from ingest.session import plain_policy

ATTEMPT_SECONDS = 1.5


def impatient(*arguments: Any) -> FetchSettings:
    """Every bound as it is, but those of time."""
    policy = plain_policy(*arguments)
    return replace(policy, attempts=1, attempt_seconds=ATTEMPT_SECONDS, page_seconds=3 * ATTEMPT_SECONDS)


def peak_kilobytes() -> int:
    """The most memory that this process has held (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    ingest.session.plain_policy = impatient  # type: ignore[assignment]
    status = run(sys.argv[1:])
    print(f"peak: {peak_kilobytes()} kB", file=sys.stderr)
    sys.exit(status)
