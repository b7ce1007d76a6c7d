"""One run a source at a time, and no lock that outlives its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.lease import LeaseTakenError, hold_lease

HOLDER = """
import sys, pathlib
from ingest.lease import hold_lease
with hold_lease(pathlib.Path(sys.argv[1]), "example"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lease_that_is_taken_names_its_holder(tmp_path: Path) -> None:
    with hold_lease(tmp_path, "example"):
        with pytest.raises(LeaseTakenError, match=f"process {os.getpid()}"), hold_lease(tmp_path, "example"):
            pass
        with hold_lease(tmp_path, "another"):
            pass


def test_a_lease_is_free_when_its_block_ends(tmp_path: Path) -> None:
    for _ in range(2):
        with hold_lease(tmp_path, "example"):
            pass


def test_a_lease_is_free_when_its_holder_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LeaseTakenError, match=f"process {holder.pid}"), hold_lease(tmp_path, "example"):
            pass
        holder.send_signal(signal.SIGKILL)
    with hold_lease(tmp_path, "example"):
        pass


def test_a_place_that_can_not_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IngestError, match="can't be written"), hold_lease(tmp_path / "file", "example"):
        pass
