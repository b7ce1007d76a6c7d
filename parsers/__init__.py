"""What the pages of each site say. Pure: no network, no SQL, no clock."""

from __future__ import annotations

import hashlib
import os
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ingest.errors import IngestError
from ingest.extraction import Extraction, Listing, Refusal
from ingest.page import Page
from ingest.readers import SourceReader
from ingest.reading import read_body, read_listing
from ingest.sources import Source, read_source
from parsers.incident import read_incident
from parsers.listing import read_listing_page
from parsers.text import read_text

__all__ = ["listing", "load_source", "open_source", "parser_version", "read", "source_files", "source_names"]

DIRECTORIES = "INGEST_SOURCES"
"""The environment variable that names further directories of sources, as PATH does."""

_CODE = (
    *("page", "labels", "sources", "reading.py", "records.py", "values.py", "witnesses.py", "words.py"),
    *("dates.py", "extraction.py"),
)
"""What makes a record of a page, beside the parsers themselves."""


def source_names() -> tuple[str, ...]:
    """The names of all sources, sorted. Raises IngestError where INGEST_SOURCES names no directory."""
    return tuple(sorted(source_files()))


def load_source(name: str) -> Source:
    """The source of that name. Raises IngestError for an unknown one, SourceError for a file that can't be used."""
    known = source_files()
    if name not in known:
        raise IngestError(f"There is no source {name!r}; known: {', '.join(sorted(known)) or 'none'}.")
    file = known[name]
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(f"{file} can't be read: {error}.") from error
    return read_source(name, text, str(file))


def open_source(name: str, base_url: str | None = None) -> SourceReader:
    """A source with the functions that read its pages in a parser process. Raises as load_source does.

    base_url: scheme and host of a mirror; links to it are the source's own.
    """
    source = load_source(name)
    if base_url is not None:
        source = source.model_copy(update={"mirror_origin": base_url.rstrip("/")})
    return SourceReader(
        source,
        parser_version(source),
        partial(read_body, source=source, parse=read),
        partial(read_listing, source=source, parse=listing),
    )


def read(page: Page, source: Source) -> Extraction | Refusal:
    """What an incident page, or a text capture of one, prints; or why it is refused."""
    return read_text(page, source) if page.root is None else read_incident(page, page.root, source)


def listing(page: Page, source: Source) -> Listing | Refusal:
    """What a listing page or a sitemap names; or why it is refused."""
    return read_listing_page(page, source)


def parser_version(source: Source) -> str:
    """`3-1a2b3c4d`: the number in the source's file, and a hash of that file and of all code that makes a record."""
    digest = hashlib.sha256(f"{source.file_sha256} {_code_sha256()}".encode()).hexdigest()
    return f"{source.version}-{digest[:8]}"


@cache
def _code_sha256() -> str:
    """The hash of the reader and of the record rules."""
    digest = hashlib.sha256()
    for place in (files("parsers"), *(files("ingest") / name for name in _CODE)):
        for module in _modules(place):
            digest.update(module.name.encode() + b"\0" + module.read_bytes() + b"\0")
    return digest.hexdigest()


def _modules(place: Traversable) -> list[Traversable]:
    if place.is_dir():
        inner = sorted(place.iterdir(), key=lambda each: each.name)
        return [module for each in inner for module in _modules(each)]
    return [place] if place.name.endswith(".py") and place.is_file() else []


def source_files() -> dict[str, Traversable]:
    """The files of all sources by name; a directory of INGEST_SOURCES goes before what is built in.

    Raises IngestError where INGEST_SOURCES names no directory.
    """
    places: list[Traversable] = [files("parsers") / "sites"]
    for name in filter(None, os.environ.get(DIRECTORIES, "").split(os.pathsep)):
        if not Path(name).is_dir():
            raise IngestError(f"{DIRECTORIES} names {name}, which is no directory.")
        places.append(Path(name))
    return {
        file.name.removesuffix(".toml"): file
        for place in places
        for file in place.iterdir()
        if file.name.endswith(".toml")
    }
