"""Retry-After in all its forms, and how long to wait without it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.retries import choose_backoff, read_retry_after

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("31536000", DAY),
        ("999999999999", DAY),
        ("9" * 400, None),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120),
        ("Sunday, 01-Mar-26 12:02:00 GMT", 120),
        ("Sun Mar  1 12:02:00 2026", 120),
        ("Sun, 01 Mar 2026 14:02:00 +0200", 120),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Sun, 01 Mar 9999 12:02:00 GMT", DAY),
        ("Sun, 99 Mar 2026 12:02:00 GMT", None),
        ("Sun, 01 Mar 99999 12:02:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_never_more_than_the_bound(value: str, seconds: float | None) -> None:
    assert read_retry_after(value, NOW, DAY) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_within_the_bound_or_none(value: str) -> None:
    seconds = read_retry_after(value, NOW, DAY)
    assert seconds is None or 0 <= seconds <= DAY


def test_the_wait_doubles_and_chance_takes_at_most_half_off() -> None:
    assert [choose_backoff(attempt, 0.5, 0.0) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert [choose_backoff(attempt, 0.5, 1.0) for attempt in (1, 2, 3)] == [0.25, 0.5, 1.0]
