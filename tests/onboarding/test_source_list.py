"""`ingest source list`: every source, where its file is, and what is wrong with one that can't be used."""

from __future__ import annotations

from pathlib import Path

from tests.onboarding.conftest import Call


def test_a_source_is_a_row_with_what_it_knows_and_where_it_is(call: Call, sites: Path) -> None:
    ended = call("source", "list", "--json")
    rows = {row["name"]: row for row in ended.rows}
    assert ended.status == 0
    assert rows["example"] == {
        "name": "example",
        "title": "Example tracker",
        "home_url": "https://incidents.example/",
        "labels": 2,
        "sections": 1,
        "fixtures": 0,
        "file": str(sites / "example.toml"),
        "problem": None,
    }
    assert rows["provyn"]["fixtures"] > 10
    assert rows["provyn"]["file"].endswith("parsers/sites/provyn.toml")


def test_people_see_a_table(call: Call, sites: Path) -> None:
    lines = call("source", "list").output.splitlines()
    assert lines[0].split() == ["name", "home", "labels", "fixtures", "file"]
    assert any(line.startswith("example ") and "https://incidents.example/" in line for line in lines)


def test_a_file_that_cant_be_used_is_listed_with_its_fault(call: Call, sites: Path) -> None:
    (sites / "broken.toml").write_text("version = 1\n")
    ended = call("source", "list", "--json")
    (row,) = (row for row in ended.rows if row["name"] == "broken")
    assert ended.status == 1
    assert "broken.toml" in row["problem"]
    assert "this key is missing" in row["problem"]
    assert "this key is missing" in call("source", "list").messages
