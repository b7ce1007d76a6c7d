"""What a page says for machines fills what no label says; where it says otherwise than a label, that is drift."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import Reading, read_body
from ingest.sources import read_source
from parsers import read

URL = "https://example.org/i/forklifts"
FILE = """
version = 1
title = "Example tracker"
home_url = "https://example.org/"
incident_url = 'https://example\\.org/i/(?P<slug>[\\w-]+)'
listings = ["https://example.org/i"]
optional = ["Incident date", "Severity", "Country"]
[labels]
"Category" = "category"
"Incident date" = "date_occurred"
"Severity" = "severity"
"Country" = "jurisdiction"
[sections]
"What" = "description"
"""
SOURCE = read_source("example", FILE, "example.toml")
TITLE = "A planner routes forklifts through a room"
SUMMARY = "It drew the shortest way through people."
TEXT = "It sent nine trips through a room that was full of people at the time."


def reading(head: str = "", facts: str = "", middle: str = "") -> Reading:
    body = (
        f"<!doctype html><head>{head}</head><main><h1>{TITLE}</h1>{middle}"
        f"<dl><dt>Category</dt><dd>Bias</dd>{facts}</dl>"
        f"<h2>What</h2><p>{TEXT}</p></main>"
    )
    found = read_body(body.encode(), "text/html", URL, SOURCE, read)
    assert found.refusal is None, found.refusal
    return found


def fields(head: str = "", facts: str = "", middle: str = "") -> dict[str, Any]:
    return dict(reading(head, facts, middle).fields)


def drift(head: str = "", facts: str = "", middle: str = "") -> list[tuple[str, str | None]]:
    found = reading(head, facts, middle).observations
    assert {one.kind for one in found} <= {"assertion"}
    return [(one.field, one.value) for one in found]


def json_ld(**item: Any) -> str:
    """A script with one item; `type` stands for `@type`."""
    given_item = {"@type": item.pop("type", "Article"), **item}
    return f'<script type="application/ld+json">{json.dumps(given_item)}</script>'


def microdata(*properties: str, kind: str = "Article") -> str:
    return f'<div itemscope itemtype="https://schema.org/{kind}">{"".join(properties)}</div>'


def test_json_ld_fills_what_no_label_says() -> None:
    head = json_ld(
        headline=TITLE,
        abstract=SUMMARY,
        temporalCoverage="2025-06",
        datePublished="2026-01-01",
        additionalProperty=[
            {"@type": "PropertyValue", "name": "Country", "value": "Netherlands"},
            {"@type": "PropertyValue", "name": "SEVERITY", "value": "High"},
            {"@type": "PropertyValue", "name": "Colour", "value": "Green"},
        ],
    )
    found = fields(head)
    assert (found["summary"], found["date_occurred"], found["date_reported"]) == (SUMMARY, "2025-06", None)
    assert (found["jurisdiction"], found["severity"], found["extra"]) == ("Netherlands", "high", {})
    assert drift(head) == []


def test_an_event_says_when_it_happened() -> None:
    one = json_ld(type="Event", name=TITLE, startDate="2025-06-07T09:00:00Z")
    assert fields(one)["date_occurred"] == "2025-06-07"
    two = json_ld(type=["Thing", "PublicationEvent"], name=TITLE, startDate="2025-06-07", endDate="2025-06-09T10:00")
    assert fields(two)["date_occurred"] == "2025-06-07/2025-06-09"
    assert fields(json_ld(name=TITLE, startDate="2025-06-07"))["date_occurred"] is None


@pytest.mark.parametrize(
    "head",
    [
        json_ld(headline=TITLE, datePublished="2025-06-07", dateCreated="2025-06-06", dateModified="2025-06-08"),
        "<meta property='article:published_time' content='2025-06-07'>",
        json_ld(headline="Another incident", temporalCoverage="2025-06-07"),
        json_ld(url="https://example.org/i/other", temporalCoverage="2025-06-07"),
        json_ld(type="Organization", name=TITLE, temporalCoverage="2025-06-07"),
        json_ld(headline=TITLE, temporalCoverage=["2025-06-07", "2024-01-01"]),
        json_ld(headline=TITLE, temporalCoverage="the summer of 2025"),
        json_ld(headline=TITLE, temporalCoverage="2025-06-07/.."),
        json_ld(headline=TITLE, description=TEXT[:40] + "…"),
        "<meta property='og:title' content='Another'><meta property='og:description' content='Something else here.'>",
        f"<meta property='og:title' content='{TITLE}'>"
        "<meta property='og:description' content='The Example tracker is a list.'>",
        "<meta property='og:description' content='Something else here.'>",
    ],
)
def test_what_is_of_something_else_or_says_something_else_fills_nothing(head: str) -> None:
    found = fields(head)
    assert (found["date_occurred"], found["date_reported"], found["summary"]) == (None, None, None)


@pytest.mark.parametrize(
    "item",
    [
        {"headline": f"{TITLE} | Example tracker"},
        {"name": f"Example tracker: {TITLE}"},
        {"headline": TITLE.upper()},
        {"headline": TITLE[:30] + "…"},
        {"url": URL},
        {"@id": URL + "/?utm_source=x"},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": URL}},
    ],
)
def test_an_item_is_the_pages_by_its_name_or_its_address(item: dict[str, Any]) -> None:
    head = json_ld(temporalCoverage="2025-06-07", **item)
    assert fields(head)["date_occurred"] == "2025-06-07"
    assert drift(head) == []


def test_items_stand_in_lists_and_graphs() -> None:
    article = {"@type": "https://schema.org/NewsArticle", "headline": [TITLE], "temporalCoverage": "2025-06-07"}
    for document in ([article], {"@graph": [{"@type": "WebSite", "name": "x"}, article]}, {"mainEntity": article}):
        head = f'<script type="application/ld+json">{json.dumps(document)}</script>'
        assert fields(head)["date_occurred"] == "2025-06-07"


def test_microdata_says_the_same() -> None:
    middle = microdata(
        f"<span itemprop='headline name'>{TITLE}</span>",
        "<time itemprop='temporalCoverage' datetime='2025-06-07'>in June</time>",
        "<div itemprop=additionalProperty itemscope itemtype='https://schema.org/PropertyValue'>",
        "<meta itemprop=name content=Country><meta itemprop=value content=Netherlands></div>",
        "<div itemprop=author itemscope itemtype='https://schema.org/Person'><b itemprop=name>Ann</b></div>",
    )
    found = fields(middle=middle)
    assert (found["date_occurred"], found["jurisdiction"]) == ("2025-06-07", "Netherlands")
    assert drift(middle=middle) == []


def test_open_graph_gives_a_summary_where_it_is_this_incidents() -> None:
    head = f"<meta property='og:title' content='{TITLE} - Tracker'><meta property='og:description' content='{SUMMARY}'>"
    assert fields(head)["summary"] == SUMMARY
    assert fields(head, middle="<p>A planner drew a way through people.</p>")["summary"].startswith("A planner")


def test_labels_are_believed_and_another_witness_is_drift() -> None:
    facts = "<dt>Incident date</dt><dd>June 2025</dd><dt>Severity</dt><dd>High</dd>"
    same = json_ld(
        headline=TITLE,
        temporalCoverage="2025-06-07",
        additionalProperty={"@type": "PropertyValue", "name": "Severity", "value": "HIGH"},
    )
    assert fields(same, facts)["date_occurred"] == "2025-06"
    assert drift(same, facts) == []
    other = json_ld(
        url=URL,
        headline="A planner that nobody knows",
        temporalCoverage="2024-06-07",
        abstract="Another text.",
        additionalProperty={"@type": "PropertyValue", "name": "Severity", "value": "low"},
    )
    found = fields(other, facts, f"<p>{SUMMARY}</p>")
    assert (found["title"], found["date_occurred"], found["severity"]) == (TITLE, "2025-06", "high")
    assert drift(other, facts, f"<p>{SUMMARY}</p>") == [
        ("title", "JSON-LD headline disagrees"),
        ("summary", "JSON-LD abstract disagrees"),
        ("date_occurred", "JSON-LD temporalCoverage disagrees"),
        ("severity", "JSON-LD Severity disagrees"),
    ]
    graph = "<meta property='og:title' content='A planner that nobody knows'>"
    assert drift(graph) == [("title", "Open Graph title disagrees")]


@pytest.mark.parametrize(
    ("value", "date", "disagrees"),
    [
        ("<time datetime='2025-06-07'>Jun 7, 2025</time>", "2025-06-07", False),
        ("<time datetime='2025-06-01'>June 2025</time>", "2025-06", False),
        ("<time datetime='2025-06-06T23:00:00Z'>Jun 7, 2025</time>", "2025-06-07", False),
        ("<time datetime='2025-07-06'>Jun 7, 2025</time>", "2025-06-07", True),
        ("<time datetime='2025-07-06'>06/07/2025</time>", "2025-07-06", False),
        ("<time datetime='2025-06-07'>7. Juni 2025</time>", "2025-06-07", False),
        (
            "<time datetime='2025-06'>June 2025</time> to <time datetime='2025-08'>August 2025</time>",
            "2025-06/2025-08",
            False,
        ),
        ("<time datetime='soon'>Jun 7, 2025</time>", "2025-06-07", False),
    ],
)
def test_the_datetime_of_a_time_is_heard(value: str, date: str, disagrees: bool) -> None:
    facts = f"<dt>Incident date</dt><dd>{value}</dd>"
    assert fields(facts=facts)["date_occurred"] == date
    assert drift(facts=facts) == ([("date_occurred", "time disagrees")] if disagrees else [])


@pytest.mark.parametrize(
    "value", ["<time datetime='2025-03-01'>Frühling 2025</time>", "<time datetime='2025-02-01'>2/2025</time>"]
)
def test_a_datetime_never_makes_a_date_more_precise(value: str) -> None:
    facts = f"<dt>Category</dt><dd>Bias</dd><dt>Incident date</dt><dd>{value}</dd>"
    body = f"<h1>{TITLE}</h1><dl>{facts}</dl><h2>What</h2><p>{TEXT}</p>"
    refusal = read_body(body.encode(), "text/html", URL, SOURCE, read).refusal
    assert refusal is not None
    assert refusal.kind == "unreadable_value"


PLAIN = fields()
HOSTILE = [
    "{", "[]", "null", '"text"', "NaN", "9" * 5_000, "[" * 100_000, '{"a":' * 50_000, '{"@type": 5, "headline": {}}',
    '{"@type": ["Article", null, {}], "headline": 7, "name": [[[]]], "url": [null], "abstract": true}',
    json.dumps({"@type": "Article", "headline": "x" * 100_000, "url": "x" * 100_000}),
    json.dumps([{"@type": "Article", "headline": TITLE}] * 3_000),
    json.dumps({"@type": "Article", "headline": TITLE, "temporalCoverage": "9999-99-99", "url": "http://[::1"}),
    '{"@type": "Article", "headline": "</scr' + 'ipt><h1>Another title</h1>"}'.replace("<h1>Another title</h1>", ""),
    " " * 300_000 + "{}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_hostile_json_ld_changes_nothing(text: str) -> None:
    found = reading(f'<script type="application/ld+json">{text}</script>' * 2)
    assert dict(found.fields) == PLAIN


KEYS = ["@type", "@id", "@graph", "headline", "name", "url", "abstract", "startDate", "endDate"]
WORDS = [TITLE, URL, "2025-06-07", "Article", "Event"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_json_gives_a_record_with_the_printed_fields(document: Any) -> None:
    text = json.dumps(document).replace("<", "\\u003c")
    found = reading(f'<script type="application/ld+json">{text}</script>').fields
    spoken = {"summary", "date_occurred"}
    assert {name: value for name, value in found.items() if name not in spoken} == {
        name: value for name, value in PLAIN.items() if name not in spoken
    }


def test_hostile_microdata_is_bounded() -> None:
    nested = "<div itemscope itemprop='a' itemtype='https://schema.org/PropertyValue'>" * 300
    assert fields(middle=nested + "</div>" * 300) == PLAIN
    assert fields(middle=microdata("<i itemprop='name " + "x " * 50_000 + "'></i>")) == PLAIN
