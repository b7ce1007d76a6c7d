"""Text captures: what can be told apart is, what can't is kept and reported, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extraction import Extraction, Observation, Refusal
from ingest.page import open_page
from parsers import load_source, read

PROVYN = load_source("provyn")
TOP = (
    "A bus timetable bot cancels the last bus",
    "",
    "Low",
    "",
    "Nine people walked home in the rain that evening.",
    "",
)
FACTS = (
    *("Category", "Wrong Output", "Industry", "Transport", "Status", "Reported", "Date Occurred", "2025-05-01"),
    *("Date Reported", "May 2025", "Jurisdiction", "Ireland"),
)
END = ("", "Full Description", "", "The bot read the wrong row.", "")


def capture(*parts: Sequence[str]) -> Extraction | Refusal:
    text = "\n".join(line for part in parts for line in part)
    return read(open_page(text.encode(), "text/plain"), PROVYN)


def extract(*parts: Sequence[str]) -> Extraction:
    found = capture(*parts)
    assert isinstance(found, Extraction), found
    return found


def test_tags_on_lines_of_their_own_or_with_separators_are_tags() -> None:
    for lines in (
        ("buses", "time-tables"),
        ("buses, time-tables",),
        ("buses · time-tables",),
        ("buses time-tables".replace(" ", " | "),),
    ):
        assert extract(TOP, FACTS, lines, END).tags == ("buses", "time-tables")
    assert extract(TOP, FACTS, ("#buses #time-tables",), END).tags == ("#buses", "#time-tables")


def test_a_fused_line_is_reported_and_gives_no_tags() -> None:
    found = extract(TOP, FACTS, ("busestime-tables",), END)
    assert found.tags == ()
    assert found.observations == (Observation("unknown_value", "tags", "busestime-tables"),)


def test_an_unknown_label_between_known_ones_is_left_over() -> None:
    found = extract(TOP, FACTS[:4], ("Estimated Cost", "12,000"), FACTS[4:], END)
    assert found.extra == {"Estimated Cost": "12,000"}
    assert found.observations == (Observation("unknown_label", "Estimated Cost", None),)
    colon = extract(TOP, FACTS[:4], ("Estimated Cost: 12,000",), FACTS[4:], END)
    assert colon.extra == found.extra


def test_one_line_more_is_a_second_value() -> None:
    found = extract(TOP, FACTS[:2], ("Bias",), FACTS[2:], END)
    assert found.values["category"] == ("Wrong Output", "Bias")
    bullets = extract(TOP, ("Category:", "- Wrong Output", "- Bias"), FACTS[2:], END)
    assert bullets.values["category"] == ("Wrong Output", "Bias")


def test_a_label_without_a_value_is_empty() -> None:
    found = extract(TOP, FACTS[:2], ("Model", ""), FACTS[2:], END)
    assert found.texts["model"] == ""
    assert found.raw["Model"] == ""
    assert found.texts["industry"] == "Transport"


def test_a_column_of_labels_before_a_column_of_values_is_refused() -> None:
    for lines in ((*FACTS[::2], *FACTS[1::2]), (FACTS[0], FACTS[2], FACTS[1], FACTS[3], *FACTS[4:])):
        refusal = capture(TOP, lines, END)
        assert isinstance(refusal, Refusal)
        assert refusal.kind == "shifted_values"


def test_a_value_that_is_a_label_is_refused() -> None:
    refusal = capture(TOP, ("Category: Industry",), FACTS[2:], END)
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "shifted_values"


def test_a_section_keeps_its_blocks_and_lines() -> None:
    text = ("", "Root Cause", "", "First line.", "Second line.", "", "", "- one", "- two", "")
    found = extract(TOP, FACTS, END, text, ("Sources", "A report", "Desk · 2025 · news", "© Provyn", "Imprint"))
    assert found.texts["root_cause"] == "First line.\nSecond line.\n\none\ntwo"
    assert [citation.title for citation in found.citations] == ["A report"]


def test_the_title_is_told_from_ways_back_badge_and_summary() -> None:
    for top in (
        TOP,
        ("← Back to incidents", "Home / Incidents / Bus", *TOP),
        ("Low", *TOP[:2], *TOP[4:]),
        ("Incidents", *TOP),
        ("# " + TOP[0], "LOW SEVERITY", TOP[4]),
    ):
        found = extract(top, FACTS, END)
        assert found.texts["title"] == TOP[0]
        assert found.texts["summary"] == TOP[4]
        assert found.texts["severity"].casefold() == "low"


def test_a_way_back_is_no_title_even_without_a_badge() -> None:
    found = extract(("← Back to the list of incidents", TOP[0], "", TOP[4]), FACTS, END)
    assert (found.texts["title"], found.texts["summary"]) == (TOP[0], TOP[4])


def test_captures_that_are_no_incident_are_refused() -> None:
    for lines, kind in (
        (("Just a moment...", "Verify you are human"), "challenge"),
        (("Incident not found", "It may have moved."), "soft_404"),
        ((*TOP, *FACTS[:6], *END), "partial_page"),
        ((*TOP, *FACTS), "partial_page"),
        ((*FACTS, *END), "no_title"),
        (("Incidents", *(TOP + FACTS[:4]) * 3), "listing_page"),
    ):
        refusal = capture(lines)
        assert isinstance(refusal, Refusal), lines
        assert (refusal.stage, refusal.kind) == ("parse", kind), lines


def test_any_lines_of_a_capture_are_read_or_refused_in_linear_time() -> None:
    text = "\n".join(["Category", "x"] * 50_000)
    found = read(open_page(text.encode(), "text/plain"), PROVYN)
    assert isinstance(found, Refusal)
