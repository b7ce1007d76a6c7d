"""The project's own reader finds in the pages what the data say, whichever markup they have."""

from __future__ import annotations

import pytest

import parsers
from ingest.reading import Reading, read_body
from ingest.sample.answers import Answer, build_answers
from ingest.sample.editions import Edition, editions, planted

ORIGIN = "https://provyn.dev"
SOURCE = parsers.load_source("provyn")
ANSWERS = build_answers(ORIGIN)
OF_EACH = pytest.mark.parametrize("edition", editions(), ids=lambda edition: f"edition-{edition.number}")


def read(slug: str, answer: Answer) -> Reading:
    return read_body(answer.body, answer.content_type, f"{ORIGIN}/incidents/{slug}", SOURCE, parsers.read)


def readings(edition: Edition) -> dict[str, Reading]:
    """What comes of every incident page that the site shows with status 200."""
    answers = ANSWERS[edition.number - 1]
    shown = {entry.slug: answers[f"/incidents/{entry.slug}"] for entry in edition.entries}
    return {slug: read(slug, answer) for slug, answer in shown.items() if answer.status == 200}


@OF_EACH
def test_every_page_gives_the_record_that_the_data_promise(edition: Edition) -> None:
    for slug, reading in readings(edition).items():
        if reading.refusal is None:
            record = {name: value for name, value in reading.fields.items() if name != "raw"}
            assert record == edition.records[slug], slug


@OF_EACH
def test_pages_are_refused_as_planted(edition: Edition) -> None:
    refused = {
        (slug, reading.refusal.stage, reading.refusal.kind)
        for slug, reading in readings(edition).items()
        if reading.refusal is not None
    }
    assert refused == {
        (one.slug, one.detail["stage"], one.kind)
        for one in planted(edition.number)
        if one.kind in ("challenge", "unreadable_value")
    }


@OF_EACH
def test_the_planted_label_is_all_that_surprises_the_reader(edition: Edition) -> None:
    surprises = {
        (slug, one.kind, one.field) for slug, reading in readings(edition).items() for one in reading.observations
    }
    assert surprises == {
        (one.slug, one.kind, one.detail["label"])
        for one in planted()
        if one.kind == "unknown_label" and one.edition <= edition.number
    }
