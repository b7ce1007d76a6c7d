"""What the pipeline is handed of a source: its file, and the functions that read its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.extraction import Listing, Refusal
from ingest.reading import Reading
from ingest.sources import Source

ReadPage = Callable[[bytes, str | None, str], Reading]
"""A body, its content type and its URL to a record or a refusal."""
ReadListing = Callable[[bytes, str | None, str], Listing | Refusal]
"""A body, its content type and its URL to what it names."""


@dataclass(frozen=True, slots=True)
class SourceReader:
    """A source and the functions that read its pages; they run in parser processes and must be picklable."""

    source: Source
    parser_version: str
    read_page: ReadPage
    read_listing: ReadListing
