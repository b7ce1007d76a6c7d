"""docs/adding-a-site.md says what is so: its commands are run in order, and print what it shows."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.sources import Source
from tests.docs.test_readme import PORT, ROOT, Terminals, compare, parse_command, read_blocks, read_steps

TEXT = (ROOT / "docs/adding-a-site.md").read_text(encoding="utf-8")


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Terminals]:
    both = Terminals(tmp_path)
    yield both
    both.close()


def test_the_commands_print_and_write_what_is_shown(terminals: Terminals, tmp_path: Path) -> None:
    [shown] = read_blocks("toml", TEXT)
    for step in read_steps(TEXT):
        compare(step.shown, terminals.run(step.command))
        if step.command.startswith("ingest source new"):
            written = (tmp_path / "sites" / "register.toml").read_text(encoding="utf-8")
            compare(shown, re.sub(r"(?<=127\.0\.0\.1:)\d+|(?<=127\\\.0\\\.0\\\.1:)\d+", PORT, written))


def test_the_line_for_cron_is_a_command() -> None:
    for block in read_blocks("sh", TEXT):
        for line in block.splitlines():
            parse_command(line.split())


def test_the_schedule_deploys_both_flows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prefect = pytest.importorskip("prefect")
    deployed: list[Any] = []
    monkeypatch.setattr(prefect, "serve", lambda *deployments: deployed.extend(deployments))
    [text] = read_blocks("python", TEXT)
    file = tmp_path / "schedule.py"
    file.write_text(text, encoding="utf-8")
    runpy.run_path(str(file), run_name="__main__")
    entries = {each.flow_name: each.parameters["source"] for each in deployed}
    assert entries == {"scrape": "register", "retry": "register"}


def test_every_key_of_a_file_that_is_named_is_one() -> None:
    known = "licence|attribution|listings|hosts|extra|ignore"
    keys = set(re.findall(rf"`([a-z]+_(?:url|order)|{known})`", TEXT))
    assert keys <= set(Source.model_fields)
    assert {"incident_url", "date_order"} <= keys
