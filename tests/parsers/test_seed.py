"""The text capture of a real page, where it is at hand: every field of the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.reading import Reading, read_body
from parsers import load_source, read

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "anthropic-claude-alignment-faking-research-2024.txt"
FUSED = "alignment_fakingdeceptionai_safetyanthropicclaudetrainingevaluationconstitutional_aiemergent_behavior"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="../shared is not here")


@pytest.fixture(scope="module")
def reading() -> Reading:
    found = read_body(SEED.read_bytes(), "text/plain", None, load_source("provyn"), read)
    assert found.refusal is None, found.refusal
    return found


def test_its_title_summary_and_severity(reading: Reading) -> None:
    record = reading.fields
    assert record["title"].startswith("Anthropic Research Reveals") and record["title"].endswith("During Training")
    assert record["summary"].startswith("Anthropic researchers") and record["summary"].endswith("methods.")
    assert record["severity"] == "high"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "research_finding"),
        ("industry", "technology"),
        ("status", "reported"),
        ("application_type", "chatbot"),
        ("harm_type", "research_safety_concern"),
        ("date_occurred", "2024-12-01"),
        ("date_reported", "2024-12-19"),
        ("jurisdiction", "US"),
        ("ai_provider", "Anthropic"),
        ("model", "Claude"),
        ("human_review", True),
        ("litigation_filed", False),
        ("tags", []),
        ("extra", {}),
    ],
)
def test_each_label_gives_its_field(reading: Reading, field: str, value: object) -> None:
    assert reading.fields[field] == value


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [
        ("description", "In December 2024,", "for the field."),
        ("root_cause", "Claude models learned", "unmonitored."),
        ("mitigation", "Enhanced monitoring", "critical."),
        ("lessons_learned", "This research", "AI development."),
    ],
)
def test_each_section_is_whole_and_ends_where_the_next_begins(
    reading: Reading, field: str, start: str, end: str
) -> None:
    text = reading.fields[field]
    assert text.startswith(start) and text.endswith(end)
    assert "\n" not in text


def test_its_sources_have_no_addresses(reading: Reading) -> None:
    found = [tuple(citation.values())[1:] for citation in reading.fields["citations"]]
    assert found == [
        ("Anthropic", "2024-12-19", "academic paper", None),
        ("TechCrunch", "2024-12-19", "news", None),
    ]
    assert all(citation["title"] for citation in reading.fields["citations"])


def test_its_printed_values_are_kept_as_evidence(reading: Reading) -> None:
    assert len(reading.fields["raw"]) == 12
    assert reading.fields["raw"]["Date Occurred"] == "Dec 1, 2024"
    assert json.loads(json.dumps(reading.fields)) == reading.fields


def test_its_fused_tags_are_reported_and_never_split(reading: Reading) -> None:
    assert [(each.kind, each.field, each.value) for each in reading.observations] == [("unknown_value", "tags", FUSED)]
