"""`ingest fixture`: a page of the archive becomes a case, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from ingest.cli import run
from tests.loopback import Answer, serve
from tests.onboarding.conftest import page

MIRROR = "http://incidents.example"


@pytest.fixture
def archived(tmp_path: Path, sites: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, dict[str, str]]:
    """A data directory into which a site of two incidents was scraped, and the hashes of their pages by slug."""
    data = tmp_path / "data"
    with serve() as site:
        links = "".join(f'<a href="/i/{slug}">{slug}</a>' for slug in ("ferry", "bus"))
        site.pages["/i"] = Answer(f"<h1>Incidents</h1>{links}")
        site.pages["/i/ferry"] = Answer(page())
        site.pages["/i/bus"] = Answer(page(date="soon").replace(b"/i/ferry", b"/i/bus"))
        options = ["--base-url", site.url, "--allow-host", site.host, "--delay", "0"]
        assert run(["--data", str(data), "scrape", "example", *options]) == 1
    capsys.readouterr()
    rows = Database(data / "incidents.db").query("SELECT url, page_sha256 FROM fetches WHERE url LIKE '%/i/%'")
    return data, {row["url"].rpartition("/")[2]: row["page_sha256"] for row in rows}


def test_an_archived_page_becomes_a_case_to_review(
    archived: tuple[Path, dict[str, str]], sites: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, hashes = archived
    command = ["--data", str(data), "fixture", hashes["ferry"][:12], "--source", "example", "--case"]
    assert run([*command, "a-ferry"]) == 0
    folder = sites / "fixtures" / "example" / "a-ferry"
    assert (folder / "page.html").read_bytes() == page()
    response = json.loads((folder / "page.json").read_text())
    assert response["url"] == "https://incidents.example/i/ferry"
    assert response["reviewed"] is False
    assert json.loads((folder / "expected.json").read_text())["id"] == "example:ferry"
    capsys.readouterr()
    assert run(["--data", str(data), "source", "test", "example"]) == 0
    assert "nobody has reviewed the golden files of a-ferry yet." in capsys.readouterr().err


def test_a_page_that_is_refused_becomes_a_refused_case(archived: tuple[Path, dict[str, str]], sites: Path) -> None:
    data, hashes = archived
    assert run(["--data", str(data), "fixture", hashes["bus"], "--source", "example", "--case", "a-bus"]) == 0
    refused = json.loads((sites / "fixtures" / "example" / "a-bus" / "refused.json").read_text())
    assert (refused["stage"], refused["kind"]) == ("validate", "unreadable_value")


def test_a_case_is_never_overwritten(
    archived: tuple[Path, dict[str, str]], sites: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, hashes = archived
    command = ["--data", str(data), "fixture", hashes["ferry"], "--source", "example", "--case", "twice"]
    assert run(command) == 0
    before = {path: path.read_bytes() for path in (sites / "fixtures").rglob("*.*")}
    assert run(command) == 2
    assert "exists; give the case another name" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (sites / "fixtures").rglob("*.*")} == before


@pytest.mark.parametrize("name", ["../up", "Up", "", "a/b"])
def test_a_name_that_is_none_is_refused(
    archived: tuple[Path, dict[str, str]], sites: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data, hashes = archived
    command = ["--data", str(data), "fixture", hashes["ferry"], "--source", "example", "--case", name]
    assert run(command) == 2
    assert "is no name for a case" in capsys.readouterr().err
    assert not (sites / "fixtures").exists()


def test_archived_pages_are_tested_where_there_are_no_cases(
    archived: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    data, _ = archived
    assert run(["--data", str(data), "source", "test", "example", "--json"]) == 0
    first, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["page"], first["id"]) == ("https://incidents.example/i/ferry", "example:ferry")
    assert last["coverage"]["read"] == 1
