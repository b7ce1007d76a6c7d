"""`ingest source test`: what a source makes of pages, field by field, and how far its labels reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.loopback import Answer, serve
from tests.onboarding.conftest import Call, page


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{name}.html" for name in "ab"]
    files[0].write_bytes(page(more="<dt>Ferry line</dt><dd>Blue</dd>"))
    files[1].write_bytes(page(category="False claim", date="-"))
    return files


def test_a_page_is_shown_field_by_field(call: Call, sites: Path, pages: list[Path]) -> None:
    ended = call("source", "test", "example", pages[0])
    lines = [" ".join(line.split()) for line in ended.output.splitlines()]
    assert ended.status == 0
    assert f"{pages[0]}: example:ferry" in lines
    assert "category wrong_output" in lines
    assert "date_occurred 2025-05-03" in lines
    assert "extra: Ferry line Blue" in lines


def test_coverage_counts_the_pages_that_fill_a_field(call: Call, sites: Path, pages: list[Path]) -> None:
    *_, last = call("source", "test", "example", *pages, "--json").rows
    coverage = last["coverage"]
    assert (last["source"], coverage["pages"], coverage["read"]) == ("example", 2, 2)
    assert (coverage["fields"]["category"], coverage["fields"]["date_occurred"]) == (2, 1)
    assert coverage["fields"]["severity"] == 0
    assert coverage["unclaimed"] == {"Ferry line": {"pages": 1, "examples": ["Blue"]}}
    assert coverage["unknown_values"] == [{"field": "category", "value": "False claim", "pages": 1}]


def test_people_see_how_many_pages_of_all_fill_a_field(call: Call, sites: Path, pages: list[Path]) -> None:
    ended = call("source", "test", "example", *pages, "--coverage")
    text = [" ".join(line.split()) for line in ended.output.splitlines()]
    assert text[0] == "2 of 2 pages give a record."
    assert "category 2 of 2 wrong_output | false_claim" in text
    assert "Ferry line 1 Blue" in text
    assert "category: False claim 1" in " ".join(text)


def test_a_refused_page_is_said_and_makes_the_status_1(call: Call, sites: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.html").write_bytes(page(date="soon"))
    ended = call("source", "test", "example", tmp_path / "odd.html")
    assert ended.status == 1
    assert "refused, unreadable_value: date_occurred is printed as 'soon'" in ended.output
    assert "0 of 1 pages give a record." in ended.output


def test_a_page_whose_url_is_no_incidents_is_read_as_a_listing(call: Call, sites: Path) -> None:
    text = (sites / "example.toml").read_text()
    with serve() as site:
        for name in ("https://incidents.example", r"https://incidents\.example"):
            text = text.replace(name, site.url)
        (sites / "example.toml").write_text(text)
        site.pages["/i"] = Answer("<h1>Incidents</h1><a href='/i/ferry'>Ferry</a>")
        site.pages["/about"] = Answer("<h1>About</h1><p>We list what goes wrong on ferries.</p>")
        listed = call("source", "test", "example", f"{site.url}/i", "--allow-host", site.host)
        empty = call("source", "test", "example", f"{site.url}/about", "--allow-host", site.host)
    assert (listed.status, empty.status) == (0, 1)
    assert "by its URL no incident's page. As a listing it names 1 incidents." in listed.output


def test_without_pages_the_cases_are_compared_with_their_golden_files(call: Call, sites: Path, tmp_path: Path) -> None:
    folder = sites / "fixtures" / "example" / "ferry"
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(page())
    (folder / "page.json").write_text(json.dumps({"url": "https://incidents.example/i/ferry", "content_type": None}))
    *_, last = call("source", "test", "example", "--json", folder / "page.html").rows
    record = call("source", "test", "example", "--json", folder / "page.html").rows[0]
    golden = {"id": record["id"], "record": record["record"], "warnings": record["warnings"]}
    (folder / "expected.json").write_text(json.dumps(golden))
    assert call("source", "test", "example").status == 0
    golden["record"]["category"] = "other"
    (folder / "expected.json").write_text(json.dumps(golden))
    ended = call("source", "test", "example")
    assert ended.status == 1
    assert ended.messages == "ferry differs from its golden file: category.\n"
    assert last["coverage"]["read"] == 1


def test_a_refusal_that_its_golden_file_asks_for_is_well(call: Call, sites: Path) -> None:
    folder = sites / "fixtures" / "example" / "odd"
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(page(date="soon"))
    (folder / "page.json").write_text(json.dumps({"url": "https://incidents.example/i/ferry", "content_type": None}))
    detail = {"field": "date_occurred", "text": "soon"}
    (folder / "refused.json").write_text(
        json.dumps({"stage": "validate", "kind": "unreadable_value", "detail": detail})
    )
    ended = call("source", "test", "example")
    assert ended.status == 0
    assert "refused (as its golden file says), unreadable_value" in ended.output


def test_built_in_sources_pass_on_their_own_fixtures(call: Call) -> None:
    for name in ("provyn", "aiid"):
        ended = call("source", "test", name, "--coverage")
        assert (ended.status, ended.messages) == (0, "")


def test_a_source_without_pages_says_what_to_do(call: Call, sites: Path) -> None:
    ended = call("source", "test", "example")
    assert ended.status == 2
    assert "example has no cases in" in ended.messages
    assert ended.messages.rstrip().endswith("name pages.")
