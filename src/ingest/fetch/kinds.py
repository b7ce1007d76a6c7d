"""The words for what can go wrong with a request, and which of them may pass by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PERMANENT = {
    "bad_url": "the URL is not one that can be requested",
    "bad_scheme": "neither http nor https",
    "userinfo_in_url": "the URL carries a user name or password",
    "out_of_scope": "the URL, or a redirect, leaves the source",
    "address_refused": "the host is, or resolves to, an address that is not public",
    "robots_disallowed": "robots.txt forbids the URL",
    "tls_failed": "no trusted TLS connection",
    "malformed_response": "the answer is not HTTP",
    "headers_too_large": "the answer's headers exceed the bounds",
    "too_large": "the body as received exceeds the bound",
    "decoded_too_large": "the body exceeds the bound once its content coding is undone",
    "bad_encoding": "the body is not in the content coding that its header names",
    "unsupported_encoding": "a content coding that was not offered and can't be undone",
    "too_many_encodings": "more content codings on top of each other than are undone",
    "bad_redirect": "a redirect whose target can't be read",
    "redirect_loop": "a redirect back to a URL of the same chain",
    "too_many_redirects": "the chain of redirects is too long",
    "unexpected_304": "not modified, though nothing was asked to be compared",
}
TRANSIENT = {
    "dns_failed": "the host's name was not resolved",
    "connect_failed": "no connection",
    "connection_lost": "the connection ended before an answer",
    "timeout": "the attempt or the page took longer than its deadline",
    "truncated_body": "the body ended before its announced end",
    "robots_unreachable": "robots.txt gave no answer, so nothing may be requested",
    "host_busy": "the host asked to be left alone for longer than a page may take",
    "host_down": "the host failed too often in a row and is left alone",
}
"""Besides these: `http_<status>` for every answer that is not the page, such as http_404 or http_503."""
LEFT_ALONE = frozenset({"host_busy", "host_down"})
"""The host is not asked for now."""
HOST_WIDE = LEFT_ALONE | {"robots_unreachable"}
"""What says nothing of a page: nothing may be asked of its whole host for now."""

_TRANSIENT_STATUSES = frozenset({408, 425, 429})


def is_transient(kind: str) -> bool:
    """Whether the same request may succeed later without anybody's doing."""
    if kind.startswith("http_"):
        status = int(kind[5:])
        return status >= 500 or status in _TRANSIENT_STATUSES
    return kind in TRANSIENT


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request gave no page. retry_at: not before then (ISO-8601 UTC), where the host said so."""

    kind: str
    message: str
    retry_at: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def transient(self) -> bool:
        return is_transient(self.kind)


class FetchError(Exception):
    """Carries a Failure up to the fetch that it ends."""

    def __init__(self, kind: str, message: str, *, retry_at: str | None = None, **detail: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message, retry_at, detail)
