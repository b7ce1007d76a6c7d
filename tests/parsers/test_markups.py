"""The same words in any markup give the same record."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from ingest.reading import Reading
from tests.parsers.cases import Case, cases

URL = "https://provyn.dev/incidents/pharmacy-refill-labels-doubled-dose"
TWELVE = [case for case in cases("provyn") if case.response["url"] == URL]
MARKUPS = [case for case in TWELVE if case.page.suffix == ".html"]
_WRAPPER = re.compile(r"<(/?)(div|span|section|article|main|p)\b([^>]*)>")


def fields(case: Case, text: str | None = None) -> dict[str, Any]:
    reading = case.read(text.encode() if text is not None else None)
    assert isinstance(reading, Reading)
    assert reading.refusal is None, reading.refusal
    assert reading.observations == ()
    return dict(reading.fields)


@cache
def first() -> dict[str, Any]:
    return fields(MARKUPS[0])


def test_there_are_enough_markups() -> None:
    assert len(MARKUPS) >= 8
    assert len(TWELVE) - len(MARKUPS) >= 3


@pytest.mark.parametrize("case", TWELVE, ids=str)
def test_every_markup_gives_the_same_record(case: Case) -> None:
    record = fields(case)
    if case.page.suffix == ".txt":  # a capture has lost its links
        expected = [{**citation, "url": None} for citation in first()["citations"]]
        assert record.pop("citations") == expected
        record["citations"] = first()["citations"]
        record["raw"] = {name: text for name, text in record["raw"].items() if name in first()["raw"]}
    assert record == first()


@pytest.mark.parametrize("case", MARKUPS, ids=str)
def test_class_names_and_ids_mean_nothing(case: Case) -> None:
    bare, count = re.subn(r'\s(?:class|id|data-\w+)="[^"]*"', "", case.body.decode())
    assert count or case.folder.name in ("four-cells", "bold-colon")
    assert fields(case, bare) == first()


@pytest.mark.parametrize("case", MARKUPS, ids=str)
def test_wrapping_everything_once_more_means_nothing(case: Case) -> None:
    def double(match: re.Match[str]) -> str:
        close, tag, attributes = match.groups()
        wrapper = "span" if tag in ("span", "p") else "div"
        if tag == "p":
            return f"</{wrapper}></p>" if close else f"<p{attributes}><{wrapper}>"
        return f"</{tag}></{wrapper}>" if close else f"<{wrapper}><{tag}{attributes}>"

    doubled, count = _WRAPPER.subn(double, case.body.decode())
    assert count
    assert fields(case, doubled) == first()


@pytest.mark.parametrize("case", MARKUPS, ids=str)
def test_labels_in_capitals_are_the_same_labels(case: Case) -> None:
    source = case.source
    text, count = case.body.decode(), 0
    for label in (*source.labels, *source.sections):
        printed = re.escape(label).replace(r"\ ", r"(?: |&nbsp;)")
        text, found = re.subn(
            rf"(?<=>){printed}(?=\W*<)", lambda match: match[0].upper().replace("&NBSP;", "&nbsp;"), text
        )
        count += found
    assert count >= len(source.sections) or case.folder.name == "capitals"
    assert fields(case, text) == first()
