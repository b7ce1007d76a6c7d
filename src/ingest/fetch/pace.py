"""When a host may be asked again. Pure: every time is handed in, in seconds of one monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass

_FIRST_SLOWDOWN_SECONDS = 0.25
_NO_SLOWDOWN_SECONDS = 0.05
_NO_ACCIDENT = 3
"""From so many failures in a row on, it is not the page."""
LONGEST_WAY_SECONDS = 1.0
"""Within this time a busy server on the other side of the world has taken a request up, if not answered it."""
NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class PaceRules:
    """See FetchSettings for the fields of the same names."""

    delay_seconds: float
    unanswered_limit: int
    broken_limit: int
    rest_seconds: float
    slow_seconds: float

    @property
    def max_slowdown_seconds(self) -> float:
        return max(1.0, 8 * self.delay_seconds)


@dataclass(slots=True)
class Pace:
    """One host's state.

    The time between two starts is the longest of the set delay, the host's crawl delay, and a slowdown that
    doubles with each sign of overload (429 or 503, failures in a row, a slow answer) and halves with each request
    begun after it that went well. It holds by the host's clock: it counts from the beginning of the last answer, by
    which the host must have taken the request up, or from a second after the request was written where no answer has
    begun by then, so that a slow host is not asked much more rarely than it is to be.

    last_started: from when the delay counts, but for that second while the last request is on_its_way.
    """

    rules: PaceRules
    crawl_delay_seconds: float = 0.0
    last_started: float = NEVER
    on_its_way: bool = False
    not_before: float = NEVER
    rest_until: float = NEVER
    slowdown_seconds: float = 0.0
    slowed_at: float = NEVER
    unanswered: int = 0
    broken: int = 0

    @property
    def delay_seconds(self) -> float:
        return max(self.rules.delay_seconds, self.crawl_delay_seconds, self.slowdown_seconds)

    @property
    def next_start(self) -> float:
        delay = self.delay_seconds
        way = LONGEST_WAY_SECONDS if delay and self.on_its_way else 0.0
        return max(self.last_started + way + delay, self.not_before)

    def start(self, now: float) -> None:
        """A request begins, or has been let in and is about to be connected and written."""
        self.last_started = now
        self.on_its_way = False

    def write(self, now: float) -> None:
        """A request has been written."""
        self.last_started = now
        self.on_its_way = True

    def hear(self, written: float, now: float) -> bool:
        """The answer to a request has begun: the host had the request by then. Whether it is the last one's."""
        last = self.on_its_way and written == self.last_started
        if last:
            self.last_started = min(now, written + LONGEST_WAY_SECONDS)
            self.on_its_way = False
        return last

    def hold(self, until: float) -> None:
        """The host asked for nothing before a time."""
        self.not_before = max(self.not_before, until)

    def slow_down(self, now: float) -> None:
        """The host showed that it is overloaded."""
        doubled = max(_FIRST_SLOWDOWN_SECONDS, 2 * self.slowdown_seconds, 2 * self.rules.delay_seconds)
        self.slowdown_seconds = min(doubled, self.rules.max_slowdown_seconds)
        self.slowed_at = now

    @property
    def deferred_until(self) -> float:
        """Until when the host is left alone."""
        return max(self.not_before, self.rest_until)

    def answered(self, started: float, ended: float) -> None:
        """A request had an answer that shows the host in health, if not at its ease where it took long."""
        self.unanswered = self.broken = 0
        if ended - started > self.rules.slow_seconds:
            self.slow_down(ended)
        elif self.slowdown_seconds and started > self.slowed_at:
            halved = self.slowdown_seconds / 2
            self.slowdown_seconds = halved if halved > max(_NO_SLOWDOWN_SECONDS, self.rules.delay_seconds) else 0.0

    def failed(self, now: float, answered: bool) -> None:
        """A request had no answer, or an answer that blames the host itself (5xx)."""
        self.unanswered = 0 if answered else self.unanswered + 1
        self.broken += 1
        if self.broken >= _NO_ACCIDENT:
            self.slow_down(now)
        if self.unanswered >= self.rules.unanswered_limit or self.broken >= self.rules.broken_limit:
            self.rest_until = now + self.rules.rest_seconds
