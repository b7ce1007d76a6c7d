"""What stands on a page without a label, and what is never taken for it."""

from __future__ import annotations

import pytest

from ingest.reading import Reading, read_body
from parsers import load_source, read
from tests.parsers.markups import (
    CHIPS,
    EXPECTED,
    FACTS,
    HEADINGS,
    LABELS,
    SECTIONS,
    SEVERITY,
    SOURCES,
    SUMMARY,
    TAGS,
    TEXTS,
    TITLE,
    labelled,
    page,
    sectioned,
)

PROVYN = load_source("provyn")
LABELLED = labelled(LABELS[0])
FIRST = {"heading": HEADINGS[0], "labels": LABELLED, "chips": CHIPS[0], "text": sectioned(TEXTS[0], SOURCES[0])}


def reading(frame: str = "<main>{page}</main>", **parts: str) -> Reading:
    body = page(frame, **(FIRST | parts)).encode()
    found = read_body(body, "text/html", "https://provyn.dev/incidents/lunch-room", PROVYN, read)
    assert found.refusal is None, found.refusal
    return found


def field(name: str, frame: str = "<main>{page}</main>", **parts: str) -> object:
    return reading(frame, **parts).fields[name]


@pytest.mark.parametrize(
    "between",
    [
        "<p>By Ann Writer on Jun 10, 2025</p>",
        "<p><time>June 10, 2025</time> by the desk of us</p>",
        "<p><a href='/incidents'>See all of the incidents.</a></p>",
        "<p>This is worse than what <a href='/incidents/other'>another one</a> did to its owners.</p>",
        "<nav><p>Home of the tracker, and more.</p></nav>",
        "<aside><p>Sign up for a letter from us.</p></aside>",
        "<button>Copy a link to this page now.</button>",
        "<ul><li><a href='/incidents/other'>Another incident that was worse.</a></li></ul>",
    ],
)
def test_what_stands_around_a_summary_is_none(between: str) -> None:
    heading = f"<h1>{TITLE}</h1>{between}<p>{SUMMARY}</p><span>{SEVERITY}</span>"
    assert field("summary", heading=heading) == SUMMARY


def test_a_summary_may_follow_the_labels_and_may_be_missing() -> None:
    heading = f"<h1>{TITLE}</h1><span>{SEVERITY}</span>"
    assert field("summary", heading=heading, labels=f"{LABELLED}<p>{SUMMARY}</p>") == SUMMARY
    assert field("summary", heading=heading) is None


@pytest.mark.parametrize(
    "other",
    [
        "<div><span>Low</span><span>Medium</span><span>High</span></div>",
        "<ul><li>Low</li><li>Medium</li></ul>",
        "<p>The risk is <b>High</b> for some.</p>",
        "<button>High</button>",
        "<nav><span>High</span></nav>",
        "<select><option>High</option></select>",
    ],
)
def test_a_word_of_the_vocabulary_elsewhere_is_no_badge(other: str) -> None:
    assert field("severity", heading=f"{other}<h1>{TITLE}</h1>{other}<p>{SUMMARY}</p>") is None
    assert field("severity", heading=f"{other}<h1>{TITLE}</h1>{other}<i>Low</i><p>{SUMMARY}</p>") == "low"


def test_the_badge_nearest_to_the_title_is_the_incidents() -> None:
    heading = f"<h1>{TITLE}</h1><span>Low</span><p>{SUMMARY}</p><div><div>High</div></div>"
    assert field("severity", heading=heading) == "low"
    cards = "<ul><li><a href='/incidents/o'>Other</a><span>High</span></li></ul>"
    assert field("severity", heading=f"<h1>{TITLE}</h1><p>{SUMMARY}</p>", text=FIRST["text"] + cards) is None


@pytest.mark.parametrize(
    "title",
    [
        f"<h1>{TITLE} <span>{SEVERITY}</span></h1>",
        f"<h1><span>{SEVERITY.upper()}</span>{TITLE}</h1>",
        f"<h1><div><span>{TITLE}</span><div>{SEVERITY}</div></div></h1>",
        f"<h1>{TITLE} <a href='#top'>#</a></h1><b>{SEVERITY}</b>",
    ],
)
def test_a_badge_or_a_link_inside_the_title_is_no_part_of_it(title: str) -> None:
    record = reading(heading=f"{title}<p>{SUMMARY}</p>").fields
    assert (record["title"], record["severity"]) == (TITLE, "critical")


def test_a_stressed_word_of_the_title_is_a_part_of_it() -> None:
    record = reading(heading=f"<h1>A robot <b>–</b> too <em>High</em></h1><p>{SUMMARY}</p>").fields
    assert (record["title"], record["severity"]) == ("A robot – too High", None)


def test_a_word_that_the_vocabulary_lacks_is_kept_where_it_can_only_be_the_badge() -> None:
    found = reading(heading=f"<h1>{TITLE}</h1><span>Catastrophic</span><p>{SUMMARY}</p>")
    assert found.fields["severity"] == "catastrophic"
    assert [(each.kind, each.value) for each in found.observations] == [("unknown_value", "Catastrophic")]
    two = f"<h1>{TITLE}</h1><span>Catastrophic</span><span>Verified</span><p>{SUMMARY}</p>"
    assert field("severity", heading=two) is None


@pytest.mark.parametrize(
    "run",
    [
        "<div><button>Share</button><button>Print</button></div>",
        "<div><a href='https://social.example/share'>post</a><a href='https://other.example/'>send</a></div>",
        "<ul><li><a href='#full-description'>story</a></li><li><a href='#sources'>links</a></li></ul>",
        "<ul><li><a href='/incidents/one'>one</a></li><li><a href='/incidents/two'>two</a></li></ul>",
        "<ul><li><a href='#a'>Full Description</a></li><li><a href='#b'>Sources</a></li></ul>",
        "<div><span>Low</span><span>High</span></div>",
        "<div><span>Jun 10, 2025</span><span>Jun 11, 2025</span></div>",
        "<div><span>12</span><span>345</span></div>",
        "<p>Read the whole of it, it is worth the time.</p>",
        "<nav><a href='/a'>alpha</a><a href='/b'>beta</a></nav>",
        "<form><span>alpha</span><span>beta</span></form>",
    ],
)
def test_a_run_that_says_something_else_is_no_run_of_tags(run: str) -> None:
    assert field("tags", chips=run) == []
    assert field("tags", chips=f"{run}{CHIPS[0]}{run}") == list(TAGS)


def test_tags_may_stand_above_the_labels_or_below_the_text() -> None:
    assert field("tags", chips="", heading=HEADINGS[0] + CHIPS[0]) == list(TAGS)
    assert field("tags", chips="", text=f"<div>{FIRST['text']}</div>{CHIPS[1]}") == list(TAGS)
    words = "<div><span>Verified Report</span><span>Staff Pick</span></div>"
    assert field("tags", chips="", heading=HEADINGS[0] + words) == []


def test_one_tag_is_a_tag_where_tags_stand() -> None:
    assert field("tags", chips="<div><span>routing</span></div>") == ["routing"]


def test_a_labelled_severity_or_tags_go_before_what_has_no_label() -> None:
    labels = LABELLED.replace("<dl>", "<dl><dt>Severity</dt><dd>Low</dd><dt>Tags</dt><dd>alpha, beta</dd>")
    record = reading(labels=labels).fields
    assert (record["severity"], record["tags"]) == ("low", ["alpha", "beta"])


def test_a_form_that_prints_every_label_is_no_incident() -> None:
    filters = f"<form>{labelled(LABELS[0], dict.fromkeys(FACTS, 'All'))}</form>"
    assert reading(heading=filters + HEADINGS[0]).fields == EXPECTED


@pytest.mark.parametrize("markup", LABELS)
def test_labels_inside_a_section_are_its_text(markup: tuple[str, str]) -> None:
    inner = labelled(markup, {"Note": "one", "Remark": "two", "Aside": "three"})
    texts = SECTIONS | {"Root Cause": ("@",)}
    text = sectioned(TEXTS[0], SOURCES[0], texts).replace("<p>@</p>", f"<p>Because.</p>{inner}")
    found = reading(labels=labelled(markup), text=text)
    assert found.fields["extra"] == {}
    assert found.fields["root_cause"].startswith("Because.")
    assert "three" in found.fields["root_cause"]


def test_a_card_gives_no_value_to_an_incident_that_lacks_the_label() -> None:
    labels = LABELLED.replace("<dt>Category</dt><dd>Unsafe Behavior</dd>", "")
    assert labels != LABELLED
    for card in (
        "<li><a href='/incidents/o'><h3>Other</h3></a><dl><dt>Category</dt><dd>Bias</dd></dl></li>",
        "<a href='/incidents/o'><h3>Other</h3><p>Category: Bias</p></a>",
        "<div><div><b>Category:</b> Bias</div><p><a href='/incidents/o'>Other</a></p></div>",
        "<li><a href='/incidents/o'>Other</a><div><div><div><div><p>Category</p></div><p>Bias</p></div></div></div>",
    ):
        found = reading(labels=labels, text=f"{FIRST['text']}<section><h2>Related</h2>{card}</section>").fields
        assert found["category"] is None
        assert {**found, "category": "unsafe_behavior", "raw": EXPECTED["raw"]} == EXPECTED


def test_labels_beside_a_link_to_the_next_incident_are_the_incidents() -> None:
    labels = f"<aside><div>{LABELLED}</div><p><a href='/incidents/next'>Next incident</a></p></aside>"
    assert reading(labels=labels).fields == EXPECTED


def test_labels_beside_a_link_to_their_own_page_are_the_incidents() -> None:
    labels = f"<aside><div>{LABELLED}</div><p><a href='/incidents/lunch-room'>Permalink</a></p></aside>"
    card = f"<li><a href='/incidents/o'><h3>Other</h3></a>{LABELLED.replace('Kadewerk', 'Other')}</li>"
    assert reading(labels=labels, text=f"{FIRST['text']}<ul>{card}</ul>").fields == EXPECTED


def test_a_whole_card_is_never_read_in_place_of_an_incident_with_few_labels() -> None:
    few = "<dl><dt>Category</dt><dd>Unsafe Behavior</dd></dl>"
    card = f"<li><a href='/incidents/o'><h3>Other</h3></a>{LABELLED.replace('Kadewerk', 'Other')}</li>"
    body = page("<main>{page}</main>", **(FIRST | {"labels": few, "text": f"{FIRST['text']}<ul>{card}</ul>"}))
    found = read_body(body.encode(), "text/html", "https://provyn.dev/incidents/lunch-room", PROVYN, read)
    assert found.refusal is not None
    assert found.refusal.kind == "partial_page"


@pytest.mark.parametrize(
    "markup",
    [
        "<dl><dt>Estimated Cost</dt><dd>12,000</dd><dt>Users</dt><dd>3</dd></dl>",
        "<table><tr><th>Estimated Cost</th><td>12,000</td></tr><tr><th>Users</th><td>3</td></tr></table>",
    ],
)
def test_unknown_labels_in_a_list_of_their_own_are_left_over(markup: str) -> None:
    found = reading(labels=f"{LABELLED}<div>{markup}</div>")
    assert found.fields["extra"] == {"Estimated Cost": "12,000", "Users": "3"}
    assert [each.field for each in found.observations] == ["Estimated Cost", "Users"]


def test_lists_elsewhere_are_not_the_incidents() -> None:
    markup = "<dl><dt>Estimated Cost</dt><dd>12,000</dd></dl>"
    card = f"<li><a href='/incidents/o'>Other</a>{markup}</li>"
    columns = "<table><tr><th>Year</th><th>Trips</th></tr><tr><td>2025</td><td>9</td></tr></table>"
    text = FIRST["text"].replace("<p>The map had", f"{markup}<p>The map had")
    found = reading(
        "<nav>" + markup + "</nav><main>{page}</main>" + markup,
        labels=f"{LABELLED}{columns}<form>{markup}</form><ul>{card}</ul>",
        text=text,
    )
    assert found.fields["extra"] == {}
