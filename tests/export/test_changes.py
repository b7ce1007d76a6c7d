"""`ingest changes` as CSV and as an Atom feed."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feed import write_feed
from tests.publish.conftest import Desk

ATOM = "{http://www.w3.org/2005/Atom}"


def parse(text: str) -> Any:
    feed = feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def feed_of(desk: Desk, *arguments: str) -> Any:
    status, output, messages = desk.ingest("changes", "--atom", *arguments)
    assert status == 0, messages
    return parse(output)


def version(**fields: Any) -> dict[str, Any]:
    return {
        "incident_id": "example:a",
        "version": 1,
        "change": "changed",
        "cause": "site",
        "observed_at": "2026-01-01T00:00:00.000000Z",
        "title": "A title",
        "summary": None,
        "url": "https://incidents.example/incidents/a",
        "licence": None,
        "attribution": None,
        "changes": [],
        **fields,
    }


def test_csv_has_the_rows_of_json(desk: Desk) -> None:
    desk.edit(status="open", tags=["x"], human_review=True)
    desk.edit(status="=1+1", tags=["x", "y"], human_review=None)
    _, as_json, _ = desk.ingest("changes", "--since", "1", "--json")
    status, as_csv, _ = desk.ingest("changes", "--since", "1", "--csv")
    assert status == 0
    rows = [json.loads(line) for line in as_json.splitlines()]
    cells = list(csv.DictReader(io.StringIO(as_csv)))
    assert [list(row) for row in cells] == [list(row) for row in rows]
    assert [(row["field"], row["old_value"], row["new_value"]) for row in cells] == [
        ("human_review", "true", ""),
        ("status", "open", "'=1+1"),
        ("tags", '["x"]', '["x", "y"]'),
    ]


def test_a_feed_reader_finds_an_entry_a_version(desk: Desk) -> None:
    desk.edit(summary="What happened.", status="open")
    desk.edit(summary="What happened.", status="closed")
    desk.site.commit(desk.site.gone("a"))
    feed = feed_of(desk)
    assert [entry.title for entry in feed.entries] == [
        f"{change}: A chatbot invents a refund" for change in ("added", "changed", "removed")
    ]
    assert [entry.content[0].value for entry in feed.entries] == [
        "What happened.",
        "status: open → closed",
        "The incident was removed.",
    ]
    assert {entry.link for entry in feed.entries} == {"https://incidents.example/incidents/a"}
    times = desk.site.rows("SELECT observed_at FROM incident_versions ORDER BY id")
    assert [entry.updated for entry in feed.entries] == [row["observed_at"] for row in times]
    assert feed.feed.updated == times[-1]["observed_at"]


def test_ids_are_tag_uris_and_never_change(desk: Desk) -> None:
    desk.edit(status="open")
    before = [entry.id for entry in feed_of(desk).entries]
    desk.edit(status="closed")
    ids = [entry.id for entry in feed_of(desk).entries]
    assert ids[:1] == before
    assert ids == ["tag:ingest.invalid,2026:example:a/1", "tag:ingest.invalid,2026:example:a/2"]


def test_a_feed_after_a_cursor_has_only_what_came_after_it(desk: Desk) -> None:
    for status in "abc":
        desk.edit(status=status)
    assert [entry.id[-1] for entry in feed_of(desk, "--since", "1").entries] == ["2", "3"]
    assert feed_of(desk, "--since", "3").entries == []


def test_without_a_cursor_a_feed_has_the_last_versions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.cli.changes.FEED_VERSIONS", 2)
    for status in "abc":
        desk.edit(status=status)
    assert [entry.id[-1] for entry in feed_of(desk).entries] == ["2", "3"]


def test_an_empty_feed_is_valid(desk: Desk) -> None:
    feed = feed_of(desk)
    assert feed.entries == []
    assert (feed.feed.id, feed.feed.title) == ("tag:ingest.invalid,2026:changes", "Incidents: what changed")
    assert feed.feed.updated == "1970-01-01T00:00:00.000000Z"


def test_markup_stays_text(desk: Desk) -> None:
    evil = "<script>alert(1)</script>&amp;<![CDATA["
    desk.edit(title=evil, status="open")
    desk.edit(title=evil, status="</content></entry>")
    _, output, _ = desk.ingest("changes", "--atom")
    entries = ElementTree.fromstring(output).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [f"added: {evil}", f"changed: {evil}"]
    assert entries[1].findtext(f"{ATOM}content") == "status: open → </content></entry>"
    assert {element.get("type") for element in entries[1] if element.tag in (f"{ATOM}title", f"{ATOM}content")} == {
        "text"
    }


def test_rights_are_those_of_the_source(desk: Desk) -> None:
    desk.site.db.execute("UPDATE sources SET licence = 'CC BY 4.0', attribution = 'Example'")
    desk.edit()
    assert feed_of(desk).entries[0].rights == "Example; CC BY 4.0"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//incidents.example/a"])
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    feed = parse("".join(write_feed([version(url=url)], None)))
    assert "links" not in feed.entries[0]


def test_a_long_value_is_cut() -> None:
    change = {"field": "description", "old_value": None, "new_value": "x" * 10_000}
    feed = parse("".join(write_feed([version(changes=[change])], None)))
    assert len(feed.entries[0].content[0].value) < 600


@given(text=st.text(max_size=60), slug=st.text(min_size=1, max_size=20))
def test_any_text_gives_a_well_formed_feed_without_control_characters(text: str, slug: str) -> None:
    change = {"field": "status", "old_value": text, "new_value": [text]}
    one = version(
        title=text or None,
        licence=text,
        changes=[change],
        incident_id=f"example:{slug.encode('utf-8', 'ignore').decode() or 'a'}",
    )
    document = "".join(write_feed([one], None))
    assert document.isascii()
    root = ElementTree.fromstring(document)
    found = "".join(root.itertext())
    assert not any(
        (ord(character) < 32 and character not in "\t\n\r") or 127 <= ord(character) < 160 for character in found
    )
    assert "\u202e" not in found
