"""The hosts that requests go to: a gate each, and what every answer teaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from httpx_aiohttp import AiohttpTransport

from ingest import times
from ingest.fetch.exchange import Answer, exchange
from ingest.fetch.gate import Gate, Turn
from ingest.fetch.guard import AddressGuard
from ingest.fetch.kinds import is_transient
from ingest.fetch.notes import Deferral, Notes, Reason
from ingest.fetch.pace import Pace, PaceRules
from ingest.fetch.retries import read_retry_after
from ingest.fetch.settings import FetchSettings
from ingest.fetch.statuses import is_overloaded
from ingest.fetch.turns import SharedTurns
from ingest.fetch.urls import Url


@dataclass(frozen=True, slots=True)
class Visit:
    """An answer, and how long it took. retry_after_seconds and retry_at: what the host asked for, None if nothing."""

    answer: Answer
    elapsed_seconds: float
    retry_after_seconds: float | None
    retry_at: str | None


class Hosts:
    """Sends requests, each through its host's gate. deferred: by host key, who is to be left alone."""

    def __init__(
        self,
        settings: FetchSettings,
        guard: AddressGuard,
        transport: AiohttpTransport,
        deferred: Mapping[str, Deferral],
        notes: Notes,
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._transport = transport
        self._deferred = deferred
        self._notes = notes
        self._clock = asyncio.get_running_loop()
        self._gates: dict[str, Gate] = {}
        self._rules = PaceRules(
            delay_seconds=settings.delay_seconds,
            unanswered_limit=settings.unanswered_limit,
            broken_limit=settings.broken_limit,
            rest_seconds=settings.rest_seconds,
            slow_seconds=settings.slow_seconds,
        )

    def gate(self, url: Url) -> Gate:
        """The gate of a URL's host. Raises FetchError (address_refused) for a host that has none."""
        self._guard.check_literal(url)
        key = url.host_key
        gate = self._gates.get(key)
        if gate is None:
            pace = Pace(self._rules)
            self._recall_deferral(pace, key)
            settings = self._settings
            shared = SharedTurns(settings.turns, key) if settings.turns else None
            gate = Gate(key, pace, settings.concurrency, settings.page_seconds, self._clock, self.wall_time, shared)
            self._gates[key] = gate
        return gate

    async def visit(
        self, turn: Turn, url: Url, headers: list[tuple[str, str]], max_bytes: int, seconds: float
    ) -> Visit:
        """Send a request whose turn has come, and give the turn back."""
        pace = turn.gate.pace
        try:
            deferred_until = pace.deferred_until
            started = self._clock.time()
            answer = await exchange(self._transport, url, headers, max_bytes, seconds, turn)
            ended = self._clock.time()
            retry_after = self._learn(pace, answer, started, ended)
            retry_at = None if retry_after is None else self.wall_time(ended + retry_after)
            if pace.deferred_until > max(ended, deferred_until):
                await self._notes.note_deferral(url.host_key, self._deferral(pace))
            return Visit(answer, ended - started, retry_after, retry_at)
        finally:
            turn.leave()

    def close(self) -> None:
        for gate in self._gates.values():
            gate.close()

    def wall_time(self, when: float) -> str:
        """A time of the loop's clock as ISO-8601 text."""
        return times.to_text(datetime.now(UTC) + timedelta(seconds=when - self._clock.time()))

    def _learn(self, pace: Pace, answer: Answer, started: float, now: float) -> float | None:
        status = answer.status
        if status is not None and status < 500:
            pace.answered(started, now)
        elif answer.problem is None or answer.problem.kind != "address_refused":
            pace.failed(now, answered=status is not None)
        if status is None or status < 400 or not is_transient(f"http_{status}"):
            return None
        header = answer.header("retry-after")
        limit = self._settings.max_retry_after_seconds
        seconds = read_retry_after(header, datetime.now(UTC), limit) if header else None
        if seconds:
            pace.hold(now + seconds)
        elif is_overloaded(status):
            pace.slow_down(now)
        return seconds

    def _recall_deferral(self, pace: Pace, key: str) -> None:
        deferral = self._deferred.get(key)
        if deferral is not None and deferral.reason == "asked":
            pace.not_before = self._loop_time(deferral.until)
        elif deferral is not None:
            pace.rest_until = self._loop_time(deferral.until)

    def _deferral(self, pace: Pace) -> Deferral:
        reason: Reason = "asked" if pace.not_before >= pace.rest_until else "down"
        return Deferral(self.wall_time(pace.deferred_until), reason)

    def _loop_time(self, text: str) -> float:
        """An ISO-8601 text as a time of the loop's clock."""
        return self._clock.time() + (times.from_text(text) - datetime.now(UTC)).total_seconds()
