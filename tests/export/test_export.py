"""Records leave as CSV and JSON Lines, whole, now or as of a time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.publish.conftest import Desk
from tests.store.conftest import record

CITATION = {"title": "T", "publisher": "P", "date": "2026-03", "kind": None, "url": "https://news.example/a"}
FULL = record(
    summary="A summary; with “quotes”, and\na line end",
    severity="high",
    date_occurred="2026-03",
    human_review=True,
    litigation_filed=False,
    tags=["refund", "a; b"],
    citations=[CITATION],
    raw={"Severity": "High"},
    extra={"Estimated Cost": "9 USD"},
)


def lines(desk: Desk, *arguments: str) -> list[dict[str, Any]]:
    status, output, messages = desk.ingest("export", "--format", "jsonl", *arguments)
    assert status == 0, messages
    return [json.loads(line) for line in output.splitlines()]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def at(desk: Desk, *times: str) -> None:
    """Set when the versions were observed, in order."""
    for number, time in enumerate(times, 1):
        desk.site.db.execute("UPDATE incident_versions SET observed_at = ? WHERE id = ?", [time, number])


def three_times(desk: Desk) -> None:
    """`a` is added in January, changed in March and removed in May; `b` is added in March."""
    desk.edit("a", status="open")
    desk.edit("a", status="closed")
    desk.edit("b")
    desk.site.commit(desk.site.gone("a"))
    at(desk, *(f"2026-0{month}-01T00:00:00.000000Z" for month in (1, 3, 3, 5)))


def test_json_lines_hold_whole_records(desk: Desk) -> None:
    desk.edit("a", **FULL)
    [row] = lines(desk)
    assert row["record"] == FULL
    assert (row["id"], row["url"]) == ("example:a", "https://incidents.example/incidents/a")
    assert (row["version"], row["change"], row["valid_to"]) == (1, "added", None)


def test_every_record_obeys_the_json_schema(desk: Desk) -> None:
    status, output, _ = desk.ingest("export", "--schema")
    assert status == 0
    schema = json.loads(output)
    jsonschema.Draft202012Validator.check_schema(schema)
    desk.edit("a", **FULL)
    desk.edit("b")
    for row in lines(desk):
        jsonschema.validate(row["record"], schema)
    assert set(schema["properties"]) == set(record())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**FULL, "date_occurred": "March 2026"}, schema)


def test_csv_has_a_column_a_field_and_reads_back(desk: Desk) -> None:
    desk.edit("a", **FULL)
    status, output, _ = desk.ingest("export", "--raw-csv")
    assert status == 0
    [row] = table(output)
    assert list(row)[:6] == ["id", "url", "version", "change", "valid_from", "valid_to"]
    assert set(list(row)[6:]) == set(record())
    assert (row["summary"], row["severity"], row["model"]) == (FULL["summary"], "high", "")
    assert (row["human_review"], row["litigation_filed"]) == ("true", "false")
    for name in ("tags", "citations", "raw", "extra"):
        assert json.loads(row[name]) == FULL[name]


def test_a_formula_is_defused_unless_the_raw_text_is_asked_for(desk: Desk) -> None:
    evil = '=HYPERLINK("https://evil.example/"; "Click")'
    desk.edit("a", title=evil, extra={"=1+1": "2"})
    [row] = table(desk.ingest("export")[1])
    assert row["title"] == "'" + evil
    assert json.loads(row["extra"]) == {"=1+1": "2"}
    [raw] = table(desk.ingest("export", "--raw-csv")[1])
    assert raw["title"] == evil


def test_a_record_as_of_a_time_is_the_one_that_was_valid_then(desk: Desk) -> None:
    three_times(desk)
    assert lines(desk, "--as-of", "2025-12-31") == []
    [january] = lines(desk, "--as-of", "2026-02-28T23:59:59.999999Z")
    assert (january["record"]["status"], january["valid_to"]) == ("open", "2026-03-01T00:00:00.000000Z")
    march = lines(desk, "--as-of", "2026-03-01")
    assert [(row["id"], row["record"]["status"]) for row in march] == [("example:a", "closed"), ("example:b", None)]
    assert march[0]["valid_from"] == "2026-03-01T00:00:00.000000Z"


def test_an_export_as_of_a_time_says_what_show_says(desk: Desk) -> None:
    three_times(desk)
    for time in ("2026-01-01", "2026-03-01", "2026-04-01", "2026-06-01"):
        for row in lines(desk, "--as-of", time, "--removed"):
            shown = json.loads(desk.ingest("show", row["id"], "--as-of", time, "--json")[1])
            assert {name: row[name] for name in shown} == shown


def test_what_was_removed_is_left_out_unless_it_is_asked_for(desk: Desk) -> None:
    three_times(desk)
    assert [row["id"] for row in lines(desk)] == ["example:b"]
    removed, there = lines(desk, "--removed")
    assert (removed["id"], removed["change"], removed["record"]["status"]) == ("example:a", "removed", "closed")
    assert there["change"] == "added"


def test_a_time_that_cannot_be_read_is_one_sentence_and_no_output(desk: Desk) -> None:
    desk.edit("a")
    status, output, messages = desk.ingest("export", "--as-of", "in March")
    assert (status, output) == (2, "")
    assert "'in March' is no time" in messages


def test_a_file_is_written_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    desk.edit("a", **FULL)
    file = tmp_path / "out.jsonl"
    assert desk.ingest("export", "--format", "jsonl", "--output", str(file)) == (0, "", "")
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == lines(desk)
    assert desk.ingest("export", "--output", str(tmp_path / "out.csv"))[0] == 0
    assert table((tmp_path / "out.csv").read_bytes().decode()) == table(desk.ingest("export")[1])
    before = file.read_bytes()
    assert desk.ingest("export", "--as-of", "never", "--output", str(file))[0] == 2
    assert file.read_bytes() == before
    assert {path.name for path in tmp_path.glob("*out*")} == {"out.csv", "out.jsonl"}


def test_nothing_to_export_is_a_heading_or_nothing(desk: Desk) -> None:
    assert table(desk.ingest("export")[1]) == []
    assert desk.ingest("export")[1].startswith("id,url,version")
    assert lines(desk) == []
