"""Where a redirect leads, or why it is not followed. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.fetch.kinds import FetchError
from ingest.fetch.urls import Url, join_url, redact

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


def read_location(here: Url, location: str) -> Url:
    """The target of a Location header. Raises FetchError: bad_redirect, and as `parse_url` for what it refuses."""
    try:
        return join_url(here, _repair_bytes(location))
    except FetchError as error:
        kind = "bad_redirect" if error.failure.kind == "bad_url" else error.failure.kind
        raise FetchError(kind, f"{redact(here.text)} redirects astray. {error}") from error


def check_chain(chain: Sequence[Url], target: Url, max_redirects: int) -> None:
    """Raises FetchError: redirect_loop, too_many_redirects. chain: the URLs requested so far."""
    if any(target.text == url.text for url in chain):
        raise FetchError("redirect_loop", f"{redact(chain[-1].text)} redirects back to {redact(target.text)}.")
    if len(chain) > max_redirects:
        raise FetchError("too_many_redirects", f"{redact(chain[0].text)} leads to more than {max_redirects} redirects.")


def _repair_bytes(location: str) -> str:
    """Header bytes were read as Latin-1; a target that is not ASCII is UTF-8 in practice."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
