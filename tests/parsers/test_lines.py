"""Lines that a source's file describes are read wherever they stand, and are never taken for anything else."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.extraction import Refusal
from ingest.reading import Reading, read_body
from ingest.sources import Source, read_source
from parsers import read

FILE = """
version = 1
title = "Example"
home_url = "https://example.org/"
incident_url = 'https://example\\.org/i/(?P<slug>[\\w-]+)'
listings = ["https://example.org/i"]
extra = ["Who", "Deployer", "Count", "Verification", "Technology"]
ignore = ["Editors"]
lines = [
    "Case {}: {title}",
    "{Who} · Incident {date_occurred} · Indexed {} · {Count} source(s)",
    "Alleged: {ai_provider} developed a system deployed by {Deployer}.",
    "INC-{} {Verification} {severity}",
]
[labels]
"Category" = "category"
"Sector" = "industry"
"Incident date" = "date_occurred"
[sections]
"What" = "description"
"Sources" = "citations"
"""
SOURCE = read_source("example", FILE, "example.toml")
TITLE = "<h1>Case 12: A planner routes forklifts</h1>"
FACTS = "<dl><dt>Category</dt><dd>Bias</dd><dt>Sector</dt><dd>Retail</dd></dl>"
TEXT = "<h2>What</h2><p>It sent nine trips through a room.</p><p>Nobody was hurt.</p>"
BYLINE = "Org & Co · Incident Nov 14, 2023 · Indexed Jun 3, 2026 · 2 sources"
SUMMARY = "<p>A planner drew the shortest way through a room.</p>"


def reading(body: str, source: Source = SOURCE) -> Reading:
    kind = "text/html" if "<" in body else "text/plain"
    return read_body(body.encode(), kind, "https://example.org/i/forklifts", source, read)


def record(body: str, source: Source = SOURCE) -> dict[str, Any]:
    found = reading(body, source)
    assert not isinstance(found.refusal, Refusal), found.refusal
    return dict(found.fields)


def drift(body: str) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.field, one.value) for one in reading(body).observations]


def page(top: str = "", middle: str = SUMMARY, facts: str = FACTS, text: str = TEXT, end: str = "") -> str:
    return f"<!doctype html><main>{top}{TITLE}{middle}{facts}{text}</main>{end}"


@pytest.mark.parametrize(
    "byline",
    [
        f"<p>{BYLINE}</p>",
        f"<div><div>{BYLINE}</div></div>",
        f"<p>{BYLINE.replace(' · ', '</span> · <span>').join(('<span>', '</span>'))}</p>",
        f"<ul>{''.join(f'<li>{part}</li>' for part in BYLINE.split(' · '))}</ul>",
        f"<div>{''.join(f'<span>{part}</span>' for part in BYLINE.split(' · '))}</div>",
        f"<p>{BYLINE.replace('Nov 14, 2023', '<b>Nov 14, 2023</b>')}</p>",
        f"<p>{BYLINE}</p><p>{BYLINE}</p>",
    ],
)
def test_a_byline_fills_its_fields_and_is_no_summary(byline: str) -> None:
    for body in (page(middle=byline + SUMMARY), page(top=byline), page(middle=SUMMARY + byline), page(end=byline)):
        found = record(body)
        assert found["date_occurred"] == "2023-11-14"
        assert found["extra"] == {"Who": "Org & Co", "Count": "2"}
        assert found["summary"] == "A planner drew the shortest way through a room."
    assert record(page(middle=byline))["summary"] is None


@pytest.mark.parametrize(
    "alleged",
    [
        "<p>Alleged: Acme developed a system deployed by Shop.</p>",
        "<p><b>Alleged:</b> <a href='/e/acme'>Acme</a> developed a system deployed by <a href='/e/shop'>Shop</a>.</p>",
        "<div><div>Alleged</div><div>Acme developed a system deployed by Shop.</div></div>",
        "<h3>Alleged</h3><p>Acme developed a system deployed by Shop.</p>",
        "<div><p><i>Alleged</i>: Acme developed a system deployed by Shop.</p></div>",
    ],
)
def test_a_sentence_fills_its_fields_and_belongs_to_no_text(alleged: str) -> None:
    for body in (page(middle=alleged), page(text=TEXT + alleged)):
        found = record(body)
        assert (found["ai_provider"], found["extra"]) == ("Acme", {"Deployer": "Shop"})
        assert found["raw"]["Alleged"] == "Acme developed a system deployed by Shop."
        assert (found["summary"] or "").count("Alleged") == 0
        assert found["description"] == "It sent nine trips through a room.\n\nNobody was hurt."


def test_a_sentence_that_no_template_reads_is_kept_and_is_drift() -> None:
    body = page(middle="<p>Alleged: nobody knows.</p>")
    assert record(body)["extra"] == {"Alleged": "nobody knows."}
    assert ("assertion", "Alleged", "no line of the file reads it") in drift(body)


def test_the_title_is_what_its_line_says_and_another_form_is_drift() -> None:
    assert record(page())["title"] == "A planner routes forklifts"
    other = page().replace("Case 12: A", "A")
    assert record(other)["title"] == "A planner routes forklifts"
    assert drift(other) == [("assertion", "title", "no line of the file reads it")]
    assert drift(page()) == []


@pytest.mark.parametrize(
    "header",
    ["<p>INC-24-1 confirmed high</p>", "<div><span>INC-24-1</span><span>confirmed</span><span>high</span></div>"],
)
def test_a_header_line_stands_above_the_title(header: str) -> None:
    found = record(page(top=header))
    assert (found["severity"], found["extra"]) == ("high", {"Verification": "confirmed"})


@pytest.mark.parametrize(
    "other",
    [
        "<ul><li><a href='/i/other'><h3>Other</h3></a><p>Zed · Incident May 1, 2020 · 9 sources</p></li></ul>",
        "<footer><p>Zed · Incident May 1, 2020 · 9 sources</p></footer>",
        "<p>The incident was indexed by one source, as they said on Incident Day.</p>",
        "<p>See <b>INC-24-1 confirmed high</b> for more of it.</p>",
    ],
)
def test_cards_furniture_and_prose_hold_no_line(other: str) -> None:
    found = record(page(end=other))
    assert (found["date_occurred"], found["severity"], found["extra"]) == (None, None, {})


def test_a_label_goes_before_a_line_that_says_otherwise_which_is_drift() -> None:
    facts = FACTS.replace("</dl>", "<dt>Incident date</dt><dd>{}</dd><dt>Who</dt><dd>{}</dd></dl>")
    same = page(middle=f"<p>{BYLINE}</p>", facts=facts.format("November 2023", "org & co"))
    assert drift(same) == []
    other = page(middle=f"<p>{BYLINE}</p>", facts=facts.format("May 2, 2023", "Zed"))
    found = record(other)
    assert (found["date_occurred"], found["extra"]["Who"]) == ("2023-05-02", "Zed")
    assert drift(other) == [("assertion", "Who", "line disagrees"), ("assertion", "date_occurred", "line disagrees")]
    empty = page(middle=f"<p>{BYLINE}</p>", facts=facts.format("", ""))
    assert (record(empty)["date_occurred"], record(empty)["extra"]["Who"]) == ("2023-11-14", "Org & Co")


def test_a_byline_with_a_new_part_is_no_summary_and_is_drift() -> None:
    body = page(middle=f"<p>{BYLINE} · Updated Jul 1, 2026</p>")
    assert record(body)["summary"] is None
    assert drift(body) == [("assertion", SOURCE.lines[1], "a part is new")]


def test_a_byline_that_no_template_describes_is_no_summary_either() -> None:
    assert record(page(middle="<p>Ann Writer · Staff · Jul 1, 2026 · 4 min read</p>"))["summary"] is None


def test_ignored_labels_are_known_to_the_reader_and_stand_nowhere() -> None:
    for editors in (
        "<dl><dt>Editors</dt><dd>Ann, Ben</dd></dl>",
        "<p><b>Editors:</b> Ann and Ben, who know it all.</p>",
    ):
        found = record(page(middle=editors))
        assert (found["summary"], found["extra"], drift(page(middle=editors))) == (None, {}, [])


def test_a_value_may_be_the_word_of_a_label_that_fills_no_field_where_both_are_printed() -> None:
    facts = FACTS.replace("Retail", "Technology").replace("</dl>", "<dt>Technology</dt><dd>Vision</dd></dl>")
    found = record(page(facts=facts))
    assert (found["industry"], found["extra"]) == ("technology", {"Technology": "Vision"})


def test_the_lead_can_be_the_description_or_nothing() -> None:
    lead = SUMMARY + "<p>It did so for two days.</p>"
    none = read_source("example", FILE.replace("version = 1", 'version = 1\nlead = "none"'), "example.toml")
    assert record(page(middle=lead), none)["summary"] is None
    told = read_source("example", FILE.replace("version = 1", 'version = 1\nlead = "description"'), "example.toml")
    found = record(page(middle=lead, text=""), told)
    assert found["description"] == "A planner drew the shortest way through a room.\n\nIt did so for two days."
    assert found["summary"] is None
    assert record(page(middle=lead), told)["description"].startswith("It sent nine trips")


def test_a_text_capture_gives_the_same() -> None:
    capture = f"""Case 12: A planner routes forklifts
{BYLINE}
A planner drew the shortest way through a room.
Category
Bias
Sector
Retail
Technology
Vision
Editors
Ann, Ben
What
It sent nine trips through a room.
Alleged: Acme developed a system deployed by Shop.
"""
    found = record(capture)
    assert (found["title"], found["summary"]) == (
        *("A planner routes forklifts", "A planner drew the shortest way through a room."),
    )
    assert (found["date_occurred"], found["ai_provider"]) == ("2023-11-14", "Acme")
    assert found["extra"] == {"Technology": "Vision", "Who": "Org & Co", "Count": "2", "Deployer": "Shop"}
    assert found["description"] == "It sent nine trips through a room."
