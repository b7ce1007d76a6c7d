"""`ingest parse`: a JSON line a page, and exit statuses that a script can rely on."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run
from parsers import load_source, parser_version
from tests.parsers.cases import FIXTURES

PAGES = FIXTURES / "provyn"
SECOND = """
version = 1
title = "Second"
home_url = "https://second.example/"
incident_url = 'https://second\\.example/i/(?P<slug>\\w+)'
listings = ["https://second.example/i"]
[labels]
"Category" = "category"
[sections]
"Full Description" = "description"
"""


@dataclass(frozen=True)
class Ended:
    status: int
    rows: list[dict[str, Any]]
    messages: str


@pytest.fixture
def parse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def call(*arguments: object) -> Ended:
        status = run(["--data", str(tmp_path / "data"), "parse", *map(str, arguments)])
        output = capsys.readouterr()
        assert not (tmp_path / "data").exists()
        return Ended(status, [json.loads(line) for line in output.out.splitlines()], output.err)

    return call


def test_a_page_is_a_line_with_its_record(parse: Any) -> None:
    path = PAGES / "dl-groups" / "page.html"
    ended = parse(path, "--source", "provyn")
    assert (ended.status, ended.messages) == (0, "")
    (row,) = ended.rows
    assert list(row) == ["path", "source", "parser_version", "record", "unclaimed", "warnings"]
    assert (row["path"], row["source"]) == (str(path), "provyn")
    assert row["parser_version"] == parser_version(load_source("provyn"))
    assert row["record"] == json.loads((path.parent / "expected.json").read_text())["record"]
    assert (row["unclaimed"], row["warnings"]) == ({}, [])


def test_what_nobody_claims_is_shown_and_warned_of(parse: Any) -> None:
    (row,) = parse(PAGES / "unknown-labels" / "page.html").rows
    assert row["unclaimed"] == row["record"]["extra"]
    assert {"kind": "unknown_label", "field": "Near Miss", "value": None} in row["warnings"]


def test_a_refused_page_is_a_line_and_status_1_and_the_others_go_on(parse: Any) -> None:
    ended = parse(PAGES / "refused-half-page" / "page.html", PAGES / "text-lines" / "page.txt", "--source", "provyn")
    assert ended.status == 1
    refused, fine = ended.rows
    assert list(refused) == ["path", "refused"]
    assert list(refused["refused"]) == ["stage", "kind", "message"]
    assert refused["refused"]["kind"] == "partial_page"
    assert fine["record"]["model"] == "Refill-2"


def test_a_value_that_cant_be_read_is_refused_at_validation(parse: Any) -> None:
    (row,) = parse(PAGES / "refused-unreadable-date" / "page.html").rows
    assert row["refused"]["stage"] == "validate"


@pytest.mark.parametrize("name", ["nowhere.html", "."])
def test_a_file_that_cant_be_read_is_one_sentence_and_status_2(parse: Any, name: str) -> None:
    ended = parse(name)
    assert (ended.status, ended.rows) == (2, [])
    assert name in ended.messages
    assert ended.messages.count("\n") == 1


def test_an_unknown_source_is_one_sentence_that_names_the_known_ones(parse: Any) -> None:
    ended = parse(PAGES / "dl-groups" / "page.html", "--source", "nobody")
    assert (ended.status, ended.rows) == (2, [])
    assert "'nobody'" in ended.messages
    assert "provyn" in ended.messages


def test_among_several_sources_the_page_says_whose_it_is(
    parse: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "second.toml").write_text(SECOND)
    monkeypatch.setenv("INGEST_SOURCES", str(tmp_path / "sites"))
    assert parse(PAGES / "dl-groups" / "page.html").rows[0]["source"] == "provyn"
    ended = parse(PAGES / "text-lines" / "page.txt")
    assert (ended.status, ended.rows) == (2, [])
    assert "provyn" in ended.messages
    assert "second" in ended.messages


def test_a_capture_is_text_whatever_its_name(parse: Any, tmp_path: Path) -> None:
    copy = tmp_path / "capture"
    shutil.copy(PAGES / "text-lines" / "page.txt", copy)
    assert parse(copy, "--source", "provyn").rows[0]["record"]["severity"] == "high"


def test_a_page_over_the_cap_is_refused(parse: Any, tmp_path: Path) -> None:
    big = tmp_path / "big.html"
    big.write_bytes(b"<p>" + b"x" * 5_000_001)
    assert parse(big).rows[0]["refused"]["kind"] == "too_large"
