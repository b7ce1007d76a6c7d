"""Fixtures that several folders use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tests.loopback import serve
from tests.scrape.replica import Replica

# The same examples at every run, so that a change is judged by what it changes; `make soak` draws new ones.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("soak", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("INGEST_HYPOTHESIS", "fixed"))


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    """A replica of an incident site on loopback, and an empty data directory."""
    with serve() as site:
        yield Replica(site, tmp_path / "data")


@dataclass(frozen=True)
class DemoRun:
    """One run of `ingest demo`: where its data is, and what it printed."""

    data: Path
    output: str


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """The demo, run once for all tests that look at it."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "ingest", "--data", str(folder), "demo"]
    environment = {**os.environ, "COLUMNS": "120"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    return DemoRun(folder / "demo", ended.stdout)
