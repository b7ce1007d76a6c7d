"""Printed dates are read exactly as precise as they are printed, or not at all."""

from __future__ import annotations

from datetime import date

import edtf
import pytest
from edtf.parser.parser_classes import Date, Interval
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import looks_like_date, read_date

MONTHS = "January February March April May June July August September October November December".split()
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
FORMS = [
    "{month} {d}, {y}",
    "{abbr} {d}, {y}",
    "{abbr}. {d} {y}",
    "{d} {month} {y}",
    "{d}{th} {month} {y}",
    "{d}{th} of {month}, {y}",
    "{weekday}, {month} {d}{th}, {y}",
    "{wk} {d} {abbr} {y}",
    "{d}-{abbr}-{y}",
    "{y} {month} {d}",
    "{iso}",
    "{y}/{m}/{d}",
    "{iso}T09:30:00Z",
    "{iso}T09:30:00.123+02:00",
    "{iso} 23:59",
    "{month} {d}, {y} at 9:30 AM UTC",
]


def write(form: str, day: date) -> str:
    th = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    month = MONTHS[day.month - 1]
    return form.format(
        y=day.year, m=day.month, d=day.day, th=th, iso=day.isoformat(), month=month, abbr=month[:3],
        weekday=f"{day:%A}", wk=f"{day:%a}",
    )  # fmt: skip


@given(DAYS, st.sampled_from(FORMS), st.sampled_from((str, str.upper, str.lower)))
def test_every_form_of_a_day_gives_that_day(day: date, form: str, case: object) -> None:
    assert read_date(case(write(form, day))) == day.isoformat()  # type: ignore[operator]


@given(DAYS, st.sampled_from(("{month} {y}", "{abbr} {y}", "{abbr}. {y}", "{month}, {y}", "{abbr}-{y}", "{y} {month}")))
def test_a_month_stays_a_month(day: date, form: str) -> None:
    assert read_date(write(form, day)) == f"{day:%Y-%m}"


@given(DAYS)
def test_a_year_stays_a_year(day: date) -> None:
    assert read_date(str(day.year)) == str(day.year)


@given(DAYS, DAYS, st.sampled_from(FORMS[:11]), st.sampled_from((" - ", " – ", " — ", " to ", " through ")))
def test_a_range_of_days_goes_from_the_first_to_the_last(one: date, other: date, form: str, between: str) -> None:
    first, last = sorted((one, other))
    text = write(form, first) + between + write(form, last)
    expected = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    assert read_date(text) == expected
    backwards = write(form, last) + between + write(form, first)
    assert read_date(backwards) == (expected if first == last else None)


@given(st.text(alphabet="0123456789 -–/.,:TZJanuryFebMchApilDovmt", max_size=30))
def test_what_is_read_is_a_date_for_edtf_and_no_more_precise_than_the_text(text: str) -> None:
    found = read_date(text)
    if found is None:
        return
    assert isinstance(edtf.parse_edtf(found), Date | Interval)
    printed = sum(char.isdigit() for char in text) + sum(char.isalpha() for char in text)
    assert printed >= 4
    assert read_date(found) == found


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_date(text)
    assert found is None or looks_like_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dec 1, 2024", "2024-12-01"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("  December\u00a02024 ", "2024-12"),
        ("November-December 2023", "2023-11/2023-12"),
        ("November–December 2023", "2023-11/2023-12"),
        ("Dec 1-3, 2024", "2024-12-01/2024-12-03"),
        ("1–3 December 2024", "2024-12-01/2024-12-03"),
        ("Nov 30 – Dec 2, 2024", "2024-11-30/2024-12-02"),
        ("30 Nov - 2 Dec 2024", "2024-11-30/2024-12-02"),
        ("Dec 2023 to Jan 2024", "2023-12/2024-01"),
        ("2023-11/2023-12", "2023-11/2023-12"),
        ("2024-12-01/2024-12-03", "2024-12-01/2024-12-03"),
        ("2023–2024", "2023/2024"),
        ("２０２４-０４", "2024-04"),
        ("Feb 29, 2024", "2024-02-29"),
    ],
)
def test_forms_seen_on_pages(text: str, expected: str) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "Unknown", "soon", "May", "Dec 24", "24", "Monday", "today", "Q3 2024", "early 2024", "Spring 2025"),
        *("01/02/2024", "13/02/2024", "1.2.2024", "01-02-2024", "1/2/24", "Dec 1, '24"),
        *("Feb 30, 2024", "Feb 29, 2023", "2024-13", "2024-02-30", "2024-00-10", "Dec 0, 2024", "31 April 2024"),
        *("20241201", "2024-1", "2024-12-01T25:00", "2024-12-01Z", "Dec 1, 2024.", "Dec 1 2024 2025", "0999"),
        *("Dec 2024 - Nov 2024", "December-November 2023", "3-1 December 2024", "2024-13/2024-14", "2024/12"),
        "Dec 1, 2024" + " " * 100 + "x",
    ],
)
def test_what_has_no_reading_or_several_is_not_read(text: str) -> None:
    assert read_date(text) is None


def test_the_source_says_what_comes_first() -> None:
    assert read_date("01/02/2024", "dmy") == "2024-02-01"
    assert read_date("01/02/2024", "mdy") == "2024-01-02"
    assert read_date("1.2.2024", "dmy") == "2024-02-01"
    assert read_date("13/02/2024", "mdy") is None


@pytest.mark.parametrize("text", ["01/02/2024", "Spring 2025", "Feb 30, 2024", "mid-2024", "Dec 24", "24 Dec", "2024"])
def test_a_date_that_cant_be_read_still_looks_like_one(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize(
    "text", ["news", "AI Index 2024", "1.", "The Verge", "May", "March of the robots", "24/7 Desk"]
)
def test_a_name_does_not_look_like_a_date(text: str) -> None:
    assert not looks_like_date(text)
