"""Between a response and the archive: what is kept of one, and how its body is found again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.archive import Capture, Location, read_capture
from ingest.errors import ArchiveError
from ingest.fetch import FetchError, Response
from ingest.fetch.bodies import decode_body, read_codings

_KEPT_AS = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
MAX_BODY_BYTES = 20_000_000
"""A body that is longer was not kept: pages and listings are bounded when they are fetched."""


def hash_body(body: bytes) -> str:
    """The name of a body in the archive: SHA-256 of the decoded bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def capture_response(response: Response, at: str) -> Capture:
    """What the archive keeps of a response: its headers and its body as received.

    The transfer coding is undone by then; its header goes by another name, or a reader of WARC would undo it again.
    """
    headers = tuple((_KEPT_AS.get(name.lower(), name), value) for name, value in response.headers)
    return Capture(response.final_url, at, response.status_line, headers, response.wire)


def decode_capture(capture: Capture) -> bytes:
    """The body of a capture with its content coding undone. Raises FetchError where that can't be done."""
    codings = read_codings([value for name, value in capture.headers if name.lower() == "content-encoding"])
    return decode_body(capture.wire, codings, MAX_BODY_BYTES)


def load_body(archive: Path, location: Location) -> bytes:
    """The body of an archived page. Raises ArchiveError where the archive does not give it."""
    try:
        return decode_capture(read_capture(archive, location))
    except FetchError as error:
        place = f"{location.file}, offset {location.offset}"
        raise ArchiveError(f"The archived page in {place}, can't be decoded: {error}") from error
