"""Values in words, and which texts may become a link."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.browse.timeline import tell_change, tell_value
from ingest.browse.wording import ago, edges, to_words, web_url


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (None, "never"),
        ("2026-11-24T12:00:00.000000Z", "just now"),
        ("2026-11-24T11:58:59.000000Z", "1 minute ago"),
        ("2026-11-24T09:00:00.000000Z", "3 hours ago"),
        ("2026-11-20T12:00:00.000000Z", "4 days ago"),
        ("2024-11-01T12:00:00.000000Z", "2 years ago"),
        ("2026-11-25T12:00:00.000000Z", "just now"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(moment: str | None, told: str) -> None:
    assert ago(moment, datetime(2026, 11, 24, 12, tzinfo=UTC)) == told


@pytest.mark.parametrize("url", ["https://d.example/", "http://d.example/a?b=c#d", "HTTPS://D.example"])
def test_a_web_url_may_be_a_link(url: str) -> None:
    assert web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "//d.example/", "https:", "https:///path", "ftp://d.example/"),
        *("https://d.example/\njavascript:alert(1)", " https://d.example/", "java\tscript:alert(1)", "vbscript:x", ""),
        *("https://[", None, 7),
    ],
)
def test_nothing_else_is(url: object) -> None:
    assert web_url(url) is None


def test_only_words_are_marked_as_changed() -> None:
    assert edges("\n\nIt began again. ") == ("\n\n", "It began again.", " ")
    assert edges("\n") == ("", "", "\n")


def test_slugs_are_told_as_words() -> None:
    assert to_words("privacy_leak; wrong_output") == "privacy leak; wrong output"


def test_values_are_told_as_people_read_them() -> None:
    assert tell_value("litigation_filed", 0) == "No"
    assert tell_value("severity", None) == ""
    assert tell_value("tags", '["a", "b"]') == "a\nb"
    assert tell_value("extra", '{"Cost": "9 USD"}') == "Cost: 9 USD"
    citation = {"title": "T", "publisher": None, "date": "2024", "kind": "news", "url": "https://d.example/"}
    assert tell_value("citations", json.dumps([citation])) == "T · 2024 · news · https://d.example/"


def test_a_change_is_told_by_the_words_that_go_and_come() -> None:
    change = tell_change({"field": "tags", "old_value": '["a", "b"]', "new_value": '["a", "c"]'})
    assert [(run.kind, run.text) for run in change.runs] == [("same", "a\n"), ("removed", "b"), ("added", "c")]
