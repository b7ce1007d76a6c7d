"""Runs one contender under the meter, and believes it only when every page is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import ROOT, Contender, Job, environment
from benchmarks.meter import Usage


class ContenderFailed(Exception):
    """A contender did not do its work; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one contender. others_cpu_seconds: what neither it nor the web server used of the machine.

    run_seconds: how long its work took by its own account; None where it keeps none.
    """

    contender: str
    pages: int
    usage: Usage
    server_cpu_seconds: float
    others_cpu_seconds: float
    run_seconds: float | None = None


def run(contender: Contender, job: Job) -> Outcome:
    """Run a contender on a site. Raises ContenderFailed where it ends badly or pages are missing."""
    used, log = job.folder / "usage.json", job.folder / "log.txt"
    before = job.site.cpu_seconds()
    with log.open("ab") as output:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.meter", str(used), *contender.command(job)],
            cwd=ROOT,
            env=environment(contender),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=True,
        )
    served = job.site.cpu_seconds() - before
    usage = Usage(**json.loads(used.read_text()))
    if usage.status:
        raise ContenderFailed(f"{contender.name} ended with status {usage.status}; {log} has its last words.")
    if (count := contender.count(job)) != job.site.pages:
        raise ContenderFailed(f"{contender.name} did {count} of {job.site.pages} pages; see {log}.")
    others = max(0.0, usage.machine_cpu_seconds - usage.cpu_seconds - served)
    return Outcome(contender.name, job.site.pages, usage, served, others, contender.run_seconds(job))


def describe(outcome: Outcome) -> str:
    """A line for the one who waits."""
    usage = outcome.usage
    return (
        f"{outcome.contender:<24} {outcome.pages:>7} pages {usage.wall_seconds:8.2f} s, "
        f"CPU {usage.cpu_seconds:8.2f} s, server {outcome.server_cpu_seconds:6.2f} s, "
        f"others {outcome.others_cpu_seconds:6.2f} s, {usage.pss_mb:6.0f} MB in {usage.processes} processes"
    )


def clear(folder: Path) -> Path:
    """An empty folder in its place."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder.resolve()
