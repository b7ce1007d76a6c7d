"""docs/operating.md has an entry for everything that the program can find wrong."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetch.kinds import PERMANENT, TRANSIENT
from tests.docs.test_readme import parse_command, read_blocks

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
    program = "".join(path.read_text() for path in ROOT.glob("flows/*.py"))
    own = {*re.findall(r'Completed\([^)]*name="(\w+)"', program), *re.findall(r'"(WithFailures|Unchanged)"', program)}
    own |= set(re.findall(r'^INTERRUPTED = "(\w+)"', program, re.M))
    table = BOOK[BOOK.index("| state of a flow run |") : BOOK.index("| killed or gone |")]
    listed = set(re.findall(r"^\| ([A-Z]\w+) \|", table, re.M))
    assert listed == own | {"Completed", "Failed", "Cancelled", "Crashed"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_knows_every_word_of_the_services(tmp_path: Path) -> None:
    units = read_blocks("ini", BOOK)
    assert len(units) == 2
    for unit in units:
        name, text = re.fullmatch(r"# /etc/systemd/system/(\S+)\n(.*)", unit, re.DOTALL).groups()  # type: ignore[union-attr]
        (tmp_path / name).write_text(text.replace("/srv/ingest/.venv/bin/", sys.prefix + "/bin/"))
    command = ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""


def test_the_services_commands_are_ones_that_there_are() -> None:
    [command] = re.findall(r"^ExecStart=\S+/(ingest .*)$", BOOK, re.M)
    parse_command(shlex.split(command))
