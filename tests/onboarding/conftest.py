"""Commands in this process, and a directory with a source of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run

SITE = """
version = 1
title = "Example tracker"
home_url = "https://incidents.example/"
incident_url = 'https://incidents\\.example/i/(?P<slug>[a-z0-9-]+)'
listings = ["https://incidents.example/i"]
[labels]
"Category" = "category"
"Date Occurred" = "date_occurred"
[sections]
"What happened" = "description"
[vocabularies]
category = ["wrong_output"]
"""


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit status."""

    status: int
    output: str
    messages: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]


Call = Callable[..., Ended]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """A command line, with a data directory that is not there."""

    def call(*arguments: object) -> Ended:
        status = run(["--data", str(tmp_path / "data"), *map(str, arguments)])
        output = capsys.readouterr()
        return Ended(status, output.out, output.err)

    return call


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of sources with one file, `example.toml`."""
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "example.toml").write_text(SITE)
    monkeypatch.setenv("INGEST_SOURCES", str(folder))
    return folder


def page(category: str = "Wrong output", date: str = "3 May 2025", more: str = "") -> bytes:
    """An incident's page of that source."""
    return f"""<!doctype html><link rel="canonical" href="https://incidents.example/i/ferry">
    <title>Ferry</title><h1>Ferry timetable sends passengers to a closed pier</h1>
    <dl><dt>Category</dt><dd>{category}</dd><dt>Date Occurred</dt><dd>{date}</dd>{more}</dl>
    <h2>What happened</h2><p>The assistant of a ferry line went on to announce a pier that had been closed in
    winter. Forty passengers waited there.</p>""".encode()
