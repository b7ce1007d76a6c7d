"""The data files hold whole incidents, in the forms that they promise."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from ingest.sample.facts import LABELS, REQUIRED_LABELS, SECTIONS, Entry, Facts, load_incidents, print_date, print_entry

INCIDENTS = load_incidents()
OF_EACH = pytest.mark.parametrize("facts", INCIDENTS.values(), ids=INCIDENTS)
EDTF_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
TEXTS = {"slug", "title", "severity", "summary", "tags", "sources"}


def sentences(text: str) -> int:
    return len(re.findall(r"[.!?]['”\"]?(?=\s|$)", text)) + len(re.findall(r"^- ", text, re.MULTILINE))


def test_there_are_two_dozen_incidents() -> None:
    assert len(INCIDENTS) == 24
    assert len({facts["title"] for facts in INCIDENTS.values()}) == 24


@OF_EACH
def test_an_incident_prints_every_required_label_and_section(facts: Facts) -> None:
    entry = print_entry(facts)
    assert {LABELS[field] for field in REQUIRED_LABELS} <= dict(entry.labels).keys()
    assert [heading for heading, _ in entry.sections] == list(SECTIONS.values())
    assert entry.sources
    assert all(value.strip() for _, values in entry.labels for value in values)


@OF_EACH
def test_an_incident_has_no_field_that_nothing_prints(facts: Facts) -> None:
    assert facts.keys() <= TEXTS | LABELS.keys() | SECTIONS.keys() | {"tags"}


@OF_EACH
def test_a_long_text_has_two_to_a_dozen_sentences(facts: Facts) -> None:
    assert all(2 <= sentences(facts[field]) <= 6 for field in SECTIONS if field != "description")
    assert 4 <= sentences(facts["description"]) <= 14


@OF_EACH
def test_dates_are_edtf_and_sources_link_to_web_pages(facts: Facts) -> None:
    dates = [facts.get("date_occurred"), facts["date_reported"], *(source.get("date") for source in facts["sources"])]
    assert all(re.fullmatch(f"{EDTF_DAY}(/{EDTF_DAY})?", date) for date in dates if date is not None)
    for source in facts["sources"]:
        if "url" in source:
            url = urlsplit(source["url"])
            assert (url.scheme, url.path, url.query) == ("https", "/", "")


def test_slugs_fit_the_url() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in INCIDENTS)


def test_some_dates_are_partial_and_some_labels_absent() -> None:
    occurred = [facts.get("date_occurred") for facts in INCIDENTS.values()]
    shapes = {re.sub(r"\d", "9", date) for date in occurred if date}
    assert shapes == {"9999", "9999-99", "9999-99-99", "9999-99/9999-99"}
    assert None in occurred
    assert {field for field in LABELS if any(field not in facts for facts in INCIDENTS.values())} >= {
        *("model", "jurisdiction", "litigation_filed", "date_occurred"),
    }
    assert {"Unknown", "N/A", "-"} <= {facts.get("model") for facts in INCIDENTS.values()}


def test_some_values_some_source_lines_and_some_texts_have_an_unusual_shape() -> None:
    entries = list(map(print_entry, INCIDENTS.values()))
    assert any(len(values) > 1 for entry in entries for _, values in entry.labels)
    assert any(block.is_list for entry in entries for _, blocks in entry.sections for block in blocks)
    lines = [source.line for entry in entries for source in entry.sources]
    assert {len(line) for line in lines} == {2, 3}
    assert any(source.url is None for entry in entries for source in entry.sources)
    assert {"<", "&", "’"} <= {character for entry in entries for text in _texts(entry) for character in text}


def _texts(entry: Entry) -> list[str]:
    return [line for _, blocks in entry.sections for block in blocks for line in block.lines]


@OF_EACH
def test_an_answer_is_printed_as_yes_or_no(facts: Facts) -> None:
    printed = dict(print_entry(facts).labels)
    for field in ("human_review", "litigation_filed"):
        if field in facts:
            assert printed[LABELS[field]] == (("Yes",) if facts[field] else ("No",))


@pytest.mark.parametrize(
    ("edtf", "printed"),
    [
        ("2024-12-01", "Dec 1, 2024"),
        ("2024-12", "Dec 2024"),
        ("2024", "2024"),
        ("2023-11/2024-01", "Nov 2023 – Jan 2024"),
        ("early spring 2025", "early spring 2025"),
    ],
)
def test_a_date_is_printed_as_precisely_as_it_is_known(edtf: str, printed: str) -> None:
    assert print_date(edtf) == printed
    assert re.fullmatch(rf"(({MONTH} )?(\d+, )?\d{{4}}( – )?)+", printed) or "spring" in printed
