"""All attempts for one page, and what comes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from random import Random

from ingest.fetch.bodies import ACCEPT_ENCODING
from ingest.fetch.exchange import Answer
from ingest.fetch.hosts import Hosts
from ingest.fetch.journey import Errand, Journey, PageDeadline, travel
from ingest.fetch.kinds import Failure, FetchError
from ingest.fetch.messages import Attempt, Fetched, Request, Response
from ingest.fetch.retries import choose_backoff
from ingest.fetch.settings import FetchSettings
from ingest.fetch.statuses import judge_status
from ingest.redaction import redact_headers, redact_text

_COOKIES = frozenset({"set-cookie", "set-cookie2"})
MAX_VALIDATOR_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt came to; both where the answer is evidence of the failure."""

    response: Response | None
    failure: Failure | None


def clean_validator(value: str | None) -> str | None:
    """A validator that can be sent back as it is; None for any other, so that no page can forge a header."""
    if value is None or not value.isascii() or not value.isprintable():
        return None
    return value if 0 < len(value) <= MAX_VALIDATOR_CHARACTERS else None


def make_headers(request: Request, user_agent: str) -> list[tuple[str, str]]:
    """The headers of a request."""
    headers = [("User-Agent", user_agent), ("Accept", request.accept), ("Accept-Encoding", ACCEPT_ENCODING)]
    if request.etag is not None:
        headers.append(("If-None-Match", request.etag))
    if request.last_modified is not None:
        headers.append(("If-Modified-Since", request.last_modified))
    return headers


async def run_errand(
    errand: Errand, read: Callable[[Answer], bytes], hosts: Hosts, settings: FetchSettings, randomness: Random
) -> Fetched:
    """Attempt until there is a page, a failure that stays, or no time. read: the answer's body; raises FetchError."""
    deadline = PageDeadline(settings.page_seconds)
    attempts: list[Attempt] = []
    verdict = Verdict(None, None)
    while True:
        try:
            journey = await travel(errand, hosts, deadline)
        except FetchError as error:
            return _give_up(attempts, verdict, error.failure)
        verdict = _judge(errand.request, journey, read)
        attempts.append(_describe(errand.request, len(attempts) + 1, journey, verdict.failure))
        if verdict.failure is None or not verdict.failure.transient or len(attempts) == settings.attempts:
            return Fetched(tuple(attempts), verdict.response, verdict.failure)
        backoff = choose_backoff(len(attempts), settings.backoff_seconds, randomness.random())
        wait = max(backoff, journey.retry_after_seconds or 0.0)
        if wait >= deadline.seconds_left:
            return Fetched(tuple(attempts), verdict.response, verdict.failure)
        await asyncio.sleep(wait)


def _give_up(attempts: list[Attempt], last: Verdict, refusal: Failure) -> Fetched:
    """No further attempt could be made: the last one's failure stands, or what kept the first from being made."""
    if last.failure is None:
        return Fetched((), None, refusal)
    failure = replace(last.failure, retry_at=last.failure.retry_at or refusal.retry_at)
    return Fetched(tuple(attempts), last.response, failure)


def _judge(request: Request, journey: Journey, read: Callable[[Answer], bytes]) -> Verdict:
    answer = journey.answer
    if journey.failure is not None or answer.status is None:
        return Verdict(None, journey.failure or answer.problem)
    failure = judge_status(answer.status, request.conditional)
    if failure is not None:
        failure = replace(failure, retry_at=journey.retry_at)
    try:
        body = read(answer)
    except FetchError as error:
        return Verdict(None, failure or error.failure)
    return Verdict(_make_response(request, journey, answer.status, body), failure)


def _make_response(request: Request, journey: Journey, status: int, body: bytes) -> Response:
    answer = journey.answer
    unchanged = status == HTTPStatus.NOT_MODIFIED
    return Response(
        url=request.url,
        final_url=_final_url(request, journey),
        status=status,
        reason=answer.reason,
        headers=answer.headers,
        wire=answer.wire,
        body=body,
        content_type=answer.header("content-type"),
        etag=_read_validator(answer, "etag") or (request.etag if unchanged else None),
        last_modified=_read_validator(answer, "last-modified") or (request.last_modified if unchanged else None),
    )


def _describe(request: Request, number: int, journey: Journey, failure: Failure | None) -> Attempt:
    answer = journey.answer
    outcome = failure.kind if failure else "unchanged" if answer.status == HTTPStatus.NOT_MODIFIED else "ok"
    return Attempt(
        url=request.url,
        attempt=number,
        started_at=journey.started_at,
        elapsed_ms=round(journey.elapsed_seconds * 1000),
        outcome=outcome,
        status=answer.status,
        final_url=None if answer.status is None else redact_text(_final_url(request, journey)),
        error=redact_text(failure.message) if failure else None,
        headers=redact_headers(pair for pair in answer.headers if pair[0].lower() not in _COOKIES),
    )


def _final_url(request: Request, journey: Journey) -> str:
    return request.url if len(journey.chain) == 1 else journey.chain[-1].text


def _read_validator(answer: Answer, name: str) -> str | None:
    return clean_validator(answer.header(name))
