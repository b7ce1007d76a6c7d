"""Every fixture gives what its golden file says; every source has fixtures."""

from __future__ import annotations

import json

import pytest

from ingest.cases import describe
from parsers import source_names
from tests.parsers.cases import FIXTURES, Case, cases

KINDS = {
    *("challenge", "soft_404", "empty_shell", "listing_page", "partial_page", "shifted_values"),
    *("several_titles", "no_title", "unreadable_value", "empty_body", "not_html", "unreadable_sitemap"),
}
"""The kinds of refusal that the parsers and the validation of this project know."""


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_page_gives_what_its_golden_file_says(case: Case) -> None:
    name, found = describe(case.read())
    golden = case.folder / name
    if not (case.folder / "expected.json").exists() and not (case.folder / "refused.json").exists():
        golden.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        pytest.fail(f"{golden} is written: review it, then run this again.")
    assert golden.exists(), f"{case} gives {found}"
    assert found == json.loads(golden.read_text())


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_golden_record_has_every_field_in_order(case: Case) -> None:
    golden = json.loads(case.golden.read_text())
    if "record" in golden:
        assert list(golden["record"]) == FIELDS


def test_every_golden_file_was_reviewed_by_a_person() -> None:
    waiting = [str(case) for case in cases() if case.response.get("reviewed") is False]
    assert not waiting, 'Read these golden files beside their pages, then take "reviewed" out of page.json.'


def test_every_source_has_fixtures() -> None:
    for name in source_names():
        assert len(cases(name)) >= 1, f"there is no folder with a page in {FIXTURES / name}"


def test_every_kind_of_refusal_has_a_fixture() -> None:
    kinds = {json.loads(case.golden.read_text()).get("kind") for case in cases()}
    assert kinds >= KINDS


FIELDS = [
    *("title", "summary", "severity", "category", "industry", "status", "application_type", "harm_type"),
    *("date_occurred", "date_reported", "jurisdiction", "ai_provider", "model", "human_review", "litigation_filed"),
    *("description", "root_cause", "mitigation", "lessons_learned", "tags", "citations", "raw", "extra"),
]
