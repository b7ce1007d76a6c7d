"""A reader is never disturbed: it sees one whole state, whatever is published meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

from tests.publish.conftest import Desk

PUBLISHES = int(os.environ.get("INGEST_PUBLISHES", "50"))

READER = """
import json, sqlite3, sys
path, last, seen, loops = sys.argv[1], int(sys.argv[2]), [], 0
COUNTS = '''SELECT (SELECT max(id) FROM incident_versions), (SELECT count(*) FROM incident_versions),
                   (SELECT count(*) FROM incident_changes), (SELECT count(*) FROM incidents),
                   (SELECT count(*) FROM incident_tags), (SELECT sum(version) FROM incidents)'''
while not seen or seen[-1] < last:
    db = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    [(cursor, versions, changes, incidents)] = db.execute("SELECT cursor, versions, changes, incidents FROM manifest")
    assert db.execute(COUNTS).fetchone() == (cursor, versions, changes, incidents, incidents, versions), cursor
    found = "SELECT i.status FROM incidents_fts f JOIN incidents i ON i.number = f.rowid WHERE incidents_fts MATCH ?"
    assert db.execute(found, ["word%d" % cursor]).fetchall() == [("status%d" % cursor,)], cursor
    if loops % 20 == 0:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], cursor
    db.close()
    seen += [cursor] if not seen or seen[-1] != cursor else []
    loops += 1
assert seen == sorted(seen), seen
print(json.dumps({"loops": loops, "seen": seen}))
"""


def state(desk: Desk, number: int) -> None:
    desk.edit(f"i{number % 7}", status=f"status{number}", summary=f"word{number}", tags=["x"])


def test_a_reader_that_loops_sees_one_whole_state_each_time(desk: Desk) -> None:
    state(desk, 1)
    desk.publish()
    arguments = [sys.executable, "-c", READER, str(desk.file), str(PUBLISHES + 1)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        for number in range(2, PUBLISHES + 2):
            state(desk, number)
            assert desk.publish().written
        output, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert json.loads(output)["seen"][-1] == PUBLISHES + 1


def test_a_reader_in_the_middle_of_a_query_goes_on_with_its_state(desk: Desk) -> None:
    for number in range(1, 80):
        state(desk, number)
    desk.publish()
    with closing(sqlite3.connect(f"file:{desk.file}?mode=ro", uri=True)) as db:
        db.execute("PRAGMA cache_size = 1")
        rows = db.execute("SELECT id FROM incident_versions ORDER BY id")
        begun = [rows.fetchone()[0]]
        for number in range(80, 85):
            state(desk, number)
            desk.publish(keep=1)
        assert begun + [row[0] for row in rows] == list(range(1, 80))
        assert db.execute("SELECT cursor FROM manifest").fetchone() == (79,)
    assert desk.rows("SELECT cursor FROM manifest") == [(84,)]
