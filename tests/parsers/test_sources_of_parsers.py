"""Sources are found in the package and in INGEST_SOURCES; a parser's version follows everything that makes a record."""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import IngestError
from parsers import _CODE, load_source, open_source, parser_version, source_names
from tests.parsers.cases import FIXTURES

ROOT = Path(__file__).parents[2]
SITE = ROOT / "parsers" / "sites" / "provyn.toml"


def test_the_packages_own_sources_are_known() -> None:
    assert "provyn" in source_names()
    assert load_source("provyn").name == "provyn"


def test_an_unknown_source_is_refused_by_naming_the_known_ones() -> None:
    with pytest.raises(IngestError, match=r"'nobody'; known: .*provyn"):
        load_source("nobody")


def test_directories_of_the_environment_add_sources_and_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SITE, tmp_path / "second.toml")
    (tmp_path / "provyn.toml").write_text(SITE.read_text().replace('title = "Provyn"', 'title = "Mine"'))
    monkeypatch.setenv("INGEST_SOURCES", str(tmp_path))
    assert {"provyn", "second"} <= set(source_names())
    assert load_source("provyn").title == "Mine"


def test_a_directory_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_SOURCES", "nowhere")
    with pytest.raises(IngestError, match="INGEST_SOURCES names nowhere"):
        source_names()


def test_a_file_that_cant_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("INGEST_SOURCES", str(tmp_path))
    with pytest.raises(IngestError, match=r"odd\.toml can't be read"):
        load_source("odd")


def test_the_version_is_the_files_number_and_a_hash() -> None:
    assert re.fullmatch(r"1-[0-9a-f]{8}", parser_version(load_source("provyn")))


def test_any_edit_of_the_file_changes_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = parser_version(load_source("provyn"))
    (tmp_path / "provyn.toml").write_text(SITE.read_text() + "\n# a comment\n")
    monkeypatch.setenv("INGEST_SOURCES", str(tmp_path))
    assert parser_version(load_source("provyn")) != before


def test_any_edit_of_the_code_that_makes_a_record_changes_the_version(tmp_path: Path) -> None:
    for part in ("parsers", "src/ingest"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    edits = [
        *("parsers/incident.py", "parsers/__init__.py", "src/ingest/records.py", "src/ingest/dates.py"),
        *("src/ingest/extraction.py", "src/ingest/labels/reader.py", "src/ingest/page/tree.py"),
        *("src/ingest/sources/lines.py", "src/ingest/reading.py", "src/ingest/witnesses.py", "src/ingest/words.py"),
    ]
    run = subprocess.run(
        [sys.executable, "-c", VERSIONS, *edits], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    versions = run.stdout.split()
    assert len(versions) == len(edits) + 2
    assert versions[0] == versions[1]
    assert len(set(versions)) == len(edits) + 1


def test_all_code_that_reading_a_page_loads_is_in_the_version() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, cwd=ROOT)
    loaded = {name.removeprefix("ingest.").split(".")[0] for name in run.stdout.split() if name.startswith("ingest.")}
    assert {name.removesuffix(".py") for name in _CODE} == loaded - WITHOUT_A_SAY
    assert loaded >= WITHOUT_A_SAY


WITHOUT_A_SAY = {"errors", "readers"}
"""What the parsers load that can't change a record: an exception's class, and a frozen pair of functions."""
LOADED = "import sys, parsers; print(*sys.modules)"

VERSIONS = """
import sys
sys.path[:0] = [".", "src"]
import parsers

def show():
    parsers._code_sha256.cache_clear()
    print(parsers.parser_version(parsers.load_source("provyn")))

show()
show()
for file in sys.argv[1:]:
    with open(file, "a") as code:
        code.write("# a comment")
    show()
"""
"""Prints the version of a copy of the code: twice as it is, then after an edit of each file."""


def test_a_sources_functions_travel_to_parser_processes() -> None:
    reader = pickle.loads(pickle.dumps(open_source("provyn")))
    body = (FIXTURES / "provyn" / "dl-groups" / "page.html").read_bytes()
    url = "https://provyn.dev/incidents/pharmacy-refill-labels-doubled-dose"
    reading = pickle.loads(pickle.dumps(reader.read_page(body, "text/html", url)))
    assert reading.incident_id == "provyn:pharmacy-refill-labels-doubled-dose"
    assert reading.url == url
    listing = reader.read_listing(
        b"<h1>Incidents</h1><a href='/incidents/a'>A</a>", "text/html", "https://provyn.dev/incidents"
    )
    assert listing.urls == ("https://provyn.dev/incidents/a",)
