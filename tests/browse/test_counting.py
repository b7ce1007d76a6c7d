"""What the charts count, and that no date is taken for more precise than it is."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ingest.browse.charts import BASE, TOP, lay_out, round_up
from ingest.browse.edtf import days_of
from ingest.browse.facets import add_up
from ingest.browse.tally import DELAYS, SEVERITIES, Series, by_delay, by_name, by_time, by_week

DATES = st.one_of(
    st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(str),
    st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(lambda day: str(day)[:7]),
    st.integers(1990, 2030).map(str),
    st.sampled_from(["2023-11/2024-02", "2021/2022", "2024-02-31", ""]),
    st.none(),
)
COUNTS = st.integers(1, 50)


def drawn(series: Series) -> dict[str, tuple[int, ...]]:
    return {name: row for name, row in series.rows.items() if sum(row)}


def test_a_partial_date_means_every_day_that_it_may_be() -> None:
    assert days_of("2024") == (date(2024, 1, 1), date(2024, 12, 31))
    assert days_of("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert days_of("2024-02-03") == (date(2024, 2, 3), date(2024, 2, 3))
    assert days_of("2023-11/2024-02") == (date(2023, 11, 1), date(2024, 2, 29))
    assert days_of(None) is days_of("2024-13") is days_of("soon") is None


def test_incidents_of_a_few_years_are_counted_by_month() -> None:
    series = by_time([("2024-01", "high", 2), ("2024-03-09", "low", 1), ("2024", "low", 5), (None, None, 3)])
    assert list(series.rows) == ["2024-01", "2024-02", "2024-03"]
    assert drawn(series) == {"2024-01": (0, 2, 0, 0, 0), "2024-03": (0, 0, 0, 1, 0)}
    assert series.left_out == {"a date less precise than a month": 5, "no date": 3}


def test_incidents_of_many_years_are_counted_by_year() -> None:
    series = by_time([("2013", None, 1), ("2024-03", "odd", 2), ("2023-11/2024-02", "low", 4)])
    assert list(series.rows) == [str(year) for year in range(2013, 2025)]
    assert drawn(series) == {"2013": (0, 0, 0, 0, 1), "2024": (0, 0, 0, 0, 2)}
    assert series.left_out == {"a date less precise than a year": 4}


@given(st.lists(st.tuples(DATES, st.sampled_from([*SEVERITIES[:4], None]), COUNTS)))
def test_every_incident_is_drawn_once_or_said_to_be_left_out(groups: list[tuple[str | None, str | None, int]]) -> None:
    series = by_time(groups)
    total = sum(map(sum, series.rows.values())) + sum(series.left_out.values())
    assert total == sum(count for _, _, count in groups)


def test_a_name_among_several_counts_for_itself() -> None:
    series = by_name([("bias; leak", 2), ("leak", 3), ("error", 1), (None, 4)], shown=2)
    assert series.rows == {"leak": (5,), "bias": (2,)}
    assert series.left_out == {"other names": 1, "none printed": 4}


def test_a_delay_counts_only_where_the_dates_leave_no_doubt() -> None:
    series = by_delay(
        [
            ("2024-03-01", "2024-03-01", 1),
            ("2024-03", "2024-03", 2),  # any number of days from 0 to 30
            ("2024-03", "2024-04", 4),  # from 1 to 60
            ("2024-01", "2024-03", 8),  # from 30 to 90
            ("2024-01-15", "2024-03-15", 16),
            ("2022", "2024", 32),  # from 366 days, which is within a year still
            ("2021", "2024", 64),
            ("2024-05", "2024-03", 128),
            (None, "2024", 256),
        ]
    )
    assert drawn(series) == {"within a month": (3,), "1 to 3 months": (16,), "more than a year": (64,)}
    assert series.left_out == {
        "dates that are not precise enough to tell": 44,
        "a date missing": 256,
        "reported before it occurred": 128,
    }


@given(st.lists(st.tuples(DATES, DATES, COUNTS)))
def test_every_delay_is_drawn_once_or_said_to_be_left_out(groups: list[tuple[str | None, str | None, int]]) -> None:
    series = by_delay(groups)
    assert list(series.rows) == list(DELAYS)
    total = sum(map(sum, series.rows.values())) + sum(series.left_out.values())
    assert total == sum(count for _, _, count in groups)


def test_a_week_begins_on_monday_and_quiet_weeks_are_shown() -> None:
    days = [
        ("2026-11-22", "site", 1),
        ("2026-11-23", "site", 2),
        ("2026-11-09", "removed", 3),
        ("2024-01-01", "site", 9),
    ]
    series = by_week(days, ("site", "removed"))
    assert len(series.rows) == 52
    assert drawn(series) == {"2026-11-09": (0, 3), "2026-11-16": (1, 0), "2026-11-23": (2, 0)}
    assert series.left_out == {"earlier": 9}
    assert by_week([], ("site",)).rows == {}


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3).map(tuple), max_size=60))
def test_columns_stand_on_the_base_side_by_side_and_within_the_picture(rows: list[tuple[int, ...]]) -> None:
    chart = lay_out(Series(("a", "b", "c"), {str(place): row for place, row in enumerate(rows)}, {}))
    if chart is None:
        assert not any(map(sum, rows))
        return
    right = 0.0
    for column, row in zip(chart.columns, rows, strict=True):
        assert column.left >= right
        right = column.left + column.width
        assert [block.part for block in column.blocks] == [p for p, n in zip("cba", row[::-1], strict=True) if n]
        below = float(BASE)
        for block in column.blocks:
            assert abs(block.top + block.height - below) < 1e-6
            below = block.top
        assert below >= TOP - len(column.blocks)
    assert right <= 100.001


@given(st.integers(1, 10**9))
def test_a_scale_ends_at_a_round_number_that_is_not_much_greater(number: int) -> None:
    assert number <= round_up(number) <= 2 * number
    assert str(round_up(number)).rstrip("0") in {"1", "2", "4", "5", "6", "8"}


def test_facets_add_up_parts_years_and_values() -> None:
    assert add_up("category", [("a; b", 1), ("b", 2), (None, 9)]) == [("b", 3), ("a", 1)]
    assert add_up("date_occurred", [("2023-11/2024-02", 1), ("2024", 2), ("2024-05", 3)]) == [("2024", 5), ("2023", 1)]
    assert add_up("severity", [("low", 1), ("low", 2)]) == [("low", 3)]
