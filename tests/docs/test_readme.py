"""README.md says what is so: its commands are run in order, and print what it shows."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from ingest.cli import COMMANDS, cli
from tests.conftest import DemoRun

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PORT = "8123"
"""The port that README.md shows; the tests take a free one in its place."""
PROGRAMS = {"ingest", "sqlite-utils"}
VARIABLES = {"INGEST_DATA", "INGEST_SOURCES"}
ECHO = 'echo "exit status $?"'
BIN = Path(sys.executable).parent
VARYING = {
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{6}Z)?": "TIME",
    r"\bpage [0-9a-f]{12}\b": "page HASH",
    r"\bparser \d+-[0-9a-f]{8}\b": "parser VERSION",
    r"\b\d+\.\d MB\b": "SIZE",
    r'^\{"cursor": \d+': '{"cursor": N',
}
"""What differs from run to run -> the word that is compared in its place."""


@dataclass(frozen=True)
class Step:
    """A command of a console block, and the lines below it."""

    command: str
    shown: str


def read_blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def read_steps(text: str = README) -> list[Step]:
    """Every command of every console block, in order. A block that begins with no command raises AssertionError."""
    steps = []
    for block in read_blocks("console", text):
        start, *parts = re.split(r"^\$ (.*)\n", block, flags=re.M)
        assert not start, f"This block begins with no command:\n{block}"
        steps += [Step(command, shown) for command, shown in zip(parts[::2], parts[1::2], strict=True)]
    return steps


STEPS = read_steps()
MADE = [step for step in STEPS if step.command.startswith("make ")]


def same_each_time(text: str) -> list[str]:
    for pattern, word in VARYING.items():
        text = re.sub(pattern, word, text, flags=re.M)
    return [line.rstrip() for line in text.splitlines()]


def compare(shown: str, printed: str) -> None:
    """A line `...` stands for any lines. Raises AssertionError where something else differs."""
    expected, found = same_each_time(shown), same_each_time(printed)
    parts = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in expected]
    matches = re.fullmatch("".join(parts), "".join(f"{line}\n" for line in found))
    assert matches, "\n".join(["README.md shows", *expected, "", "but this is printed", *found])


class Terminals:
    """Two terminals in one folder: one serves the sample site, the other runs commands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._site = ExitStack()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = str(probe.getsockname()[1])
        hidden = ("INGEST_", "PREFECT_", "COLUMNS", "LINES", "FORCE_COLOR", "TERM")
        own = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        self._environment = own | {"PYTHONUTF8": "1"}

    def run(self, command: str) -> str:
        """What a command prints on both streams. Raises AssertionError for one that fails or that can't be run here."""
        words = shlex.split(command)
        if words[:3] == ["python", "-m", "ingest.sample"]:
            return self._serve([sys.executable, *self._here(words[1:])])
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            assert name in VARIABLES and len(words) == 2, f"The test can't run this command of README.md: {command}"
            self._environment[name] = value
            return ""
        line, _, rest = command.partition("; ")
        assert rest in ("", ECHO), f"The test can't run this command of README.md: {command}"
        words, variables = self._here(shlex.split(line)), {}
        while words and (name := words[0].partition("=")[0]) in VARIABLES:
            variables[name] = words.pop(0).partition("=")[2]
        assert words and words[0] in PROGRAMS, f"The test can't run this command of README.md: {command}"
        done = subprocess.run(
            [str(BIN / words[0]), *words[1:]],
            cwd=self._folder,
            env=self._environment | variables,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.replace(f":{self._port}", f":{PORT}")
        if rest:
            return f"{output}exit status {done.returncode}\n"
        assert done.returncode == 0, f"{command} ended with status {done.returncode}:\n{output}"
        return output

    def close(self) -> None:
        self._site.close()

    def _here(self, words: list[str]) -> list[str]:
        return [re.sub(rf"\b{PORT}\b", self._port, word) for word in words]

    def _serve(self, words: list[str]) -> str:
        self._site.close()
        process = subprocess.Popen(words, env=self._environment, text=True, stdout=subprocess.PIPE)
        self._site.callback(process.communicate)
        self._site.callback(process.kill)
        assert process.stdout is not None
        return process.stdout.readline().replace(f":{self._port}", f":{PORT}")


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Terminals]:
    write_files(tmp_path)
    both = Terminals(tmp_path)
    yield both
    both.close()


def write_files(folder: Path) -> None:
    """The files that README.md shows; the first line of each names it."""
    for text in read_blocks("toml"):
        file = folder / text.partition("\n")[0].removeprefix("# ")
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")


def test_the_commands_print_what_is_shown(terminals: Terminals) -> None:
    for step in STEPS:
        if step not in MADE:
            compare(step.shown, terminals.run(step.command))


def test_the_make_commands_are_targets() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    named = re.findall(r"`make ([a-z]+)`", README) + [step.command.removeprefix("make ") for step in MADE]
    assert {"demo", "test"} <= set(named) <= set(targets)


def test_the_demo_prints_what_is_shown(demo_run: DemoRun) -> None:
    [shown] = [step.shown for step in MADE if step.command == "make demo"]
    assert shown.count("\n") > 2 * shown.count("...\n")
    printed = demo_run.output.replace(str(demo_run.data), "data/demo")
    compare(without_indents(shown), without_indents(printed))


def without_indents(text: str) -> str:
    """The demo's tables are as wide as the terminal; how far a cell's second line is indented depends on it."""
    return re.sub(r"^ +", "", text, flags=re.M)


@pytest.mark.parametrize("line", [line for block in read_blocks("sh") for line in block.splitlines()])
def test_a_command_for_the_real_site_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line)
    if words[0] == "export":
        return
    parse_command(words)


def parse_command(words: list[str]) -> None:
    """Have the command line read, and not run. Raises click.UsageError for what it does not know."""
    assert words[0] == "ingest", words
    command = cli.get_command(click.Context(cli), words[1])
    assert command is not None, words
    command.make_context(words[1], words[2:])


def test_every_command_that_is_named_is_one_that_there_is() -> None:
    named = set(re.findall(r"`ingest ([a-z]+)", README))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^):]+)\)|`((?:src|flows|parsers)/[^`]*)`", README))))
def test_what_is_pointed_at_exists(path: tuple[str, str]) -> None:
    assert (ROOT / (path[0] or path[1])).exists()


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("one\n", "two\n"),
        ("one\n...\n", "zero\none\n"),
        ("...\ntwo\n", "one\ntwo\nthree\n"),
        ("one\n", "one\nmore\n"),
        ("", "more\n"),
        ("cursor 31\n", "cursor 32\n"),
        ("page 0123456789ab\n", "page 0123\n"),
    ],
)
def test_a_difference_is_seen(shown: str, printed: str) -> None:
    with pytest.raises(AssertionError, match="but this is printed"):
        compare(shown, printed)


def test_cut_lines_and_times_are_no_difference() -> None:
    compare("a\n...\nz\n", "a\nb\nc\nz\n")
    compare("a\n...\nz\n", "a\nz\n")
    compare("at 2026-11-23 14:51:56, page cad7beedc8d2\n", "at 2027-01-02 03:04:05, page 50a5ab708f0e  \n")


@pytest.mark.parametrize(
    "command",
    ["curl https://provyn.dev/", "make demo", "ingest status && rm -r data", "ingest status; rm -r data", "rm -r data"],
)
def test_a_command_that_cannot_be_run_here_fails(terminals: Terminals, command: str) -> None:
    with pytest.raises(AssertionError, match=r"can't run this command|ended with status 2"):
        terminals.run(command)


def test_a_command_that_fails_is_seen(terminals: Terminals) -> None:
    with pytest.raises(AssertionError, match="ended with status 2"):
        terminals.run("ingest scrape nowhere")


def test_an_option_that_there_is_not_is_seen() -> None:
    with pytest.raises(click.UsageError, match="No such option"):
        parse_command(["ingest", "scrape", "provyn", "--hurry"])
