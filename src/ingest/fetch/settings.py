"""The fetcher's policy: one frozen object, decided before the first request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.fetch.mirror import Mirror
from ingest.fetch.urls import HostPort

_TOKEN = re.compile(r"[A-Za-z_-]+")


def _anywhere(_url: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Raises ValueError for a user agent that no robots.txt could name, and for bounds that are not positive.

    user_agent: product token first, with a way to reach the operator. delay_seconds: from the start of one request
    to a host to the start of the next. concurrency: requests to one host at the same time. attempt_seconds bounds an
    attempt, page_seconds all attempts for a page from the start of the first. allowed_hosts: the only hosts and
    ports that may be private addresses. in_scope: which URLs, first or redirected to, belong to the source; it is
    given the source's own URLs. mirror: see Mirror. turns: a folder of files by which the delay holds over restarts and
    for all who name it; None for this fetcher alone.
    """

    user_agent: str
    delay_seconds: float = 1.0
    concurrency: int = 2
    attempts: int = 3
    attempt_seconds: float = 20.0
    page_seconds: float = 60.0
    max_wire_bytes: int = 5_000_000
    max_body_bytes: int = 5_000_000
    max_redirects: int = 10
    allowed_hosts: frozenset[HostPort] = frozenset()
    in_scope: Callable[[str], bool] = _anywhere
    mirror: Mirror | None = None
    turns: Path | None = None
    backoff_seconds: float = 0.5
    max_crawl_delay_seconds: float = 30.0
    max_retry_after_seconds: float = 86_400.0
    unanswered_limit: int = 10
    broken_limit: int = 30
    rest_seconds: float = 300.0
    slow_seconds: float = 5.0

    def __post_init__(self) -> None:
        if not _TOKEN.match(self.user_agent) or not self.user_agent.isascii() or not self.user_agent.isprintable():
            raise ValueError(f"The user agent {self.user_agent!r} must be printable ASCII and begin with a name.")
        for name in ("concurrency", "attempts", "attempt_seconds", "page_seconds", "max_wire_bytes", "max_body_bytes"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0.")
        if self.delay_seconds < 0:
            raise ValueError(f"delay_seconds is {self.delay_seconds}; it can't be below 0.")

    @property
    def product(self) -> str:
        """The name that robots.txt addresses (RFC 9309, 2.2.1)."""
        match = _TOKEN.match(self.user_agent)
        assert match
        return match[0].lower()
