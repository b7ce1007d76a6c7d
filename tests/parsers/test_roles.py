"""Values that hold several: parties with their roles, and what a separator of the site parts."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.reading import Reading, read_body
from ingest.sources import read_source
from parsers import read

FILE = """
version = 1
title = "Example"
home_url = "https://example.org/"
incident_url = 'https://example\\.org/i/(?P<slug>[\\w-]+)'
listings = ["https://example.org/i"]
lines = ["Made by {ai_provider}"]
[labels]
"Category" = "category"
"Sectors" = "industry"
"Country" = "jurisdiction"
"Topics" = "tags"
[sections]
"What" = "description"
[roles."Entities"]
"developer" = "ai_provider"
"model" = "model"
"victim" = "extra"
[aliases]
"Parties" = "Entities"
[separators]
"Sectors" = "/"
"Country" = ","
"Topics" = "+"
"""
SOURCE = read_source("example", FILE, "example.toml")


def reading(more: str, middle: str = "", capture: bool = False) -> Reading:
    facts = f"<dt>Category</dt><dd>Bias</dd><dt>Sectors</dt><dd>Retail / Law &amp; Order</dd>{more}"
    body = f"<h1>A planner routes forklifts</h1>{middle}<dl>{facts}</dl><h2>What</h2><p>It sent trips.</p>"
    kind = "text/plain" if capture else "text/html"
    text = more if capture else f"<!doctype html><main>{body}</main>"
    return read_body(text.encode(), kind, "https://example.org/i/forklifts", SOURCE, read)


def fields(more: str, middle: str = "") -> dict[str, Any]:
    found = reading(more, middle)
    assert found.refusal is None, found.refusal
    return dict(found.fields)


def drift(more: str, middle: str = "") -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.field, one.value) for one in reading(more, middle).observations]


def entities(value: str) -> str:
    return f"<dt>Entities</dt><dd>{value}</dd>"


@pytest.mark.parametrize(
    ("value", "provider", "model"),
    [
        ("Amazon (developer)", "Amazon", None),
        ("Amazon (Developer, victim)", "Amazon", None),
        ("Amazon (developer, model)", "Amazon", "Amazon"),
        ("Amazon (developer); Shop &amp; Co (victim); Acme (developer)", "Amazon; Acme", None),
        ("Amazon (developer), Shop (victim) and Acme (developer)", "Amazon; Acme", None),
        ("<ul><li><a href='/e/a'>Amazon</a> (developer)</li><li>Acme (developer)</li></ul>", "Amazon; Acme", None),
        ("Amazon (developer)<br>Acme (developer)", "Amazon; Acme", None),
        ("Shop (victim)", None, None),
        ("Unknown (developer)", None, None),
        ("", None, None),
    ],
)
def test_a_party_fills_the_field_of_its_role(value: str, provider: str | None, model: str | None) -> None:
    found = fields(entities(value))
    assert (found["ai_provider"], found["model"]) == (provider, model)
    assert drift(entities(value)) == []
    assert list(found["extra"]) == ["Entities"]


def test_the_parties_stand_whole_in_extra_and_in_raw() -> None:
    found = fields(entities("Amazon (developer); Shop (victim)").replace("Entities", "PARTIES"))
    assert found["extra"] == {"Entities": "Amazon (developer); Shop (victim)"}
    assert found["raw"]["Entities"] == "Amazon (developer); Shop (victim)"


def test_a_role_that_the_file_does_not_name_and_a_party_without_one_are_drift() -> None:
    assert drift(entities("Amazon (developer, seller); Shop")) == [
        ("unknown_value", "Entities", "seller"),
        ("assertion", "Entities", "a party has no role"),
    ]


def test_roles_go_before_lines_that_say_otherwise_which_is_drift() -> None:
    assert fields(entities("Amazon (developer)"), "<p>Made by Zed</p>")["ai_provider"] == "Amazon"
    assert drift(entities("Amazon (developer)"), "<p>Made by Zed</p>") == [
        ("assertion", "ai_provider", "line disagrees")
    ]
    assert fields(entities("Shop (victim)"), "<p>Made by Zed</p>")["ai_provider"] == "Zed"


def test_a_separator_parts_the_values_of_its_label_only() -> None:
    more = "<dt>Country</dt><dd>Norway, Sweden</dd><dt>Topics</dt><dd>one + two, three</dd>"
    found = fields(more)
    assert found["industry"] == "retail; law_order"
    assert (found["jurisdiction"], found["raw"]["Country"]) == ("Norway; Sweden", "Norway, Sweden")
    assert found["tags"] == ["one", "two, three"]
    assert found["category"] == "bias"


def test_a_text_capture_gives_the_same() -> None:
    capture = (
        "A planner routes forklifts\nCategory\nBias\nSectors\nRetail / Law & Order\nCountry\nNorway, Sweden\n"
        "Topics\none + two, three\nEntities\nAmazon (developer); Shop (seller)\nWhat\nIt sent trips."
    )
    found = reading(capture, capture=True)
    assert found.refusal is None, found.refusal
    assert found.fields["ai_provider"] == "Amazon"
    assert (found.fields["industry"], found.fields["jurisdiction"]) == ("retail; law_order", "Norway; Sweden")
    assert found.fields["tags"] == ["one", "two, three"]
    assert [(one.field, one.value) for one in found.observations] == [("Entities", "seller")]
