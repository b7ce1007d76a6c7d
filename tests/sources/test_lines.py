"""A line that a site prints in one way is read by its template, and one of no use is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import LINE_FIELDS
from ingest.sources.lines import MAX_CHARACTERS, Line, read_template

EXTRA = ("Who", "Deployer", "Harmed", "Verification", "Count")
BYLINE = "{Who} · Incident {date_occurred} · Indexed {} · {Count} source(s)"


def line(template: str) -> Line:
    return read_template(template, lambda name: name if name in (*LINE_FIELDS, *EXTRA) else None)


def said(template: str, text: str) -> dict[str, str] | None:
    match = line(template).read(text)
    return None if match is None else dict(match.texts)


@pytest.mark.parametrize(
    ("template", "text", "texts"),
    [
        ("Incident {}: {title}", "Incident 440: A gate: shut", {"title": "A gate: shut"}),
        ("Incident {}: {title}", "INCIDENT 440:  A gate", {"title": "A gate"}),
        ("Incident {}: {title}", "An incident 440: A gate", None),
        ("Incident {}: {title}", "Incident 440:", None),
        (
            "INC-{} {Verification} {severity}",
            "INC-24-0016 confirmed high",
            {"Verification": "confirmed", "severity": "high"},
        ),
        ("INC-{} {Verification} {severity}", "INC-24-0016 confirmed", None),
        (
            "Alleged: {ai_provider, Who} developed (an )AI system(s), which harmed {Harmed}.",
            "Alleged: A and B developed AI systems, which harmed C, D.",
            {"ai_provider": "A and B", "Who": "A and B", "Harmed": "C, D"},
        ),
        ("Alleged: {Who} made {model}.", "Alleged: A made B", {"Who": "A", "model": "B"}),
        ("Occurred in {date_occurred}", "Occurred in May 2024", {"date_occurred": "May 2024"}),
        ("Occurred in {date_occurred}", "Occurred in a kitchen", None),
    ],
)
def test_a_template_reads_its_line_and_no_other(template: str, text: str, texts: dict[str, str] | None) -> None:
    assert said(template, text) == texts


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        (
            "Org & Co · Incident Nov 14, 2023 · Indexed Jun 3, 2026 · 2 sources",
            {"Who": "Org & Co", "date_occurred": "Nov 14, 2023", "Count": "2"},
        ),
        ("Incident Nov 2023 | 1 source", {"date_occurred": "Nov 2023", "Count": "1"}),
        ("Org • 1 source", {"Who": "Org", "Count": "1"}),
        ("1 source · Incident 2023", {"Count": "1", "date_occurred": "2023"}),
        ("Incident Nov 14, 2023", {"date_occurred": "Nov 14, 2023"}),
        ("2 sources", None),
        ("Org · Paris", None),
        ("Indexed by many · a lot · of other · engines · that we know", None),
    ],
)
def test_the_parts_of_a_byline_may_be_missing(text: str, texts: dict[str, str] | None) -> None:
    assert said(BYLINE, text) == texts


def test_a_part_that_a_byline_lacks_is_told() -> None:
    match = line(BYLINE).read("Org · Incident Nov 14, 2023 · Updated Jun 5, 2026 · 2 sources")
    assert match is not None
    assert match.rest == ("Updated Jun 5, 2026",)
    assert match.texts["Who"] == "Org"


def test_a_template_knows_the_label_that_it_begins_with() -> None:
    assert line("Alleged: {Who} harmed {Harmed}").label == "Alleged"
    assert line("Incident {}: {title}").label is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("Incident report", "no {field} to fill"),
        ("Incident {}", "no {field} to fill"),
        ("{title}", "every line would match"),
        ("{Who} · {date_occurred}", "every line would match"),
        ("By {Who}{model}", "side by side"),
        ("By {Who}( and ){model}", "side by side"),
        ("By {Author}", "'Author' is no field; write it under extra"),
        ("By {description}", "'description' is no field"),
        ("By {Who} and {Who}", "fills one field twice"),
        ("By {Who", "brackets"),
        ("By {Who} (and", "brackets"),
        ("By (the {Who})", "brackets"),
    ],
)
def test_a_template_of_no_use_is_refused(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        line(template)


@given(st.text(alphabet="·:(){}. aIncidt5", max_size=MAX_CHARACTERS + 20))
def test_any_text_is_read_or_not(text: str) -> None:
    for template in (BYLINE, "Incident {}: {title}", "Inc {Who}: {model}: {Harmed}"):
        match = line(template).read(text)
        assert match is None or all(match.texts.values())
