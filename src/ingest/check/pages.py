"""Every archived body, read at its place, decoded and hashed. One record is in memory at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.archive import Location, read_capture
from ingest.captures import decode_capture, hash_body
from ingest.check.finding import Finding, Premises
from ingest.errors import IngestError
from ingest.fetch import FetchError
from ingest.results import ArchivedPage
from ingest.store.extents import all_pages, count_pages, sample_pages

SAMPLE = 200
"""Bodies that a quick check verifies."""
REMEDY = (
    "Restore the file from a backup. Without one these pages are lost as evidence: the records made from them stay, "
    "but can't be made again from the archive."
)
_CHUNK = 1 << 16


@dataclass(slots=True)
class Damage:
    """What is wrong with the pages of one file in one way: how many, and the first."""

    pages: int
    first: ArchivedPage


def check_pages(premises: Premises) -> Iterator[Finding]:
    """The bodies that the index names, all or a sample of them."""
    total = count_pages(premises.db)
    pages: Iterable[ArchivedPage] = sample_pages(premises.db, SAMPLE) if premises.quick else all_pages(premises.db)
    premises.announce(min(total, SAMPLE) if premises.quick else total)
    archive = premises.settings.archive
    damages: dict[tuple[str, str], Damage] = {}
    verified = 0
    for page in pages:
        fault = find_fault(archive, page)
        if fault is None:
            verified += 1
        elif damage := damages.get((page.location.file, fault)):
            damage.pages += 1
        else:
            damages[page.location.file, fault] = Damage(1, page)
        premises.report_done(1)
    for (file, fault), damage in damages.items():
        first = damage.first
        where = f"{archive / file}, offset {first.location.offset}, page {first.sha256}"
        what = f"{fault}: {damage.pages} {'page' if damage.pages == 1 else 'pages'}."
        yield Finding("error", "pages", what, where, REMEDY)
    if not damages:
        yield Finding(
            "ok", "pages", f"{verified} of {total} archived pages were read at their place and have their hash."
        )


def find_fault(archive: Path, page: ArchivedPage) -> str | None:
    """What is wrong with a page's record; None where its bytes are those that were received."""
    path = archive / page.location.file
    if not path.exists():
        return "The file is missing"
    try:
        if not _is_whole_member(path, page.location):
            return "The record is damaged"
        body = decode_capture(read_capture(archive, page.location))
    except (OSError, IngestError, FetchError):
        return "The record can't be read"
    if hash_body(body) != page.sha256:
        return "The record holds another page than the index says"
    return None


def _is_whole_member(path: Path, location: Location) -> bool:
    """Whether exactly one gzip member stands there, by gzip's own checksum: readers of WARC files stop at a bad one."""
    member, left, more = zlib.decompressobj(wbits=31), location.length, False
    with path.open("rb") as file:
        file.seek(location.offset)
        while not member.eof:
            chunk = member.unconsumed_tail
            if not chunk and not more:
                chunk = file.read(min(_CHUNK, left))
                left -= len(chunk)
                if not chunk:
                    return False
            try:
                more = len(member.decompress(chunk, _CHUNK)) == _CHUNK
            except zlib.error:
                return False
    return left == 0 and not member.unused_data
