"""A mirror answers in a source's place: its scheme and host stand on the wire, the source's own everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.fetch.kinds import FetchError
from ingest.fetch.urls import Url, parse_url


@dataclass(frozen=True, slots=True)
class Mirror:
    """Both origins are scheme, host and port, such as `https://example.org` and `http://127.0.0.1:8000`.

    Raises ValueError for an origin that can't be read or has a path.
    """

    source_origin: str
    wire_origin: str
    source: Url = field(init=False, repr=False, compare=False)
    wire: Url = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", _read_origin(self.source_origin))
        object.__setattr__(self, "wire", _read_origin(self.wire_origin))

    def to_wire(self, url: str) -> str:
        """The URL to request for a URL of the source, by http or https; any other URL as it is."""
        return _map(url, self.wire_url)

    def to_source(self, url: str) -> str:
        """The source's own URL for one of the mirror; any other URL as it is."""
        return _map(url, self.source_url)

    def wire_url(self, url: Url) -> Url:
        """As `to_wire`, for a URL that has been read."""
        return url.moved_to(self.wire) if url.host_key == self.source.host_key else url

    def source_url(self, url: Url) -> Url:
        """As `to_source`, for a URL that has been read."""
        return url.moved_to(self.source) if url.host_key == self.wire.host_key else url

    def own_host_key(self, key: str) -> str:
        """The key of the source's host for that of the mirror; any other key as it is."""
        return self.source.host_key if key == self.wire.host_key else key

    def wire_host_key(self, key: str) -> str:
        """The key of the mirror for that of the source's host; any other key as it is."""
        return self.wire.host_key if key == self.source.host_key else key

    def answers_for(self, url: Url) -> bool:
        """Whether the mirror is what a request for this URL would reach."""
        return url.host_key in (self.source.host_key, self.wire.host_key)


def _map(text: str, move: Callable[[Url], Url]) -> str:
    try:
        url = parse_url(text)
    except FetchError:
        # Not a URL of either origin; whoever requests it learns why it can't be.
        return text
    moved = move(url)
    return text if moved is url else moved.text


def _read_origin(text: str) -> Url:
    try:
        url = parse_url(text)
    except FetchError as error:
        raise ValueError(str(error)) from error
    if url.target != "/":
        raise ValueError(f"{text} is not an origin: give scheme, host and port only.")
    return url
