"""Several processes may begin on an empty data directory at once: two sources that are due in the same minute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ingest.store.connection import open_reader

PROCESSES = 4
BEGINNER = """
import sys
from pathlib import Path
from ingest.store.connection import open_writer
print("ready", flush=True)
sys.stdin.readline()
open_writer(Path(sys.argv[1])).close()
"""


def test_processes_that_make_one_database_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / "incidents.db"
    command = [sys.executable, "-c", BEGINNER, str(path)]
    beginners = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for each in beginners:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in beginners:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate()[1] for each in beginners]
    assert [each.returncode for each in beginners] == [0] * PROCESSES, said
    open_reader(path).close()
