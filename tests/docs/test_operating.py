"""docs/operating.md has an entry for everything that the program can find wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.cli import COMMANDS
from ingest.fetch.kinds import PERMANENT, TRANSIENT
from ingest.settings import ENVIRONMENT, Settings

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
KIND_ARGUMENT = {
    **dict.fromkeys(("FetchError", "PageError", "ParserDied", "refuse", "Failure"), 0),
    **dict.fromkeys(("Refusal", "Failed"), 1),
}
"""A call that makes a failure -> the place of its kind among the arguments."""
ENTRIES = {
    word
    for line in BOOK.splitlines()
    if line.startswith("|")
    for word in re.findall(r"`([a-z_0-9]+)`", line.split("|")[1])
}


def calls() -> Iterator[tuple[str, list[str | None]]]:
    """Each call by name, with those of its arguments that are texts."""
    for path in (*ROOT.glob("src/ingest/**/*.py"), *ROOT.glob("parsers/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                values = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                yield node.func.id, [value if isinstance(value, str) else None for value in values]


def kinds() -> set[str]:
    found = {*PERMANENT, *TRANSIENT}
    for name, values in calls():
        place = KIND_ARGUMENT.get(name, len(values))
        if place < len(values) and (value := values[place]) is not None:
            found.add(value)
    return found


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_of_failure_has_its_entry(kind: str) -> None:
    assert kind in ENTRIES


def test_no_entry_is_of_a_kind_that_there_is_not() -> None:
    failures = BOOK[BOOK.index("## Failures") : BOOK.index("## Drift")]
    first = [line.split("|")[1] for line in failures.splitlines() if line.startswith("| `")]
    words = {word for cell in first for word in re.findall(r"`([a-z_0-9]+)`", cell)}
    assert {word for word in words if not word.startswith("http_")} == kinds()


@pytest.mark.parametrize("check", sorted({v[1] for name, v in calls() if name == "Finding" and len(v) > 1 and v[1]}))
def test_every_finding_of_check_has_its_entry(check: str) -> None:
    assert f"\n| {check} | " in BOOK


def test_every_state_of_a_flow_run_has_its_entry() -> None:
    text = "".join(path.read_text() for path in ROOT.glob("flows/*.py"))
    names = set(re.findall(r'name="([A-Z]\w+)"', text)) | set(re.findall(r'"([A-Z]\w+)" if', text))
    assert names >= {"Held", "Skipped", "NothingDue"}
    for name in names:
        assert f"\n| {name} | " in BOOK, name


def test_every_setting_has_its_entry() -> None:
    for name in {*Settings.model_fields} - {"data", "schedules"}:
        assert f"`{name}`" in BOOK, name
    for name in ENVIRONMENT.values():
        assert f"`{name}`" in BOOK, name


def test_every_command_that_is_named_is_one_that_there_is() -> None:
    assert set(re.findall(r"`ingest ([a-z]+)", BOOK)) <= set(COMMANDS)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", BOOK))))
def test_what_is_pointed_at_exists(target: str) -> None:
    assert (ROOT / "docs" / target).exists()
