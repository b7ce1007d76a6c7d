"""Each part of a page in any of its forms, in any frame, with any parts missing: the same record, and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading import Reading, read_body
from ingest.sources import Source
from parsers import load_source, read
from tests.parsers.markups import (
    CHIPS,
    EXPECTED,
    FACTS,
    FIELDS,
    FRAMES,
    HEADINGS,
    LABELS,
    SECTION_FIELDS,
    SECTIONS,
    SOURCES,
    SUMMARY,
    TEXTS,
    labelled,
    page,
    sectioned,
)

UNKNOWN = {"Estimated Cost (USD)": "12,000"}


@cache
def provyn() -> Source:
    return load_source("provyn")


def read_page(html: str) -> Reading:
    reading = read_body(html.encode(), "text/html", "https://provyn.dev/incidents/lunch-room", provyn(), read)
    assert reading.refusal is None, reading.refusal
    return reading


markups = {
    "frame": st.sampled_from(FRAMES),
    "heading": st.sampled_from(HEADINGS),
    "labels": st.sampled_from(LABELS),
    "chips": st.sampled_from(CHIPS),
    "text": st.sampled_from(TEXTS),
    "source": st.sampled_from(SOURCES),
}


@settings(max_examples=150)
@given(**markups)
def test_any_mixture_of_markups_gives_the_same_record(
    frame: str, heading: str, labels: tuple[str, str], chips: str, text: str, source: str
) -> None:
    reading = read_page(page(frame, heading, labelled(labels), chips, sectioned(text, source)))
    assert reading.fields == EXPECTED
    assert reading.observations == ()


@settings(max_examples=150)
@given(
    **markups,
    kept=st.sets(st.sampled_from(list(FACTS)), min_size=6),
    sections=st.sets(st.sampled_from(list(SECTIONS)[1:])),
    place=st.none() | st.integers(1, 5),
    has_summary=st.booleans(),
    has_chips=st.booleans(),
)
def test_what_is_missing_is_null_and_nothing_takes_its_place(
    frame: str, heading: str, labels: tuple[str, str], chips: str, text: str, source: str, kept: set[str],
    sections: set[str], place: int | None, has_summary: bool, has_chips: bool,
) -> None:  # fmt: skip
    facts = {label: value for label, value in FACTS.items() if label in kept}
    texts = {label: value for label, value in SECTIONS.items() if label in sections or label == "Full Description"}
    expected: dict[str, Any] = {**EXPECTED, "raw": facts}
    expected |= {FIELDS[label]: None for label in FACTS if label not in facts}
    expected |= {SECTION_FIELDS[label]: None for label in SECTIONS if label not in texts}
    printed = dict(facts)
    if place is not None:  # an unknown label among the known ones
        printed = dict([*facts.items()][:place]) | UNKNOWN | dict([*facts.items()][place:])
        expected["extra"] = UNKNOWN
    if not has_summary:
        heading, expected["summary"] = heading.replace(SUMMARY, ""), None
    if not has_chips:
        chips, expected["tags"] = "", []
    reading = read_page(page(frame, heading, labelled(labels, printed), chips, sectioned(text, source, texts)))
    assert reading.fields == expected
    assert [each.field for each in reading.observations] == list(expected["extra"])
