"""`ingest history` shows what changed so that a person sees it."""

from __future__ import annotations

import re

import pytest

from ingest.cli.history import parts, tell
from tests.scrape.replica import Replica, incident_page

COLOUR = re.compile(r"\x1b\[\d*m")


def lines(old: object, new: object) -> list[str]:
    return [COLOUR.sub("", line) for line in tell(old, new)]


STORY = "The assistant of a rail company promised a refund that its rules did not allow, and a court held it to that."


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("high", "critical", ["- high", "+ critical"]),
        (None, "Breeze 2", ["- –", "+ Breeze 2"]),
        (True, False, ["- true", "+ false"]),
        (["refund", "chatbot"], ["chatbot", "court"], ["- refund", "+ court"]),
        ({"Cost": "9", "Team": "A"}, {"Cost": "12", "Team": "A"}, ["- Cost: 9", "+ Cost: 12"]),
    ],
)
def test_a_short_value_is_shown_old_and_new(old: object, new: object, shown: list[str]) -> None:
    assert lines(old, new) == shown


def test_a_long_text_is_shown_by_the_words_that_changed() -> None:
    [line] = lines(STORY, STORY.replace("promised a refund", "promised two refunds"))
    assert line.startswith("The assistant of a rail company promised [-a refund -]{+two refunds +}that its rules")


def test_what_did_not_change_far_from_a_change_is_left_out() -> None:
    [line] = lines(STORY + " " + STORY, STORY + " " + STORY.replace("court", "judge"))
    assert "…" in line
    assert len(line) < len(STORY) + 40


def test_colours_are_only_for_a_terminal(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised", sections={"Full Description": STORY}))
    replica.scrape()
    replica.publish(a=incident_page("Refund promised", sections={"Full Description": STORY + "\x1b[31m More."}))
    replica.scrape()
    shown = replica.ingest("history", "provyn:a").stdout
    assert "\x1b" not in shown
    assert "{+" in shown
    assert "\x1b[3" in next(iter(tell("high", "low")))


def test_a_hostile_text_takes_bounded_time_and_controls_nothing() -> None:
    old, new = "a b " * 20_000, "b \x1b[2J c " * 20_000
    assert "\x1b[2J" not in "".join(tell(old, new))


def test_an_object_is_told_by_its_labels() -> None:
    assert parts({"Cost": "9"}) == ["Cost: 9"]
