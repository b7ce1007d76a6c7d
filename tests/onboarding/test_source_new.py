"""`ingest source new`: a file that loads and reads its pages at once, or one sentence and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.sources import read_source
from tests.loopback import Answer, serve
from tests.onboarding.conftest import Call
from tests.onboarding.pages import INCIDENTS, ORIGIN, tracker_page, write_pages


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    return write_pages(tmp_path)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the new source goes; the commands know it."""
    folder = tmp_path / "sites"
    folder.mkdir()
    monkeypatch.setenv("INGEST_SOURCES", str(folder))
    return folder


def test_the_file_maps_what_sites_call_our_fields(call: Call, pages: list[Path], out: Path) -> None:
    assert call("source", "new", *pages).status == 0
    source = read_source("tracker", (out / "tracker.toml").read_text(encoding="utf-8"), "tracker.toml")
    assert source.labels == {
        "Type of harm": "harm_type",
        "Severity level": "severity",
        "Date of incident": "date_occurred",
        "Published": "date_reported",
        "Vendor": "ai_provider",
        "Country": "jurisdiction",
        "Lawsuit filed": "litigation_filed",
    }
    assert source.sections == {"What happened": "description", "Lessons": "lessons_learned", "Sources": "citations"}
    assert source.extra == ("Batch number",)
    assert source.vocabularies == {"severity": ("low", "medium", "high", "critical")}
    assert (source.title, source.licence) == ("Trouble Ledger", "CC BY 4.0")
    assert source.listings == (f"{ORIGIN}/cases",)
    assert source.identify(f"{ORIGIN}/cases/another-case") == ("tracker:another-case", f"{ORIGIN}/cases/another-case")
    assert source.identify(f"{ORIGIN}/cases") is None


def test_what_is_a_guess_is_marked_with_its_reason(call: Call, pages: list[Path], out: Path) -> None:
    ended = call("source", "new", *pages)
    text = (out / "tracker.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[lines.index("# unsure: 'Published' often means date_reported, not always") + 1].startswith(
        '"Published" = "date_reported"  # 3 of 3 pages, by cells with '
    )
    assert "# unsure: 'Country'" not in text
    assert f"{text.count('# unsure: ')} lines marked unsure" in ended.output


def test_every_page_becomes_a_case_that_waits_for_its_review(call: Call, pages: list[Path], out: Path) -> None:
    call("source", "new", *pages)
    folder = out / "fixtures" / "tracker"
    assert sorted(each.name for each in folder.iterdir()) == sorted(INCIDENTS)
    case = folder / "choir-app-mutes-the-altos"
    assert (case / "page.html").read_text(encoding="utf-8") == tracker_page(case.name)
    assert json.loads((case / "page.json").read_text())["reviewed"] is False
    record = json.loads((case / "expected.json").read_text())["record"]
    assert (record["severity"], record["date_occurred"], record["litigation_filed"]) == ("medium", "2024-11", True)
    assert record["extra"] == {"Batch number": "B-3"}
    ended = call("source", "test", "tracker", "--json")
    assert ended.status == 0
    assert ended.rows[-1]["coverage"]["unclaimed"] == {}


def test_urls_are_fetched_as_robots_allows(call: Call, out: Path) -> None:
    with serve() as site:
        for slug in INCIDENTS:
            site.pages[f"/cases/{slug}"] = Answer(tracker_page(slug, site.url))
        urls = [f"{site.url}/cases/{slug}" for slug in INCIDENTS]
        options = ["--allow-host", site.host, "--delay", "0"]
        assert call("source", "new", *urls, *options).status == 0
        assert site.paths() == ["/robots.txt", *(f"/cases/{slug}" for slug in INCIDENTS)]
        site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /cases/\n")
        ended = call("source", "new", *urls, *options, "--name", "again")
    assert ended.status == 2
    assert "gave no page" in ended.messages
    source = read_source("x", (out / "trouble-ledger.toml").read_text(encoding="utf-8"), "x.toml")
    assert source.home_url == f"{site.url}/"


def refused(call: Call, out: Path, *arguments: object) -> str:
    """The sentence with which a command ends that writes nothing."""
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    ended = call("source", "new", *arguments)
    assert ended.status == 2
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert ended.messages.startswith("ingest: ")
    assert ended.messages.count("\n") == 1
    return ended.messages


def test_pages_of_another_template_are_refused(call: Call, pages: list[Path], out: Path, tmp_path: Path) -> None:
    other = tmp_path / "about.html"
    other.write_text(
        f'<link rel="canonical" href="{ORIGIN}/cases/about"><h1>About</h1><dl><dt>Founded</dt><dd>1999</dd>'
        "<dt>Staff</dt><dd>Three people</dd><dt>Office</dt><dd>Above a bakery</dd></dl>"
    )
    message = refused(call, out, *pages, other)
    assert f"{other} is of another template than the rest" in message


def test_pages_without_labels_are_refused(call: Call, out: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.html"
    plain.write_text("<h1>A story</h1><p>Once upon a time a robot burned a tray of rolls, and that was all.</p>")
    assert "No label with a value was found" in refused(call, out, plain)


def test_a_challenge_is_refused(call: Call, pages: list[Path], out: Path, tmp_path: Path) -> None:
    challenge = tmp_path / "challenge.html"
    challenge.write_text("<title>Just a moment...</title><h1>Verify you are human</h1><p>Please wait.</p>")
    assert f"{challenge} is no example: The page is a challenge" in refused(call, out, *pages, challenge)


def test_a_listing_among_the_pages_is_refused(call: Call, pages: list[Path], out: Path, tmp_path: Path) -> None:
    cards = "".join(
        f"<article><h2><a href='/cases/{slug}'>{facts['title']}</a></h2><dl><dt>Severity level</dt>"
        f"<dd>{facts['Severity level']}</dd><dt>Country</dt><dd>{facts['Country']}</dd></dl></article>"
        for slug, facts in INCIDENTS.items()
    )
    listing = tmp_path / "listing.html"
    listing.write_text(f'<link rel="canonical" href="{ORIGIN}/cases"><h1>All cases</h1>{cards}')
    message = refused(call, out, *pages, listing)
    assert "different depths" in message
    assert f"{ORIGIN}/cases and" in message


def test_pages_of_two_sites_are_refused(call: Call, pages: list[Path], out: Path) -> None:
    pages[0].write_text(pages[0].read_text().replace(ORIGIN, "https://other.example"))
    assert "The pages are of different sites (other.example" in refused(call, out, *pages)


def test_one_page_given_twice_is_refused(call: Call, pages: list[Path], out: Path) -> None:
    assert "give each page once" in refused(call, out, pages[0], pages[0])


@pytest.mark.parametrize("there", ["tracker.toml", "fixtures/tracker/page-1/page.html"])
def test_what_is_there_is_not_overwritten(call: Call, pages: list[Path], out: Path, there: str) -> None:
    (out / there).parent.mkdir(parents=True, exist_ok=True)
    (out / there).write_text("mine")
    assert "exists: choose another name" in refused(call, out, *pages)


def test_the_name_of_a_known_source_is_refused(call: Call, pages: list[Path], out: Path) -> None:
    assert "provyn.toml exists" in refused(call, out, *pages, "--name", "provyn")


@pytest.mark.parametrize("name", ["Up", "../up", "a b", ""])
def test_a_name_that_is_none_is_refused(call: Call, pages: list[Path], out: Path, name: str) -> None:
    assert "is no name for a source" in refused(call, out, *pages, "--name", name)


def test_a_page_that_gives_no_record_is_a_refused_case(call: Call, pages: list[Path], out: Path) -> None:
    pages[0].write_text(pages[0].read_text().replace("<h1>", "<h1>An older title</h1><h1>"))
    ended = call("source", "new", *pages)
    assert ended.status == 1
    assert f"{pages[0]} is refused, several_titles" in ended.messages
    golden = json.loads((out / "fixtures" / "tracker" / pages[0].stem / "refused.json").read_text())
    assert golden["kind"] == "several_titles"


def test_files_without_an_address_get_a_placeholder_that_is_marked(call: Call, pages: list[Path], out: Path) -> None:
    for page in pages:
        page.write_text("".join(line for line in page.read_text().splitlines() if "canonical" not in line))
    assert call("source", "new", *pages, "--name", "nowhere").status == 0
    text = (out / "nowhere.toml").read_text()
    assert '# unsure: no page says its address\nhome_url = "https://site.invalid/"' in text
    assert call("source", "test", "nowhere", "--json").status == 0
    assert call("source", "new", *pages, "--name", "somewhere", "--folder", f"{ORIGIN}/cases").status == 0
    source = read_source("somewhere", (out / "somewhere.toml").read_text(), "somewhere.toml")
    assert source.identify(f"{ORIGIN}/cases/{pages[0].name}") is not None
