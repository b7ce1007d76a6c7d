"""docs/tutorial.md says what is so: its commands are run in order, and print what it shows."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.settings import Settings
from tests.docs.test_readme import Terminals, compare, parse_command, read_blocks, read_steps

ROOT = Path(__file__).parents[2]
DOCS = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("tutorial", "architecture")}
TUTORIAL = DOCS["tutorial"]


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Terminals]:
    both = Terminals(tmp_path)
    yield both
    both.close()


def test_the_commands_print_what_is_shown(terminals: Terminals) -> None:
    for step in read_steps(TUTORIAL):
        compare(step.shown, terminals.run(step.command))


@pytest.mark.parametrize(
    "line",
    [
        line
        for block in read_blocks("sh", TUTORIAL)
        for line in block.splitlines()
        if line.startswith(("ingest ", "make "))
    ],
)
def test_a_command_that_needs_a_server_or_a_site_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.M)
    else:
        parse_command(words)


def test_the_settings_are_ones_that_there_are(tmp_path: Path) -> None:
    [text] = read_blocks("toml", TUTORIAL)
    settings = Settings(**tomllib.loads(text), data=tmp_path)
    assert settings.schedules.timezone == "Europe/Vienna"


@pytest.mark.parametrize(
    "path",
    sorted({path for text in DOCS.values() for path in re.findall(r"\]\(([^)#:]+)", text)})
    + sorted(
        f"../{path}" for path in re.findall(r"`((?:src|flows|parsers)/[^`]*|prefect\.yaml)`", DOCS["architecture"])
    ),
)
def test_what_is_pointed_at_exists(path: str) -> None:
    assert (ROOT / "docs" / path).exists()
