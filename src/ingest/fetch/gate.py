"""One host's gate: how many requests at a time, and when the next may begin."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from ingest.errors import IngestError
from ingest.fetch.kinds import FetchError
from ingest.fetch.pace import LONGEST_WAY_SECONDS, Pace
from ingest.fetch.turns import SharedTurns


class Clock(Protocol):
    """What the gate uses of an event loop."""

    def time(self) -> float: ...

    def call_at(self, when: float, callback: Callable[[], Any]) -> asyncio.TimerHandle: ...

    def create_future(self) -> asyncio.Future[Turn]: ...


class Turn:
    """A request that a gate has let in: `began` says when. It tells the gate how far it is, and when it is over."""

    __slots__ = ("_written", "began", "gate")

    def __init__(self, gate: Gate, began: float) -> None:
        self.gate = gate
        self.began = began
        self._written = began

    def written(self) -> None:
        """The request has been handed to the network."""
        self._written = self.gate.note_written(self)

    def heard(self) -> None:
        """Its answer has begun."""
        self.gate.note_heard(self._written)

    def leave(self) -> None:
        """The request is over."""
        self.gate.note_over(self)


class Gate:
    """Lets requests to one host through, in order; a page that has begun goes before one that has not.

    Where there is a delay, nobody is let in until the last request has been written: connecting takes as long as it
    takes, and the delay counts from there. Who waits for longer than patience_seconds because the host asked for it is
    turned away instead, as is everybody while the host is left alone. wall_time: seconds of the gate's clock to
    ISO-8601 text. shared: the host's turns, where others take part in them.
    """

    def __init__(
        self,
        host: str,
        pace: Pace,
        concurrency: int,
        patience_seconds: float,
        clock: Clock,
        wall_time: Callable[[float], str],
        shared: SharedTurns | None = None,
    ) -> None:
        self.pace = pace
        self._host = host
        self._free = concurrency
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._wall_time = wall_time
        self._shared = shared
        self._unwritten: Turn | None = None
        self._begun: deque[asyncio.Future[Turn]] = deque()
        self._new: deque[asyncio.Future[Turn]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, begun: bool = False) -> Turn:
        """Wait for a turn. Whoever enters must leave.

        Raises FetchError: host_busy, host_down; IngestError where shared turns can't be written.
        """
        now = self._clock.time()
        self._refuse(now)
        queue = self._begun if begun else self._new
        idle = self._free and not self._unwritten and not self._begun and not queue
        if idle and self.pace.next_start <= now and not self._wait_for_others():
            return self._begin(now)
        turn = self._clock.create_future()
        queue.append(turn)
        self._let_in()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                turn.result().leave()
            else:
                self._let_in()
            raise

    def note_written(self, turn: Turn) -> float:
        """A turn's request has been written; the time."""
        now = self._clock.time()
        self.pace.write(now)
        if turn is self._unwritten:
            self._give_back(LONGEST_WAY_SECONDS)
            self._let_in()
        return now

    def note_heard(self, written: float) -> None:
        """The answer to what was written at that time has begun."""
        now = self._clock.time()
        if self.pace.hear(written, now) and self.pace.delay_seconds:
            if self._shared is not None:
                self._shared.bring_forward(now - self.pace.last_started)
            self._let_in()

    def note_over(self, turn: Turn) -> None:
        """A turn's request is over, whatever came of it."""
        if turn is self._unwritten:
            self._give_back(0.0)
        self._free += 1
        self._let_in()

    def close(self) -> None:
        """Nobody is to enter any more."""
        if self._shared is not None:
            self._shared.close()

    def _wait_for_others(self) -> float:
        """0 where the turn is ours, as it is without a delay; else the seconds after which to ask again."""
        if self._shared is None or not self.pace.delay_seconds:
            return 0.0
        return self._shared.take(self.pace.delay_seconds)

    def _give_back(self, seconds_on: float) -> None:
        self._unwritten = None
        if self._shared is not None:
            self._shared.give_back(seconds_on)

    def _begin(self, now: float) -> Turn:
        turn = Turn(self, now)
        if self.pace.delay_seconds:
            self._unwritten = turn
        self._free -= 1
        self.pace.start(now)
        return turn

    def _let_in(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while turn := self._next_turn():
            now = self._clock.time()
            try:
                self._refuse(now)
                if not self._free or self._unwritten:
                    return
                next_start = self.pace.next_start
                if next_start <= now and (wait := self._wait_for_others()):
                    next_start = now + wait
            except (FetchError, IngestError) as error:
                turn.set_exception(error)
                continue
            if next_start > now:
                self._timer = self._clock.call_at(next_start, self._let_in)
                return
            turn.set_result(self._begin(now))

    def _next_turn(self) -> asyncio.Future[Turn] | None:
        """The first who still waits; who has been answered or has given up is dropped."""
        for queue in (self._begun, self._new):
            while queue:
                if not queue[0].done():
                    return queue[0]
                queue.popleft()
        return None

    def _refuse(self, now: float) -> None:
        if now < self.pace.rest_until:
            message = f"{self._host} failed too often in a row and is left alone for a while."
            raise FetchError("host_down", message, retry_at=self._wall_time(self.pace.rest_until))
        if self.pace.not_before - now > self._patience_seconds:
            retry_at = self._wall_time(self.pace.not_before)
            raise FetchError(
                "host_busy", f"{self._host} asked not to be requested before {retry_at}.", retry_at=retry_at
            )
