"""The record that is expected of a page is worked out by section 3's rules, and from the data alone."""

from __future__ import annotations

from ingest.records import Incident
from ingest.sample.editions import editions
from ingest.sample.record import expected_record

FACTS = {
    "slug": "a",
    "title": "A Title",
    "severity": "High",
    "summary": "Folded\nhere.",
    "category": "Privacy Leak",
    "harm_type": ["Wrongful Arrest", "Financial"],
    "date_occurred": "2024-01/2024-03",
    "ai_provider": "Unknown",
    "model": "Breeze 2",
    "human_review": False,
    "description": "\nOne\nparagraph.\n\n- an item\n- another\n",
    "tags": ["b", "a"],
    "extra": {"Estimated Cost": "$5"},
    "sources": [{"title": "A report", "date": "2024-03", "kind": "news"}],
}


def test_every_field_follows_its_rule() -> None:
    assert {name: value for name, value in expected_record(FACTS).items() if value is not None} == {
        "title": "A Title",
        "summary": "Folded here.",
        "severity": "high",
        "category": "privacy_leak",
        "harm_type": "wrongful_arrest; financial",
        "date_occurred": "2024-01/2024-03",
        "model": "Breeze 2",
        "human_review": False,
        "description": "One paragraph.\n\nan item\nanother",
        "tags": ["b", "a"],
        "extra": {"Estimated Cost": "$5"},
        "citations": [{"title": "A report", "publisher": None, "date": "2024-03", "kind": "news", "url": None}],
    }


def test_every_field_of_a_record_is_there_but_the_evidence() -> None:
    fields = Incident.model_fields.keys() - {"id", "raw"}
    for edition in editions():
        assert {name for record in edition.records.values() for name in record} == fields
        assert all(record.keys() == fields for record in edition.records.values())
