"""Who may begin, and when. Time is handed in."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fetch.gate import Gate, Turn
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

    def create_future(self) -> asyncio.Future[Turn]:
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


def enter(gate: Gate, begun: bool = False) -> asyncio.Task[Turn]:
    return asyncio.create_task(gate.enter(begun))


def send(gate: Gate, begun: bool = False) -> asyncio.Task[Turn]:
    """A request that is written and answered the moment it is let in, and goes on."""

    async def enter_and_send() -> Turn:
        turn = await gate.enter(begun)
        turn.written()
        turn.heard()
        return turn

    return asyncio.create_task(enter_and_send())


def begins(tasks: list[asyncio.Task[Turn]]) -> list[float]:
    return [task.result().began for task in tasks]


async def test_the_delay_counts_from_start_to_start() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    tasks = [send(gate) for _ in range(3)]
    await clock.move(10)
    assert begins(tasks) == [1000.0, 1002.0, 1004.0]


async def test_a_request_that_takes_long_to_connect_puts_the_next_off() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    first, second = enter(gate), enter(gate)
    await clock.move(7)
    assert not second.done()
    first.result().written()
    first.result().heard()
    await clock.move(10)
    assert second.result().began == 1009.0


async def test_a_request_that_is_over_before_it_was_written_holds_nobody_up() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    first, second = enter(gate), enter(gate)
    await clock.move(7)
    first.result().leave()
    await settle()
    assert second.result().began == 1007.0


async def test_the_end_of_an_older_request_does_not_let_the_next_in_before_the_last_is_written() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    older, last, fresh = send(gate), enter(gate), enter(gate)
    await clock.move(7)
    older.result().leave()
    await clock.move(7)
    assert (last.done(), fresh.done()) == (True, False)


async def test_without_a_delay_requests_connect_side_by_side() -> None:
    gate, clock = make_gate(delay_seconds=0, concurrency=3)
    tasks = [enter(gate) for _ in range(3)]
    await clock.move(0)
    assert begins(tasks) == [1000.0] * 3


async def test_an_answer_brings_the_next_turn_forward() -> None:
    gate, clock = make_gate(delay_seconds=2.0, concurrency=5)
    first, second = enter(gate), enter(gate)
    await settle()
    first.result().written()
    await clock.move(0.125)
    first.result().heard()
    await clock.move(10)
    assert second.result().began == 1002.125


async def test_no_more_requests_at_a_time_than_set() -> None:
    gate, clock = make_gate(delay_seconds=0, concurrency=2)
    tasks = [enter(gate) for _ in range(3)]
    await clock.move(100)
    assert [task.done() for task in tasks] == [True, True, False]
    tasks[0].result().leave()
    await settle()
    assert tasks[2].result().began == 1100.0


async def test_without_a_delay_a_free_gate_is_passed_without_waiting() -> None:
    gate, _ = make_gate(delay_seconds=0, concurrency=1)
    coroutine: Coroutine[Any, Any, Turn] = gate.enter()
    with pytest.raises(StopIteration):
        coroutine.send(None)


async def test_a_page_that_has_begun_goes_first() -> None:
    gate, clock = make_gate(delay_seconds=1.0, concurrency=9)
    first = send(gate)
    await settle()
    fresh, begun = send(gate), send(gate, begun=True)
    await clock.move(10)
    assert begins([first, begun, fresh]) == [1000.0, 1001.0, 1002.0]


async def test_a_short_hold_is_waited_for() -> None:
    gate, clock = make_gate()
    gate.pace.hold(1030.0)
    task = enter(gate)
    await clock.move(40)
    assert task.result().began == 1030.0


async def test_a_long_hold_turns_everybody_away() -> None:
    gate, _clock = make_gate()
    running, waiting = enter(gate), enter(gate)
    await settle()
    gate.pace.hold(5000.0)
    running.result().leave()
    await settle()
    late = enter(gate)
    await settle()
    assert running.result().began == 1000.0
    for task in (waiting, late):
        error = task.exception()
        assert isinstance(error, FetchError)
        assert (error.failure.kind, error.failure.retry_at) == ("host_busy", "at 5000.0")


async def test_a_host_left_alone_turns_everybody_away_until_its_rest_is_over() -> None:
    gate, clock = make_gate()
    running = await gate.enter()
    waiting = enter(gate)
    await settle()
    for _ in range(3):
        gate.pace.failed(clock.now, answered=False)
    running.leave()
    await settle()
    error = waiting.exception()
    assert isinstance(error, FetchError)
    assert error.failure.kind == "host_down"
    await clock.move(301)
    assert (await gate.enter()).began == 1301.0


async def test_who_gives_up_waiting_makes_room_for_the_next() -> None:
    gate, clock = make_gate(delay_seconds=1.0, concurrency=1)
    running = await gate.enter()
    quitter, patient = enter(gate), enter(gate)
    await settle()
    quitter.cancel()
    running.leave()
    await clock.move(5)
    assert patient.result().began == 1001.0


async def test_a_turn_given_to_who_is_being_cancelled_is_not_lost() -> None:
    gate, clock = make_gate(delay_seconds=0.0, concurrency=1)
    running = await gate.enter()
    quitter, patient = enter(gate), enter(gate)
    await settle()
    running.leave()
    quitter.cancel()
    await clock.move(5)
    assert quitter.cancelled()
    assert patient.done()


ACTS = st.lists(
    st.sampled_from(["enter", "begun", "write", "hear", "leave", "cancel first", "cancel last", "move", "hold"]),
    max_size=40,
)


class Requests:
    """Requests at a gate, of which a test says how far they are. The host has each a second after it was written,
    or when its answer begins."""

    def __init__(self, gate: Gate, clock: HandClock) -> None:
        self.gate = gate
        self.clock = clock
        self.tasks: list[asyncio.Task[Turn]] = []
        self.written: dict[Turn, float] = {}
        self.heard: dict[Turn, float] = {}
        self.over: set[Turn] = set()

    @property
    def inside(self) -> list[Turn]:
        entered = [task.result() for task in self.tasks if task.done() and not task.cancelled()]
        return [turn for turn in entered if turn not in self.over]

    @property
    def arrivals(self) -> list[tuple[float, float]]:
        """By the order of writing, the earliest and the latest time at which the host may have had it."""
        return [(at, min(at + 1.0, self.heard.get(turn, math.inf))) for turn, at in self.written.items()]

    async def act(self, act: str) -> None:
        waiting = [task for task in self.tasks if not task.done()]
        match act:
            case "enter" | "begun":
                self.tasks.append(enter(self.gate, act == "begun"))
            case "write":
                for turn in [turn for turn in self.inside if turn not in self.written][:1]:
                    turn.written()
                    self.written[turn] = self.clock.now
            case "hear":
                for turn in [turn for turn in self.inside if turn in self.written and turn not in self.heard][:1]:
                    turn.heard()
                    self.heard[turn] = self.clock.now
            case "leave":
                for turn in self.inside[:1]:
                    turn.leave()
                    self.over.add(turn)
            case "cancel first" | "cancel last" if waiting:
                waiting[0 if act == "cancel first" else -1].cancel()
            case "hold":
                self.gate.pace.hold(self.clock.now + 3)
            case _:
                await self.clock.move(0.1)
        await settle()


@settings(deadline=None)
@given(acts=ACTS, concurrency=st.integers(1, 3), delay=st.sampled_from([0.0, 0.5]))
def test_whatever_happens_no_turn_is_lost_and_none_comes_too_early(
    acts: list[str], concurrency: int, delay: float
) -> None:
    async def play() -> None:
        gate, clock = make_gate(delay, concurrency)
        requests = Requests(gate, clock)
        for act in acts:
            await requests.act(act)
        for _ in range(len(requests.tasks)):
            await clock.move(10)
            for act in ["write", "leave"] * concurrency:
                await requests.act(act)
        await clock.move(10)
        assert all(task.done() for task in requests.tasks)
        if delay:
            for (_, latest), (earliest, _) in itertools.pairwise(requests.arrivals):
                assert earliest - latest >= delay
        for _ in range(concurrency):
            clock.now += 10
            async with asyncio.timeout(1):
                (await gate.enter()).written()

    asyncio.run(play())
