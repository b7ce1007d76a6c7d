"""Who may begin, and when. Time is handed in."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fetch.gate import Gate
from ingest.fetch.kinds import FetchError
from ingest.fetch.pace import Pace, PaceRules


class Timer:
    """A callback that is due, or not any more."""

    def __init__(self, when: float, callback: Callable[[], Any]) -> None:
        self.when = when
        self.callback: Callable[[], Any] | None = callback

    def __lt__(self, other: Timer) -> bool:
        return self.when < other.when

    def cancel(self) -> None:
        self.callback = None


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], Any]) -> Any:
        timer = Timer(when, callback)
        heapq.heappush(self.timers, timer)
        return timer

    def create_future(self) -> asyncio.Future[float]:
        return asyncio.get_running_loop().create_future()

    async def move(self, seconds: float) -> None:
        await settle()
        end = self.now + seconds
        while self.timers and self.timers[0].when <= end:
            timer = heapq.heappop(self.timers)
            self.now = max(self.now, timer.when)
            if timer.callback:
                timer.callback()
            await settle()
        self.now = end
        await settle()


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


def make_gate(delay_seconds: float = 1.0, concurrency: int = 1) -> tuple[Gate, HandClock]:
    clock = HandClock()
    pace = Pace(PaceRules(delay_seconds, unanswered_limit=3, broken_limit=5, rest_seconds=300, slow_seconds=5))
    return Gate("example.org", pace, concurrency, 60.0, clock, lambda when: f"at {when}"), clock


def enter(gate: Gate, begun: bool = False) -> asyncio.Task[float]:
    return asyncio.create_task(gate.enter(begun))


async def test_the_delay_counts_from_start_to_start() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    tasks = [enter(gate) for _ in range(3)]
    await clock.move(10)
    assert [task.result() for task in tasks] == [1000.0, 1002.0, 1004.0]


async def test_no_more_requests_at_a_time_than_set() -> None:
    gate, clock = make_gate(delay_seconds=0, concurrency=2)
    tasks = [enter(gate) for _ in range(3)]
    await clock.move(100)
    assert [task.done() for task in tasks] == [True, True, False]
    gate.leave()
    await settle()
    assert tasks[2].result() == 1100.0


async def test_without_a_delay_a_free_gate_is_passed_without_waiting() -> None:
    gate, _ = make_gate(delay_seconds=0, concurrency=1)
    coroutine: Coroutine[Any, Any, float] = gate.enter()
    with pytest.raises(StopIteration):
        coroutine.send(None)


async def test_a_page_that_has_begun_goes_first() -> None:
    gate, clock = make_gate(delay_seconds=1.0, concurrency=9)
    first = enter(gate)
    await settle()
    fresh, begun = enter(gate), enter(gate, begun=True)
    await clock.move(10)
    assert [first.result(), begun.result(), fresh.result()] == [1000.0, 1001.0, 1002.0]


async def test_a_short_hold_is_waited_for() -> None:
    gate, clock = make_gate()
    gate.pace.hold(1030.0)
    task = enter(gate)
    await clock.move(40)
    assert task.result() == 1030.0


async def test_a_long_hold_turns_everybody_away() -> None:
    gate, _clock = make_gate()
    running, waiting = enter(gate), enter(gate)
    await settle()
    gate.pace.hold(5000.0)
    gate.leave()
    await settle()
    late = enter(gate)
    await settle()
    assert running.result() == 1000.0
    for task in (waiting, late):
        error = task.exception()
        assert isinstance(error, FetchError)
        assert (error.failure.kind, error.failure.retry_at) == ("host_busy", "at 5000.0")


async def test_a_host_left_alone_turns_everybody_away_until_its_rest_is_over() -> None:
    gate, clock = make_gate()
    await gate.enter()
    waiting = enter(gate)
    await settle()
    for _ in range(3):
        gate.pace.failed(clock.now, answered=False)
    gate.leave()
    await settle()
    error = waiting.exception()
    assert isinstance(error, FetchError)
    assert error.failure.kind == "host_down"
    await clock.move(301)
    assert await gate.enter() == 1301.0


async def test_who_gives_up_waiting_makes_room_for_the_next() -> None:
    gate, clock = make_gate(delay_seconds=1.0, concurrency=1)
    await gate.enter()
    quitter, patient = enter(gate), enter(gate)
    await settle()
    quitter.cancel()
    gate.leave()
    await clock.move(5)
    assert patient.result() == 1001.0


async def test_a_turn_given_to_who_is_being_cancelled_is_not_lost() -> None:
    gate, clock = make_gate(delay_seconds=0.0, concurrency=1)
    await gate.enter()
    quitter, patient = enter(gate), enter(gate)
    await settle()
    gate.leave()
    quitter.cancel()
    await clock.move(5)
    assert quitter.cancelled()
    assert patient.done()


ACTS = st.lists(
    st.sampled_from(["enter", "begun", "leave", "cancel first", "cancel last", "move", "hold"]), max_size=40
)


@settings(deadline=None)
@given(acts=ACTS, concurrency=st.integers(1, 3), delay=st.sampled_from([0.0, 1.0]))
def test_whatever_happens_no_turn_is_lost_and_none_comes_too_early(
    acts: list[str], concurrency: int, delay: float
) -> None:
    async def play() -> None:
        gate, clock = make_gate(delay, concurrency)
        tasks: list[asyncio.Task[float]] = []
        left = 0
        for act in acts:
            entered = sum(task.done() and not task.cancelled() for task in tasks)
            waiting = [task for task in tasks if not task.done()]
            match act:
                case "enter" | "begun":
                    tasks.append(enter(gate, act == "begun"))
                case "leave" if entered > left:
                    gate.leave()
                    left += 1
                case "cancel first" | "cancel last" if waiting:
                    waiting[0 if act == "cancel first" else -1].cancel()
                case "hold":
                    gate.pace.hold(clock.now + 3)
                case _:
                    await clock.move(0.7)
            await settle()
        for _ in range(len(tasks)):
            await clock.move(10)
            while sum(task.done() and not task.cancelled() for task in tasks) > left:
                gate.leave()
                left += 1
        await clock.move(10)
        assert all(task.done() for task in tasks)
        starts = sorted(task.result() for task in tasks if not task.cancelled())
        assert all(later - earlier >= delay for earlier, later in itertools.pairwise(starts))
        for _ in range(concurrency):
            clock.now += 10
            async with asyncio.timeout(1):
                await gate.enter()

    asyncio.run(play())
