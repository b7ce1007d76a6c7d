"""A drafted file loads whatever the pages print, and asks for what its examples need."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.onboarding.examples import open_example
from ingest.onboarding.made import Made
from ingest.onboarding.making import make_source
from tests.parsers import markups

STORY = "The assistant of a ferry line announced a pier that was closed in winter, and forty people waited there."


def make(*pages: str) -> Made:
    return make_source(
        [open_example(f"{n}", page.encode(), None, f"https://x.example/i/{n}-a", None) for n, page in enumerate(pages)]
    )


def page(title: str, *rows: tuple[str, str], body: str = f"<h2>What happened</h2><p>{STORY}</p>", top: str = "") -> str:
    lines = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows)
    return f"<!doctype html><title>{title} | Ledger</title><h1>{title}</h1>{top}<dl>{lines}</dl>{body}"


NASTY = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters="<>&"), min_size=1, max_size=30
) | st.sampled_from(['"', "\\", "]", '"""', "[labels]", "# x", "\u202e", "a\x7fb", "'''", 'x" = "y'])


@settings(max_examples=40)
@example(label="a\x7fb", value="c\x7fd", title="e\x7ff")
@example(label='"', value='"""', title="\\")
@given(label=NASTY, value=NASTY, title=NASTY)
def test_no_text_of_a_page_breaks_the_file(label: str, value: str, title: str) -> None:
    made = make(page(f"Ferry {title}", ("Category", "Delay"), ("Date Occurred", "2025"), (f"x {label}", f"y {value}")))
    written = tomllib.loads(made.text)
    assert written["labels"]["Category"] == "category"
    assert written["labels"]["Date Occurred"] == "date_occurred"
    assert set(written) <= KEYS


KEYS = {
    *("version", "title", "home_url", "hosts", "incident_url", "listings", "sitemaps", "delay_seconds", "attribution"),
    *("extra", "ignore", "labels", "sections", "vocabularies", "optional", "badge", "chips", "lead", "lines", "roles"),
}


def test_numbers_for_day_and_month_are_read_in_the_order_that_all_dates_allow() -> None:
    days = make(page("A", ("Date Occurred", "03/04/2025")), page("B", ("Date Occurred", "25/12/2024")))
    assert days.source.date_order == "dmy"
    assert [reading.fields["date_occurred"] for reading in days.readings] == ["2025-04-03", "2024-12-25"]
    assert "other order" not in days.text
    assert "could be read in the other order too" in make(page("A", ("Date Occurred", "03/04/2025"))).text


def test_a_badge_and_tags_without_a_label_are_found_where_most_pages_have_them() -> None:
    top = "<span>{}</span><p>A summary of what happened on the pier that day, in one sentence.</p>"
    tags = "<div><span>ferry</span><span>winter_pier</span></div>"
    pages = [
        page(f"Pier {word}", ("Category", "Delay"), ("Date Occurred", "2025"), top=top.format(word), body=tags + BODY)
        for word in ("High", "Low")
    ]
    made = make(*pages)
    assert (made.source.badge, made.source.chips) == ("severity", "tags")
    assert [reading.fields["severity"] for reading in made.readings] == ["high", "low"]
    assert made.readings[0].fields["tags"] == ["ferry", "winter_pier"]


BODY = f"<h2>What happened</h2><p>{STORY}</p>"


def test_without_a_heading_the_paragraph_under_the_title_is_the_description() -> None:
    made = make(page("A", ("Category", "Delay"), top=f"<p>{STORY}</p>", body=""))
    assert made.source.lead == "description"
    assert made.readings[0].fields["description"] == STORY
    assert "# unsure: no heading names a description" in made.text


def test_a_number_before_the_title_that_the_address_says_too_is_no_part_of_it() -> None:
    pages = [page(f"Incident {n}-a: A pier {n}", ("Category", "Delay"), ("Date Occurred", "2025")) for n in range(2)]
    made = make(*pages)
    assert made.source.lines == ("Incident {}: {title}",)
    assert [reading.fields["title"] for reading in made.readings] == ["A pier 0", "A pier 1"]


def test_a_party_whose_role_says_a_field_fills_it() -> None:
    made = make(page("A", ("Category", "Delay"), ("Entities", "Skerry Lines (victim); Pier Bots (developer, host)")))
    assert made.source.roles == {"Entities": {"victim": "extra", "developer": "ai_provider", "host": "extra"}}
    assert made.readings[0].fields["ai_provider"] == "Pier Bots"


def test_a_line_with_a_list_within_a_section_stays_its_text() -> None:
    measures = "<p>The line took two measures:</p><ul><li>A sign went up.</li><li>A person stands there.</li></ul>"
    made = make(page("A", ("Category", "Delay"), body=f"{BODY}<h2>Mitigation</h2>{measures}"))
    assert str(made.readings[0].fields["mitigation"]).startswith("The line took two measures:")
    assert made.readings[0].fields["extra"] == {}


def test_headings_that_ask_are_sections() -> None:
    body = f"<h3>What happened?</h3><p>{STORY}</p><h3>What can we learn?</h3><p>A sign helps, and so does a person.</p>"
    made = make(page("A", ("Category", "Delay"), body=body))
    assert made.source.sections == {"What happened?": "description", "What can we learn?": "lessons_learned"}


def test_a_label_within_another_labels_value_is_a_part_of_that_value() -> None:
    inner = "<dl><dt>Vector</dt><dd>Network</dd><dt>Scope</dt><dd>Changed</dd></dl>"
    made = make(page("A", ("Category", "Delay"), ("Score", inner), ("Pier", "0")))
    assert made.source.extra == ("Score", "Pier")
    assert made.readings[0].fields["extra"] == {"Score": "Vector; Network; Scope; Changed", "Pier": "0"}


def test_sections_alone_are_enough_and_said_to_prove_little() -> None:
    body = f"{BODY}<h2>Sources</h2><ul><li><a href='https://news.example/a'>Pier closed</a></li></ul>"
    made = make(page("A", body=body), page("B", body=body))
    assert made.source.labels == {}
    assert made.readings[0].fields["citations"][0]["title"] == "Pier closed"
    assert "# unsure: no label fills a field" in made.text


def test_a_page_that_stands_in_a_form_is_read_too() -> None:
    inside = page("A", ("Category", "Delay")).partition("</title>")[2]
    assert make(f"<title>A</title><form action='/'>{inside}</form>").readings[0].fields["category"] == "delay"


@settings(max_examples=25)
@given(
    frame=st.sampled_from(markups.FRAMES),
    heading=st.sampled_from(markups.HEADINGS),
    labels=st.sampled_from(markups.LABELS),
    chips=st.sampled_from(markups.CHIPS),
    text=st.sampled_from(markups.TEXTS),
    source=st.sampled_from(markups.SOURCES),
)
def test_one_page_in_any_markup_gives_its_whole_record(
    frame: str, heading: str, labels: tuple[str, str], chips: str, text: str, source: str
) -> None:
    body = markups.sectioned(text, source)
    made = make(markups.page(frame, heading, markups.labelled(labels), chips, body))
    fields = made.readings[0].fields
    assert {name: fields[name] for name in markups.EXPECTED if name not in ("raw", "extra")} == {
        name: value for name, value in markups.EXPECTED.items() if name not in ("raw", "extra")
    }


def test_a_label_that_not_every_page_prints_is_optional() -> None:
    made = make(page("A", ("Category", "Delay"), ("Status", "Open")), page("B", ("Category", "Noise")))
    assert made.source.optional == ("Status",)


@pytest.mark.parametrize("words", [("Low", "Low"), ("Delay", "Noise")])
def test_a_vocabulary_is_written_where_pages_repeat_its_words(words: tuple[str, str]) -> None:
    label = "Severity" if words[0] == "Low" else "Category"
    many = make(*(page(f"P{n}", (label, words[n % 2]), ("Date Occurred", "2025")) for n in range(4)))
    few = make(*(page(f"P{n}", ("Category", f"Word {n}"), ("Date Occurred", "2025")) for n in range(4)))
    assert set(many.source.vocabularies) == {label.lower()}
    assert not few.source.vocabularies
