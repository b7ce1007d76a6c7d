"""`python -m ingest.sample` serves until Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

COMMAND = (sys.executable, "-m", "ingest.sample")


def test_it_prints_its_address_serves_that_edition_and_ends_quietly_on_ctrl_c() -> None:
    with subprocess.Popen(
        [*COMMAND, "--edition", "3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/incidents", line)
            assert address is not None
            with urlopen(address[0], timeout=10) as response:
                assert b"<dl>" in response.read()
            process.send_signal(signal.SIGINT)
            rest, messages = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, rest, messages) == (0, "", "")


def test_a_port_that_is_taken_is_one_sentence_and_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"Port {port} of 127.0.0.1 can't be served: ")
    assert done.stderr.count("\n") == 1


def test_an_unknown_edition_is_refused() -> None:
    done = subprocess.run([*COMMAND, "--edition", "9"], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
