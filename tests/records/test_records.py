"""What a page prints becomes a record: slugs, dates, yes and no, absence; or validation refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.changes import content_sha256
from ingest.extraction import Extraction, Observation, PrintedCitation, Refusal
from ingest.records import Incident, Validated, validate
from ingest.sources import Source, read_source
from ingest.words import is_absent, to_slug

FILE = """
version = 1
title = "Example"
home_url = "https://example.org/"
incident_url = 'https://example\\.org/i/(?P<slug>\\w+)'
listings = ["https://example.org/i"]
badge = "severity"
[labels]
"Category" = "category"
"When" = "date_occurred"
"Checked" = "human_review"
"Where" = "jurisdiction"
[sections]
"What" = "description"
[vocabularies]
severity = ["low", "high"]
category = ["wrong_output", "bias"]
"""


def source(more: str = "") -> Source:
    return read_source("example", more + FILE, "example.toml")


def extraction(values: Mapping[str, tuple[str, ...]] | None = None, **texts: str) -> Extraction:
    return Extraction({"title": "T", "description": "D", **texts}, values or {}, (), (), {}, {})


def incident(printed: Extraction, own: Source | None = None) -> dict[str, Any]:
    result = validate(printed, own or source(), "example:a")
    assert isinstance(result, Validated), result
    return result.incident.fields()


def refusal(printed: Extraction, own: Source | None = None) -> Refusal:
    result = validate(printed, own or source(), "example:a")
    assert isinstance(result, Refusal)
    return result


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Research Finding", "research_finding"),
        ("research_finding", "research_finding"),
        ("  Privacy / Security -- Leak! ", "privacy_security_leak"),
        ("Ｆｕｌｌ　Width", "full_width"),
        ("Über-Größe ½", "über_größe_1_2"),
        ("__a__", "a"),
    ],
)
def test_a_slug_is_lower_case_with_one_underscore_between_words(text: str, slug: str) -> None:
    assert to_slug(text) == slug


@given(st.text())
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert to_slug(to_slug(text)) == to_slug(text)


@pytest.mark.parametrize("text", ["", " ", "Unknown", "UNKNOWN", "N/A", "n/a", "None", "-", "—", "–", "--"])
def test_absence_is_null_in_every_kind_of_field(text: str) -> None:
    fields = dict.fromkeys(("severity", "category", "date_occurred", "human_review", "jurisdiction", "summary"), text)
    record = incident(extraction(**fields))
    assert {name: record[name] for name in fields} == dict.fromkeys(fields)


@pytest.mark.parametrize("text", ["Not known", "Nonexistent", "NA", "0", "Not applicable", "?"])
def test_other_words_are_not_absence(text: str) -> None:
    assert not is_absent(text)


def test_several_values_are_each_their_own_joined() -> None:
    record = incident(extraction({"category": ("Wrong Output", "Unknown", "Bias", "wrong output")}, category="x"))
    assert record["category"] == "wrong_output; bias"
    assert incident(extraction(category="Bias; Wrong Output"))["category"] == "bias; wrong_output"
    assert incident(extraction({"jurisdiction": ("France", "Peru")}, jurisdiction="France Peru"))["jurisdiction"] == (
        "France; Peru"
    )


@pytest.mark.parametrize(("text", "answer"), [("Yes", True), ("no", False), ("YES", True), ("True", True)])
def test_yes_and_no_are_true_and_false(text: str, answer: bool) -> None:
    assert incident(extraction(human_review=text))["human_review"] is answer


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("human_review", "Partly"),
        ("date_occurred", "01/02/2024"),
        ("date_occurred", "last spring"),
        ("category", "???"),
    ],
)
def test_what_is_printed_and_not_understood_is_refused_with_field_and_text(field: str, text: str) -> None:
    refused = refusal(extraction(**{field: text}))
    assert (refused.stage, refused.kind, dict(refused.detail)) == (
        "validate",
        "unreadable_value",
        {"field": field, "text": text},
    )


def test_a_correction_of_the_sources_file_brings_the_record_in() -> None:
    more = '[[corrections]]\nfield = "date_occurred"\nprinted = "last  spring"\nright = "2024-04"\n'
    own = read_source("example", FILE + more, "example.toml")
    assert incident(extraction(date_occurred="last spring"), own)["date_occurred"] == "2024-04"
    assert incident(extraction(date_occurred="2024-05"), own)["date_occurred"] == "2024-05"


def test_a_correction_can_say_that_there_is_no_value() -> None:
    more = '[[corrections]]\nfield = "category"\nprinted = "tbd"\nright = ""\n'
    own = read_source("example", FILE + more, "example.toml")
    assert incident(extraction(category="tbd"), own)["category"] is None
    assert incident(extraction({"category": ("tbd", "Bias")}, category="tbd Bias"), own)["category"] == "bias"


def test_the_sources_date_order_is_used() -> None:
    assert incident(extraction(date_occurred="01/02/2024"), source('date_order = "dmy"\n'))["date_occurred"] == (
        "2024-02-01"
    )


def test_a_word_outside_the_vocabulary_is_kept_and_observed() -> None:
    result = validate(
        extraction({"category": ("Bias", "New Kind")}, category="Bias New Kind", severity="Dire"), source(), None
    )
    assert isinstance(result, Validated)
    assert (result.incident.category, result.incident.severity) == ("bias; new_kind", "dire")
    assert result.observations == (
        Observation("unknown_value", "severity", "Dire"),
        Observation("unknown_value", "category", "New Kind"),
    )


def test_a_citations_missing_parts_are_null_and_its_date_is_partial() -> None:
    printed = PrintedCitation("T", "Unknown", "April 2025", None, "https://example.org/")
    result = validate(Extraction({"title": "T"}, {}, (), (printed,), {}, {}), source(), None)
    assert isinstance(result, Validated)
    assert result.incident.fields()["citations"] == [
        {"title": "T", "publisher": None, "date": "2025-04", "kind": None, "url": "https://example.org/"}
    ]


def test_a_citations_date_that_cant_be_read_is_refused() -> None:
    printed = PrintedCitation("T", None, "Spring 2025", None, None)
    refused = refusal(Extraction({"title": "T"}, {}, (), (printed,), {}, {}))
    assert dict(refused.detail) == {"field": "citations", "text": "Spring 2025"}


def test_tags_keep_their_order_without_repeats() -> None:
    printed = Extraction({"title": "T"}, {}, ("b", "a", "b", "None"), (), {}, {})
    assert incident(printed)["tags"] == ["b", "a"]


def test_every_field_is_present_in_the_published_order_and_the_id_is_none_of_them() -> None:
    record = incident(extraction())
    assert list(record) == [name for name in Incident.model_fields if name != "id"]
    assert list(record)[:3] == ["title", "summary", "severity"]
    assert list(record)[-4:] == ["tags", "citations", "raw", "extra"]
    assert len(content_sha256(record)) == 64
