"""A label that the site prints under another of its names fills its field, and is drift."""

from __future__ import annotations

from ingest.reading import Reading, read_body
from ingest.sources import read_source
from parsers import read

FILE = """
version = 1
title = "Example"
home_url = "https://example.org/"
incident_url = 'https://example\\.org/i/(?P<slug>[\\w-]+)'
listings = ["https://example.org/i"]
[labels]
"Category" = "category"
"Country" = "jurisdiction"
[sections]
"What" = "description"
[aliases]
"Kind" = "Category"
"What happened" = "What"
"""
SOURCE = read_source("example", FILE, "example.toml")


def reading(category: str = "Category", what: str = "What") -> Reading:
    facts = f"<dl><dt>{category}</dt><dd>Bias</dd><dt>Country</dt><dd>Chile</dd></dl>"
    body = f"<main><h1>A planner routes forklifts</h1>{facts}<h2>{what}</h2><p>It sent trips.</p></main>"
    return read_body(f"<!doctype html>{body}".encode(), "text/html", "https://example.org/i/forklifts", SOURCE, read)


def test_an_alias_in_place_of_a_label_changes_no_field_and_is_drift() -> None:
    renamed = reading("Kind", "What happened")
    assert {**renamed.fields, "raw": None} == {**reading().fields, "raw": None}
    assert [(one.kind, one.field, one.value) for one in renamed.observations] == [
        ("assertion", "Category", "printed as Kind"),
        ("assertion", "What", "printed as What happened"),
    ]


def test_the_file_s_own_name_in_other_letters_is_no_drift() -> None:
    assert reading("CATEGORY:", "what").observations == ()
