"""One attempt at a page: a request, and the redirects that it leads to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace

from ingest import times
from ingest.fetch.exchange import Answer
from ingest.fetch.gate import Turn
from ingest.fetch.hosts import Hosts, Visit
from ingest.fetch.kinds import Failure, FetchError
from ingest.fetch.messages import Request
from ingest.fetch.redirects import REDIRECT_STATUSES, check_chain, read_location
from ingest.fetch.urls import Url, redact


@dataclass(frozen=True, slots=True)
class Errand:
    """What to get and by which rules.

    first: the source's URL. admit: the URL to request for a URL of the source; raises FetchError where it may not be
    requested. own_url: the source's URL for one that a redirect names.
    """

    request: Request
    first: Url
    headers: list[tuple[str, str]]
    admit: Callable[[Url], Awaitable[Url]]
    own_url: Callable[[Url], Url]
    max_redirects: int
    max_wire_bytes: int
    attempt_seconds: float


@dataclass(frozen=True, slots=True)
class Journey:
    """chain: the source's URLs requested, in order. answer: the last one. failure: what ended the journey on its way;
    an answer has yet to be judged. retry_after_seconds and retry_at: what the host asked for.
    """

    started_at: str
    elapsed_seconds: float
    chain: tuple[Url, ...]
    answer: Answer
    retry_after_seconds: float | None
    retry_at: str | None
    failure: Failure | None


class PageDeadline:
    """The time by which all is over for a page, counted from its first request."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._ends: float | None = None

    @property
    def running(self) -> bool:
        return self._ends is not None

    @property
    def seconds_left(self) -> float:
        return self._seconds if self._ends is None else self._ends - self._loop.time()

    def begin(self) -> None:
        """Count from here on, unless counting already."""
        if self._ends is None:
            self._ends = self._loop.time() + self._seconds

    def limit(self) -> AbstractAsyncContextManager[object]:
        """A context that ends with the page; endless before the page's first request."""
        return nullcontext() if self._ends is None else asyncio.timeout_at(self._ends)


async def travel(errand: Errand, hosts: Hosts, deadline: PageDeadline) -> Journey:
    """Make one attempt. Raises FetchError where not even its first request could be made."""
    chain: list[Url] = []
    target: Url | None = errand.first
    visit: Visit | None = None
    failure: Failure | None = None
    started_at = ""
    elapsed = 0.0
    while target is not None:
        try:
            check_chain(chain, target, errand.max_redirects)
            wire_url, turn = await _await_turn(errand, hosts, target, deadline)
        except FetchError as error:
            if visit is None:
                raise
            failure = _tell_origin(error.failure, chain)
            break
        deadline.begin()
        chain.append(target)
        started_at = started_at or times.now()
        seconds = min(errand.attempt_seconds - elapsed, deadline.seconds_left)
        visit = await hosts.visit(turn, wire_url, errand.headers, errand.max_wire_bytes, seconds)
        elapsed += visit.elapsed_seconds
        try:
            target = _find_next(errand, wire_url, visit.answer)
        except FetchError as error:
            failure = _tell_origin(error.failure, chain)
            break
    assert visit is not None
    return Journey(
        started_at=started_at,
        elapsed_seconds=elapsed,
        chain=tuple(chain),
        answer=visit.answer,
        retry_after_seconds=visit.retry_after_seconds,
        retry_at=visit.retry_at,
        failure=failure,
    )


async def _await_turn(errand: Errand, hosts: Hosts, url: Url, deadline: PageDeadline) -> tuple[Url, Turn]:
    """The URL to request and its turn at the host's gate."""
    try:
        async with deadline.limit():
            wire_url = await errand.admit(url)
            turn = await hosts.gate(wire_url).enter(begun=deadline.running)
    except TimeoutError as error:
        message = f"{redact(url.text)}: its host's turn did not come within the page's time."
        raise FetchError("timeout", message) from error
    return wire_url, turn


def _find_next(errand: Errand, wire_url: Url, answer: Answer) -> Url | None:
    """Where the answer redirects to, None where it does not."""
    if answer.status not in REDIRECT_STATUSES:
        return None
    location = answer.header("location")
    if not location:
        raise FetchError("bad_redirect", f"{redact(wire_url.text)} answered {answer.status} without a Location.")
    return errand.own_url(read_location(wire_url, location))


def _tell_origin(failure: Failure, chain: list[Url]) -> Failure:
    return replace(failure, detail={**failure.detail, "redirected_from": redact(chain[-1].text)})
