"""When a host may be asked again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.pace import Pace, PaceRules


def make_pace(delay_seconds: float = 1.0) -> Pace:
    return Pace(PaceRules(delay_seconds, unanswered_limit=3, broken_limit=5, rest_seconds=300, slow_seconds=5))


def test_a_host_that_was_never_asked_may_be_asked_at_once() -> None:
    assert make_pace().next_start < 0


def test_the_delay_counts_from_start_to_start() -> None:
    pace = make_pace(2.0)
    pace.start(100.0)
    assert pace.next_start == 102.0


def test_the_delay_counts_from_the_writing_where_connecting_took_long() -> None:
    pace = make_pace(2.0)
    pace.start(100.0)
    pace.write(107.0)
    pace.hear(107.0, 107.125)
    assert pace.next_start == 109.125


def test_an_answer_that_takes_long_puts_the_next_request_off_by_a_second() -> None:
    pace = make_pace(2.0)
    pace.write(100.0)
    assert pace.next_start == 103.0
    pace.hear(100.0, 110.0)
    assert pace.next_start == 103.0


def test_without_a_delay_nothing_is_put_off() -> None:
    pace = make_pace(0.0)
    pace.write(100.0)
    assert pace.next_start == 100.0
    pace.hear(100.0, 100.5)
    assert pace.next_start == 100.5


def test_an_answer_to_an_older_request_says_nothing_of_the_last() -> None:
    pace = make_pace(2.0)
    pace.write(100.0)
    pace.write(103.0)
    pace.hear(100.0, 103.0625)
    assert pace.next_start == 106.0


def test_a_crawl_delay_raises_the_delay_and_never_lowers_it() -> None:
    pace = make_pace(2.0)
    pace.start(100.0)
    pace.crawl_delay_seconds = 5.0
    assert pace.next_start == 105.0
    pace.crawl_delay_seconds = 0.5
    assert pace.next_start == 102.0


def test_a_hold_is_never_shortened() -> None:
    pace = make_pace()
    pace.hold(500.0)
    pace.hold(400.0)
    assert pace.next_start == 500.0


def test_overload_doubles_the_delay_up_to_a_bound() -> None:
    pace = make_pace(1.0)
    delays = []
    for _ in range(5):
        pace.slow_down(100.0)
        delays.append(pace.delay_seconds)
    assert delays == [2.0, 4.0, 8.0, 8.0, 8.0]


def test_success_brings_the_delay_back_to_the_set_one_and_no_lower() -> None:
    pace = make_pace(1.0)
    for _ in range(3):
        pace.slow_down(100.0)
    delays = []
    for _ in range(4):
        pace.answered(started=101.0, ended=101.0)
        delays.append(pace.delay_seconds)
    assert delays == [4.0, 2.0, 1.0, 1.0]


def test_without_a_delay_overload_costs_at_most_a_second() -> None:
    pace = make_pace(0.0)
    for _ in range(9):
        pace.slow_down(100.0)
    assert pace.delay_seconds == 1.0
    for _ in range(9):
        pace.answered(started=101.0, ended=101.0)
    assert pace.delay_seconds == 0.0


def test_an_answer_to_a_request_begun_before_the_overload_proves_nothing() -> None:
    pace = make_pace(1.0)
    pace.slow_down(100.0)
    pace.answered(started=99.0, ended=99.0)
    assert pace.delay_seconds == 2.0


def test_a_host_that_does_not_answer_is_left_alone() -> None:
    pace = make_pace()
    for _ in range(2):
        pace.failed(100.0, answered=False)
    assert pace.rest_until < 0
    pace.failed(100.0, answered=False)
    assert pace.rest_until == 400.0


def test_a_host_that_only_answers_5xx_is_left_alone_later() -> None:
    pace = make_pace()
    for _ in range(4):
        pace.failed(100.0, answered=True)
    assert pace.rest_until < 0
    pace.failed(100.0, answered=True)
    assert pace.rest_until == 400.0


def test_an_answer_begins_the_count_anew() -> None:
    pace = make_pace()
    for _ in range(10):
        pace.failed(100.0, answered=False)
        pace.failed(100.0, answered=False)
        pace.answered(started=100.0, ended=100.0)
    assert pace.rest_until < 0


def test_the_first_failure_after_a_rest_begins_another() -> None:
    pace = make_pace()
    for _ in range(3):
        pace.failed(100.0, answered=False)
    pace.failed(450.0, answered=False)
    assert pace.rest_until == 750.0


def test_a_slow_answer_slows_down_and_a_quick_one_does_not() -> None:
    pace = make_pace(1.0)
    pace.answered(started=100.0, ended=104.9)
    assert pace.delay_seconds == 1.0
    pace.answered(started=100.0, ended=105.1)
    assert pace.delay_seconds == 2.0


def test_failures_in_a_row_slow_down_and_one_bad_page_does_not() -> None:
    pace = make_pace(1.0)
    pace.failed(100.0, answered=True)
    pace.failed(100.0, answered=True)
    assert pace.delay_seconds == 1.0
    pace.failed(100.0, answered=True)
    assert pace.delay_seconds == 2.0


@given(
    st.floats(0, 5),
    st.lists(st.tuples(st.sampled_from(["answered", "slow", "failed", "overloaded"]), st.floats(0, 20))),
)
def test_whatever_happens_the_delay_is_never_below_the_set_one(
    delay_seconds: float, events: list[tuple[str, float]]
) -> None:
    pace, now = make_pace(delay_seconds), 0.0
    for event, seconds in events:
        now += seconds
        pace.start(now)
        if event == "failed":
            pace.failed(now, answered=False)
        elif event == "overloaded":
            pace.slow_down(now)
        else:
            pace.answered(now, now + (9 if event == "slow" else 0.1))
        assert delay_seconds <= pace.delay_seconds <= max(1.0, 8 * delay_seconds)
        assert pace.next_start >= now + delay_seconds
