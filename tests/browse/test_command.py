"""`ingest browse`, as a reader starts and ends it."""

from __future__ import annotations

import io
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import httpx
import pytest

from ingest.cli import run
from tests.browse.conftest import Shelf


@contextmanager
def browsing(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "ingest", "--data", str(data), "browse", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


def test_the_address_that_is_printed_answers_and_a_signal_ends_it_well(shelf: Shelf) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with browsing(shelf.settings.data) as (process, line):
            match = re.fullmatch(r"60 incidents at cursor 64: (http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\n", line)
            assert match, line
            assert "A chatbot promises a refund" in httpx.get(match[1] + "changes", timeout=30).text
            process.send_signal(number)
            output, errors = process.communicate(timeout=20)
            assert (process.returncode, output, errors) == (0, "", "")


def test_without_a_published_file_it_says_what_makes_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ingest", "--data", str(tmp_path), "browse"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    path = tmp_path / "published" / "incidents.db"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"ingest: There is no published file at {path}. `ingest publish` writes it.\n"


def test_a_file_of_another_kind_is_told_from_none(tmp_path: Path) -> None:
    path = tmp_path / "published" / "incidents.db"
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    output = io.StringIO()
    with redirect_stderr(output):
        assert run(["--data", str(tmp_path), "browse"]) == 2
    assert output.getvalue() == f"ingest: {path} is no published file of this version. `ingest publish` writes it.\n"


def test_a_port_that_is_taken_is_named(shelf: Shelf) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [sys.executable, "-m", "ingest", "--data", str(shelf.settings.data), "browse", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == f"ingest: Port {port} is in use. Name another one with --port, or 0 for any free one.\n"


@pytest.mark.parametrize("arguments", [["--help"], ["browse", "--help"]])
def test_help_does_not_load_the_server(arguments: list[str]) -> None:
    program = (
        "import sys; from ingest.cli import run; run(sys.argv[1:]); "
        "sys.exit(bool({'datasette', 'uvicorn', 'httpx', 'prefect'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
