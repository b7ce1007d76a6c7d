"""Runs a command and says what its whole process tree has used: python -m benchmarks.meter OUT.json COMMAND ...

Linux only. The meter adopts the processes that outlive their parents, so none escapes the count.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.2
GRACE_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command and all its descendants used. Memory is the highest sum over the tree that was seen: pss_mb
    counts a page that processes share once, rss_mb once for each. machine_cpu_seconds: what every process of the
    machine used meanwhile, so that a busy machine can be told from slow code.
    """

    status: int
    wall_seconds: float
    cpu_seconds: float
    machine_cpu_seconds: float
    pss_mb: float
    rss_mb: float
    processes: int


class MemoryWatch(threading.Thread):
    """Samples the memory of this process's descendants until it is stopped."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.pss_kb = self.rss_kb = self.processes = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(SAMPLE_SECONDS):
            tree = descendants(os.getpid())
            sizes = [memory_kb(pid) for pid in tree]
            self.pss_kb = max(self.pss_kb, sum(pss for pss, _ in sizes))
            self.rss_kb = max(self.rss_kb, sum(rss for _, rss in sizes))
            self.processes = max(self.processes, len(tree))


def measure(command: list[str]) -> Usage:
    """Run a command to its end, and wait for all that it has started."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    watch = MemoryWatch()
    watch.start()
    busy, began = machine_cpu_seconds(), time.perf_counter()
    process = subprocess.Popen(command)
    status = process.wait()
    wall = time.perf_counter() - began
    machine = machine_cpu_seconds() - busy
    wait_for_the_rest()
    watch.ended.set()
    watch.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    return Usage(status, wall, cpu, machine, watch.pss_kb / 1000, watch.rss_kb / 1000, watch.processes)


def wait_for_the_rest() -> None:
    """Wait for adopted processes; those that do not end by themselves are killed."""
    end = time.monotonic() + GRACE_SECONDS
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            if time.monotonic() > end:
                for child in descendants(os.getpid()):
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    """The ids of all processes below one."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            children = [int(child) for child in _read(task).split()]
            found += children
            waiting += children
    return found


def memory_kb(pid: int) -> tuple[int, int]:
    """Proportional and resident set size; 0 of a process that has ended."""
    lines = (line.split() for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()[1:])
    sizes = {words[0]: int(words[1]) for words in lines}
    return sizes.get("Pss:", 0), sizes.get("Rss:", 0)


def machine_cpu_seconds() -> float:
    """What all processes of the machine have used since it was started, without idling and waiting for disks."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, _read(Path("/proc/stat")).split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def main() -> None:
    out, *command = sys.argv[1:]
    usage: dict[str, Any] = asdict(measure(command))
    Path(out).write_text(json.dumps(usage))


if __name__ == "__main__":
    main()
