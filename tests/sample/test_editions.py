"""What was planted is all that differs between the editions, and each thing differs once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ingest.sample.editions import FAULT_STAGES, Planted, editions, planted

RECORD_KINDS = ("added", "changed", "removed", "restored")
FIRST, SECOND, THIRD = editions()


def slugs(number: int) -> set[str]:
    return {entry.slug for entry in editions()[number - 1].entries}


def of_kind(kind: str) -> list[Planted]:
    return [one for one in planted() if one.kind == kind]


def test_every_kind_is_planted() -> None:
    kinds = {one.kind for one in planted()}
    assert kinds == {*RECORD_KINDS, *FAULT_STAGES, "unknown_label", "redesigned"}
    assert FIRST.planted == ()
    assert planted() == (*planted(2), *planted(3))


def test_no_event_is_planted_twice() -> None:
    keys = Counter((one.edition, one.slug, one.kind, one.detail.get("field")) for one in planted())
    assert set(keys.values()) == {1}


def test_the_edits_are_of_a_severity_a_status_a_harm_a_long_text_and_a_tag() -> None:
    edited = {one.detail["field"]: one.detail for one in of_kind("changed")}
    assert edited.keys() == {"severity", "status", "harm_type", "mitigation", "tags", "extra"}
    assert edited["tags"]["new"] == [*edited["tags"]["old"], "video_call"]
    assert edited["mitigation"]["new"].count("\n\n") == edited["mitigation"]["old"].count("\n\n") + 1


@pytest.mark.parametrize("number", [2, 3])
def test_records_differ_by_what_was_planted_and_by_nothing_else(number: int) -> None:
    before, after = editions()[number - 2].records, editions()[number - 1].records
    differences: dict[tuple[str, str], tuple[Any, Any]] = {
        (slug, field): (before[slug][field], value)
        for slug, record in after.items()
        if slug in before
        for field, value in record.items()
        if value != before[slug][field]
    }
    assert differences == {
        (one.slug, one.detail["field"]): (one.detail["old"], one.detail["new"])
        for one in planted(number)
        if one.kind in ("changed", "restored") and one.detail
    }
    assert {one.slug for one in planted(number) if one.kind == "added"} == after.keys() - before.keys()


@pytest.mark.parametrize("number", [2, 3])
def test_incidents_come_and_go_as_planted(number: int) -> None:
    came = {one.slug for one in planted(number) if one.kind in ("added", "restored")}
    went = {one.slug for one in planted(number) if one.kind == "removed"}
    assert slugs(number) - slugs(number - 1) == came
    assert slugs(number - 1) - slugs(number) == went
    assert editions()[number - 1].gone & slugs(number) == set()


def test_one_of_the_gone_comes_back_edited_and_one_stays_away() -> None:
    assert len(SECOND.gone) == 2
    [back] = SECOND.gone - THIRD.gone
    assert {one.detail.get("field") for one in of_kind("restored") if one.slug == back} == {None, "status"}
    assert THIRD.gone < SECOND.gone


def test_every_other_incident_is_left_alone() -> None:
    touched = {one.slug for one in planted()}
    assert len(slugs(1) - touched) >= 10
    assert len(slugs(1)) == len(slugs(3)) == 23


def test_a_value_that_can_not_be_read_changes_no_record() -> None:
    [event] = of_kind("unreadable_value")
    [entry] = [entry for entry in THIRD.entries if entry.slug == event.slug]
    assert entry.label("Date Occurred") == event.detail["text"] == "early spring 2025"
    assert event.slug is not None
    assert THIRD.records[event.slug] == SECOND.records[event.slug]
    assert THIRD.records[event.slug]["date_occurred"] == "2025-04-25"


def test_faults_stand_where_a_record_is_known_already_and_hide_no_edit() -> None:
    for event in (*of_kind("http_503"), *of_kind("challenge")):
        assert event.slug in slugs(event.edition - 1) & slugs(event.edition)
        assert {one.kind for one in planted() if one.slug == event.slug} == {event.kind}
        assert editions()[event.edition - 1].faults.keys() == {event.slug}


def test_only_the_last_edition_has_another_markup() -> None:
    assert FIRST.markup == SECOND.markup != THIRD.markup
    assert [(one.edition, one.slug) for one in of_kind("redesigned")] == [(3, None)]
    assert FIRST.published < SECOND.published < THIRD.published


def test_listing_order_is_newest_report_first() -> None:
    for edition in editions():
        reported = [edition.records[entry.slug]["date_reported"] for entry in edition.entries]
        assert reported == sorted(reported, reverse=True)
