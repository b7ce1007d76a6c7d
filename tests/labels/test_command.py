"""`ingest labels`: one JSON line a page, and what can't be read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run

PAGE = "<h1>A title</h1><dl><dt>Status</dt><dd>Open</dd><dt>Industry</dt><dd>Retail</dd><dd>Law</dd></dl>"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_a_page_with_its_pairs_in_page_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    assert run(["labels", str(path)]) == 0
    assert lines(capsys) == [
        {
            "path": str(path),
            "pairs": [
                {"label": "Status", "value": "Open", "values": ["Open"], "section": "A title"},
                {"label": "Industry", "value": "Retail Law", "values": ["Retail", "Law"], "section": "A title"},
            ],
        }
    ]


def test_explain_adds_the_relation_and_its_votes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    assert run(["labels", "--explain", "--json", str(path)]) == 0
    assert [(pair["relation"], pair["votes"]) for pair in lines(capsys)[0]["pairs"]] == [("definition", 2)] * 2


def test_explain_is_a_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, bad = tmp_path / "page.html", tmp_path / "file.pdf"
    path.write_text(PAGE)
    bad.write_bytes(b"%PDF-1.7")
    assert run(["labels", "--explain", str(path), str(bad)]) == 1
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if line.strip()]
    assert rows[0] == [str(path)]
    assert rows[1] == ["Block", "Label", "Votes", "Found", "by", "Value"]
    assert [row for row in rows if row[:2] == ["0", "Status"]] == [
        ["0", "Status", "2", "definition:", "dt", "and", "dd", "Open"]
    ]
    assert "file.pdf: The body is a binary file" in printed.replace("\n", "")


def test_pages_given_together_vote_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / f"{number}.html" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(f"<div><p><i>Height</i> {number} m</p><p><i>Maker</i> M{number}</p></div>")
    assert run(["labels", str(paths[0])]) == 0
    assert lines(capsys)[0]["pairs"] == []
    assert run(["labels", *map(str, paths)]) == 0
    assert [[pair["value"] for pair in line["pairs"]] for line in lines(capsys)] == [
        [f"{number} m", f"M{number}"] for number in range(3)
    ]


def test_a_refused_page_is_a_line_and_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "page.html", tmp_path / "file.pdf"
    good.write_text(PAGE)
    bad.write_bytes(b"%PDF-1.7")
    assert run(["labels", str(bad), str(good)]) == 1
    refused, read = lines(capsys)
    assert refused["path"] == str(bad)
    assert (refused["refused"]["stage"], refused["refused"]["kind"]) == ("parse", "not_html")
    assert len(read["pairs"]) == 2


def test_a_text_capture_has_no_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "capture.txt"
    path.write_text("Status\nOpen\n")
    assert run(["labels", str(path)]) == 0
    assert lines(capsys)[0]["pairs"] == []


def test_a_missing_file_is_one_sentence_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["labels", str(tmp_path / "none.html")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "none.html" in printed.err


def test_no_path_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["labels"]) == 2


def test_the_command_imports_nothing_heavy() -> None:
    code = "import sys, ingest.cli.labels; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"prefect", "httpx", "sqlite_utils", "rich"} & set(loaded)
