"""A page is an incident only if it proves it; every other one is refused with a kind of its own."""

from __future__ import annotations

import pytest

from ingest.reading import Reading, read_body
from parsers import load_source, read
from parsers.refusals import is_not_found
from tests.parsers.markups import (
    CHIPS,
    FACTS,
    HEADINGS,
    LABELS,
    SECTIONS,
    SOURCES,
    TEXTS,
    TITLE,
    labelled,
    page,
    rows,
    sectioned,
)

PROVYN = load_source("provyn")
URL = "https://provyn.dev/incidents/lunch-room"
LABELLED = labelled(LABELS[0])
FIRST = {"heading": HEADINGS[0], "labels": LABELLED, "chips": CHIPS[0], "text": sectioned(TEXTS[0], SOURCES[0])}


def reading(frame: str = "<main>{page}</main>", **parts: str) -> Reading:
    return read_body(page(frame, **(FIRST | parts)).encode(), "text/html", URL, PROVYN, read)


def kind(frame: str = "<main>{page}</main>", **parts: str) -> str | None:
    refusal = reading(frame, **parts).refusal
    return refusal and refusal.kind


def some(count: int) -> str:
    return f"<dl>{rows('<dt>{label}</dt><dd>{value}</dd>', dict(list(FACTS.items())[:count]))}</dl>"


def test_half_of_the_known_labels_prove_a_page_and_fewer_do_not() -> None:
    assert kind(labels=some(6)) is None
    assert kind(labels=some(5)) == "partial_page"


def test_optional_labels_of_the_sources_file_prove_nothing_and_are_not_missed() -> None:
    # A source of its own: a copy keeps what its original has looked up.
    optional = load_source("provyn").model_copy(update={"optional": tuple(list(FACTS)[4:])})
    for count, expected in ((2, None), (1, "partial_page")):
        body = page("<main>{page}</main>", **(FIRST | {"labels": some(count)})).encode()
        refusal = read_body(body, "text/html", URL, optional, read).refusal
        assert (refusal and refusal.kind) == expected


def test_a_label_without_a_value_is_printed_all_the_same() -> None:
    empty = "".join(f"<dt>{label}</dt><dd></dd>" for label in list(FACTS)[5:])
    assert kind(labels=f"{some(5)}<dl>{empty}</dl>") is None


def test_a_page_without_a_description_is_half_a_page() -> None:
    assert kind(text="<h2>Root Cause</h2><p>Unclear.</p>") == "partial_page"
    assert kind(text="<h2>Full Description</h2><p>—</p><h2>Root Cause</h2><p>Unclear.</p>") == "partial_page"


def test_one_title_is_wanted() -> None:
    assert kind(heading=HEADINGS[0].replace("h1>", "p>")) == "no_title"
    assert kind(heading=f"{HEADINGS[0]}<h1>Another one</h1>") == "several_titles"
    assert kind(heading=f"{HEADINGS[0]}<h1>{TITLE}</h1><h1></h1>") is None
    assert kind("<header><h1>Tracker</h1></header><main>{page}</main>") is None
    assert kind("<nav><h1>Tracker</h1></nav>{page}<footer><h1>About us</h1></footer>") is None


def test_sections_with_headings_of_the_first_rank_are_no_titles() -> None:
    text = "".join(f"<section><h1>{label}</h1><p>{texts[0]}</p></section>" for label, texts in SECTIONS.items())
    assert kind(text=text) is None


def test_a_value_that_is_a_label_means_that_values_have_shifted() -> None:
    shifted = dict(zip(FACTS, [list(FACTS)[1], *list(FACTS.values())[:-1]], strict=True))
    assert kind(labels=f"<dl>{rows('<dt>{label}</dt><dd>{value}</dd>', shifted)}</dl>") == "shifted_values"


@pytest.mark.parametrize(
    "title",
    [
        *("Just a moment...", "Attention Required! | Cloudflare", "Checking your browser before accessing provyn.dev"),
        *("Verify you are human", "Access denied", "Pardon Our Interruption"),
    ],
)
def test_a_challenge_is_told_by_its_words(title: str) -> None:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>Ray ID 1</p></body></html>"
    refusal = read_body(body.encode(), "text/html", URL, PROVYN, read).refusal
    assert refusal is not None
    assert refusal.kind == "challenge"


def test_an_incident_about_challenges_and_missing_pages_is_an_incident() -> None:
    heading = "<h1>Captcha solver told to verify you are human</h1><p>Its access denied page was not found.</p>"
    assert kind(heading=heading) is None


@pytest.mark.parametrize(
    "title",
    [
        *("404", "404 - Not Found", "Page not found", "Not found | Provyn", "Error 404: this page could not be found"),
        *("Incident not found.", "This incident no longer exists", "Oops! That page can’t be found.", "410 Gone"),
        *("The page you are looking for does not exist", "This record has been removed", "We couldn't find that page"),
    ],
)
def test_an_error_page_with_status_200_is_told_by_its_title(title: str) -> None:
    assert is_not_found(title)
    assert kind("<main>{page}</main>", heading=f"<h1>{title}</h1>") == "soft_404"


@pytest.mark.parametrize(
    "title",
    [
        *("Chatbot cites a court case that does not exist", "Missing child not found after drone search fails"),
        *(
            "Assistant claims that 404 users consented",
            "The bot that could not be found",
            "410 patients misdiagnosed"[4:],
        ),
    ],
)
def test_a_title_that_only_sounds_like_an_error_is_a_title(title: str) -> None:
    assert not is_not_found(title)
    assert kind(heading=f"<h1>{title}</h1>") is None


def test_a_listing_is_told_by_its_links_or_by_repeating_labels() -> None:
    links = "".join(f"<li><a href='/incidents/n{number}'>N{number}</a></li>" for number in range(5))
    cards = "".join(f"<li>{some(6).replace('<dd>', f'<dd>{number} ')}</li>" for number in range(4))
    assert kind(labels="", text=f"<ul>{links}</ul>", chips="") == "listing_page"
    assert kind(labels="", text=f"<ul>{cards}</ul>", chips="") == "listing_page"


def test_a_page_at_another_address_that_leads_to_incidents_is_a_listing() -> None:
    body = b"<h1>Incidents</h1><ul><li><a href=/incidents/a>A</a></li><li><a href=/incidents/b>B</a></li></ul>"
    refusal = read_body(body, "text/html", "https://provyn.dev/incidents", PROVYN, read).refusal
    assert refusal is not None
    assert refusal.kind == "listing_page"


def test_what_a_script_would_fill_is_an_empty_shell() -> None:
    for body in (
        "<div id=app></div>",
        "<div id=app><p>Loading…</p></div>",
        "<nav><a href=/>Home</a></nav><main></main>",
    ):
        refusal = read_body(f"<html><body>{body}<script>go()</script>".encode(), "text/html", URL, PROVYN, read).refusal
        assert refusal is not None
        assert refusal.kind == "empty_shell"


def test_a_body_that_is_no_page_is_refused_by_what_it_is() -> None:
    for body, expected in ((b"", "empty_body"), (b"%PDF-1.7 x", "not_html"), (b"<div>" * 6_000, "too_deep")):
        refusal = read_body(body, "text/html", URL, PROVYN, read).refusal
        assert refusal is not None
        assert (refusal.stage, refusal.kind) == ("parse", expected)
