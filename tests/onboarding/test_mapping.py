"""Which field a label fills: its words say so, and its values do not contradict them."""

from __future__ import annotations

import pytest

from ingest.onboarding.mapping import FieldMap, map_labels
from ingest.onboarding.survey import Printing, Seen
from ingest.onboarding.synonyms import rank

TEXT = "An assistant read a sign the wrong way round and sent a coach with fifty people into a yard without an exit."


def seen(label: str, *values: str, first: int = 0, place: int = 0) -> Seen:
    printings = (
        Printing(first + page, label, value, tuple(filter(None, value.split("; "))), "cells", 3, ())
        for page, value in enumerate(values)
    )
    return Seen(label.casefold(), tuple(printings), place)


def fields(*labels: Seen, pages: int = 3) -> dict[str, str]:
    return {each.seen.label: each.field for each in map_labels(labels, pages).mapped}


def notes(found: FieldMap, label: str) -> tuple[str, ...]:
    return next(each.notes for each in found.left if each.seen.label == label)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        *(("Date of incident", "date_occurred"), ("Date of the Incident", "date_occurred")),
        *(("Incident date", "date_occurred"), ("Vendor", "ai_provider"), ("Severity Level", "severity")),
        *(("Countries", "jurisdiction"), ("Human Review in Place", "human_review"), ("Root causes", "root_cause")),
        *(("AI Developer", "ai_provider"), ("Industry sector", "industry"), ("Types of harm", "harm_type")),
    ],
)
def test_the_words_of_a_label_say_a_field_in_any_order_and_number(label: str, field: str) -> None:
    assert rank(label, field) is not None


@pytest.mark.parametrize("label", ["Batch number", "Birth Date", "Type of vehicle", "The", "", "Page views"])
def test_other_words_say_none(label: str) -> None:
    assert rank(label, "date_occurred") is None
    assert rank(label, "category") is None


def test_a_date_that_can_not_be_read_keeps_its_label_from_a_date_field() -> None:
    found = map_labels([seen("Reported", "3 May 2025", "soon"), seen("Category", "A")], 2)
    assert [each.field for each in found.mapped] == ["category"]
    assert notes(found, "Reported") == (
        "its words say date_reported, but 'soon' is no date that can be read for certain",
    )


def test_values_of_another_kind_keep_a_label_from_a_field() -> None:
    assert fields(seen("Lawsuit filed", "In Ohio", "No")) == {}
    assert "Country" not in fields(seen("Country", "Yes", "No"), seen("Category", "A", "B"))
    assert "Category" not in fields(seen("Category", "12", "13"), seen("Status", "Open"))


def test_of_two_labels_the_one_whose_words_say_more_is_taken_and_the_other_noted() -> None:
    found = map_labels([seen("Type", "A", "B", "B"), seen("Category", "C", "D", "D")], 3)
    assert [(each.seen.label, each.field) for each in found.mapped] == [("Category", "category")]
    assert found.mapped[0].doubts == ("it may be 'Type' that says category",)
    assert notes(found, "Type") == ("might be category, which 'Category' fills",)


def test_two_spellings_that_no_page_has_together_are_aliases() -> None:
    (mapped,) = map_labels([seen("Date Occurred", "2024", "2025"), seen("Incident date", "2023", first=2)], 3).mapped
    assert (mapped.seen.label, [alias.label for alias in mapped.aliases]) == ("Date Occurred", ["Incident date"])


def test_a_word_that_often_means_a_field_is_taken_with_a_doubt() -> None:
    (mapped,) = map_labels([seen("Location", "Graz", "Linz")], 2).mapped
    assert (mapped.field, mapped.doubts) == ("jurisdiction", ("'Location' often means jurisdiction, not always",))


def test_where_words_leave_it_open_the_values_decide() -> None:
    assert fields(seen("State", "Ohio", "Texas"), pages=2) == {"State": "jurisdiction"}
    assert fields(seen("State", "Open", "Under review"), pages=2) == {"State": "status"}


def test_several_words_that_each_mean_a_field_mean_it_together() -> None:
    assert rank("Country / Region", "jurisdiction") is not None
    assert rank("Organisations involved", "ai_provider") is not None
    assert rank("Affected country code", "jurisdiction") is None


def test_values_that_say_what_kind_of_page_it_is_are_no_category() -> None:
    labels = [seen("Type", "Incident", "Incident"), seen("Issue", "Privacy", "Bias")]
    assert fields(*labels, pages=2) == {"Issue": "category"}


def test_a_label_of_few_pages_is_none_of_the_template() -> None:
    labels = [seen("Category", *("A" if page % 2 else "B" for page in range(20))), seen("Status", "Open")]
    assert fields(*labels, pages=20) == {"Category": "category"}


def test_the_longest_text_stands_for_a_description_that_no_heading_names() -> None:
    mapped = map_labels([seen("Mission", TEXT * 2, TEXT * 3), seen("Motto", TEXT), seen("Status", "Open", "Shut")], 2)
    description = mapped.get("description")
    assert description is not None
    assert description.seen.label == "Mission"
    assert description.doubts


def test_where_no_words_help_a_date_and_a_list_of_words_are_taken_by_their_values() -> None:
    labels = [seen("Geschehen", "2024", "2025", "2023"), seen("Sorte", "Brot", "Kuchen", "Brot")]
    found = map_labels(labels, 3)
    assert {each.seen.label: each.field for each in found.mapped} == {"Geschehen": "date_occurred", "Sorte": "category"}
    assert all("by the values" in each.doubts[0] for each in found.mapped)


def test_when_a_page_was_edited_is_noise() -> None:
    found = map_labels([seen("Last updated", "2024", "2025"), seen("Category", "A", "B")], 2)
    assert [each.seen.label for each in found.left if each.noise] == ["Last updated"]
