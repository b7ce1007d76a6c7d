"""What goes into a fetch and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.fetch.kinds import Failure

ACCEPT_HTML = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"

Headers = tuple[tuple[str, str], ...]
"""Names and values as received, in order, a repeated name repeated; bytes read as Latin-1."""


@dataclass(frozen=True, slots=True)
class Request:
    """A page to get. etag and last_modified are sent as validators; a listing must not have any.

    max_bytes bounds the body, both as received and decoded, instead of the settings' bounds.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = ACCEPT_HTML
    max_bytes: int | None = None

    @property
    def conditional(self) -> bool:
        return self.etag is not None or self.last_modified is not None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a page, redirects included: a row of `fetches`.

    outcome is `ok`, `unchanged` (304) or a failure's kind. started_at is when the first request of the attempt was
    sent; elapsed_ms leaves out the time spent waiting for the host's turn between redirects. status and headers are
    those of the last answer, None and empty where there was none; cookies are left out. Credentials are hidden.
    """

    url: str
    attempt: int
    started_at: str
    elapsed_ms: int
    outcome: str
    status: int | None
    final_url: str | None
    error: str | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that was read to its end. wire: the body as received, transfer coding undone, content coding kept;
    body: the content coding undone. An answer 304 has neither. etag and last_modified are the validators to send the
    next time; for a 304 without them, those that were sent.
    """

    url: str
    final_url: str
    status: int
    reason: str
    headers: Headers
    wire: bytes
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def status_line(self) -> str:
        """As WARC records keep it."""
        return f"HTTP/1.1 {self.status} {self.reason}".rstrip()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a page. failure is None for a page or a 304; with a failure, response is the answer that told so,
    where one was read to its end. attempts is empty where nothing was requested.
    """

    attempts: tuple[Attempt, ...]
    response: Response | None
    failure: Failure | None
