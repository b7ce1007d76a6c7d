"""What an answer's status means for a page. Pure."""

from __future__ import annotations

from http import HTTPStatus

from ingest.fetch.kinds import Failure


def judge_status(status: int, conditional: bool) -> Failure | None:
    """None for a page, and for a 304 to a request with validators; else the failure that the status is."""
    if status == HTTPStatus.OK:
        return None
    if status == HTTPStatus.NOT_MODIFIED:
        if conditional:
            return None
        return Failure("unexpected_304", "The host answered 304 though the request carried nothing to compare.")
    return Failure(f"http_{status}", f"The host answered {status}{_phrase(status)}.")


def is_overloaded(status: int | None) -> bool:
    """Whether the host asks for fewer requests."""
    return status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
