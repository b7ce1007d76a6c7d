"""From an answer to its body: whole for a page, the beginning for a robots.txt."""

from __future__ import annotations

from ingest.fetch.bodies import BodyError, decode_body, read_codings
from ingest.fetch.exchange import Answer
from ingest.fetch.kinds import FetchError


def read_whole(answer: Answer, max_bytes: int) -> bytes:
    """The decoded body. Raises FetchError for what cut it short, and as `decode_body`."""
    if answer.problem is not None:
        raise FetchError(answer.problem.kind, answer.problem.message)
    return decode_body(answer.wire, _codings(answer), max_bytes)


def read_beginning(answer: Answer, max_bytes: int) -> bytes:
    """The decoded body, cut where it exceeds a bound. Raises FetchError for whatever else is wrong with it."""
    cut = answer.problem is not None and answer.problem.kind == "too_large"
    if answer.problem is not None and not cut:
        raise FetchError(answer.problem.kind, answer.problem.message)
    try:
        return decode_body(answer.wire, _codings(answer), max_bytes)
    except BodyError as error:
        kind = error.failure.kind
        if kind == "decoded_too_large" or (cut and kind == "truncated_body"):
            return error.partial[:max_bytes]
        raise


def _codings(answer: Answer) -> tuple[str, ...]:
    return read_codings([value for name, value in answer.headers if name.lower() == "content-encoding"])
