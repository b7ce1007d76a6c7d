"""No process of ours outlives a killed parent, even one that is stuck in a page."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 2.0


def processes_of(session: int) -> list[str]:
    """The processes of a session, as /proc knows them; dead ones that nobody has waited for do not count."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue
        state, _, _, of_session = rest.split()[:4]
        if int(of_session) == session and state != "Z":
            found.append(name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_parser_processes_end_with_their_parent(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "tests.crash.busy_victim", str(pipe)]
    with subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        assert process.wait(60) == -9
    began = time.monotonic()
    while left := processes_of(process.pid):
        assert time.monotonic() - began < SECONDS, f"after {SECONDS} s there are still {left}"
        os.sched_yield()
    print(f"the last process ended {time.monotonic() - began:.3f} s after its parent")
