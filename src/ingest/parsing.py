"""Parser processes: every page is read in one that can be killed, with a deadline a page.

Pages that wait together travel together, for every trip to another process and back has its own cost. Where a parcel
costs its process, each of its pages is read alone.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pebble import ProcessExpired, ProcessPool

from ingest.archive import Location
from ingest.changes import content_sha256
from ingest.errors import ArchiveError
from ingest.extraction import Listing, Observation, Refusal
from ingest.orphans import die_with_parent
from ingest.readers import SourceReader
from ingest.reading import Reading

MAX_PARCEL = 32
"""Pages of one parcel."""
MAX_PARCEL_BYTES = 500_000
"""Bodies that no other page travels with once they are this long together."""
SWEEP_BYTES = 20_000_000
"""A parser process looks for garbage after pages that are so long together: what reads a page leaves hardly any."""
YIELDING = 5
"""How much a parser process gives way (nice, 0 to 19) to the one that fetches, writes and keeps all of them busy."""
PARCELS_A_PROCESS = 2
"""Parcels under way for each process: while it reads one, the next is at hand."""

Kind = Literal["page", "listing"]


class ParserDied(Exception):
    """A page has cost its parser. kind: parse_timeout, parser_crashed or parser_error."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Sheet:
    """A body to read: what a parser process is sent."""

    kind: Kind
    body: bytes
    content_type: str | None
    url: str

    @property
    def size(self) -> int:
        return len(self.body)


@dataclass(frozen=True, slots=True)
class ArchivedSheet:
    """A page of the archive to read. The process takes it from the file itself. size: of its decoded body, in bytes.

    content_sha256: of the record that is stored; a record with the same hash need not be sent back.
    """

    archive: Path
    location: Location
    size: int
    content_type: str | None
    url: str
    content_sha256: str | None


@dataclass(frozen=True, slots=True)
class SameRecord:
    """An archived page still gives the record that is stored."""

    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """What a parser raised."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet and who waits for what it says."""

    sheet: Sheet | ArchivedSheet
    answer: asyncio.Future[Any]


class ParserPool:
    """A pool of parser processes for one source. A page that takes too long costs its process, and no other page."""

    def __init__(self, processes: int, seconds: float, reader: SourceReader) -> None:
        self._seconds = seconds
        self._waiting: deque[Waiting] = deque()
        self._under_way: set[asyncio.Future[None]] = set()
        self._at_a_time = processes * PARCELS_A_PROCESS
        context: Any = multiprocessing.get_context("forkserver")
        # A name and no import: what each process would else import for itself, at a third of a second.
        context.set_forkserver_preload(["parsers"])
        self._pool = ProcessPool(max_workers=processes, initializer=_settle_in, initargs=(reader,), context=context)

    async def read_page(self, body: bytes, content_type: str | None, url: str) -> Reading:
        """What an incident's page says. Raises ParserDied where its parser gave no answer."""
        reading: Reading = await self._read(Sheet("page", body, content_type, url))
        return reading

    async def read_archived(self, sheet: ArchivedSheet) -> Reading | SameRecord:
        """What an archived page says. Raises ParserDied where its parser gave no answer."""
        reading: Reading | SameRecord = await self._read(sheet)
        return reading

    async def read_listing(self, body: bytes, content_type: str | None, url: str) -> Listing | Refusal:
        """What a listing names. Raises ParserDied where its parser gave no answer."""
        found: Listing | Refusal = await self._read(Sheet("listing", body, content_type, url))
        return found

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    async def _read(self, sheet: Sheet | ArchivedSheet) -> Any:
        waiting = Waiting(sheet, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._send_parcels()
        return await waiting.answer

    def _send_parcels(self) -> None:
        while self._waiting and len(self._under_way) < self._at_a_time:
            sent = asyncio.ensure_future(self._deliver(take_parcel(self._waiting, self._at_a_time)))
            self._under_way.add(sent)
            sent.add_done_callback(self._parcel_came)

    def _parcel_came(self, sent: asyncio.Future[None]) -> None:
        self._under_way.discard(sent)
        self._send_parcels()

    async def _deliver(self, parcel: Sequence[Waiting]) -> None:
        """Have a parcel read. Each page of one that got no answer is read again, alone."""
        try:
            answers = await self._schedule([one.sheet for one in parcel])
        except ParserDied as died:
            if len(parcel) == 1:
                _settle(parcel[0].answer, died)
                return
            for one in parcel:
                await self._deliver([one])
        except RuntimeError as error:  # the pool itself is broken
            for one in parcel:
                _settle(one.answer, error)
        else:
            for one, answer in zip(parcel, answers, strict=True):
                _settle(one.answer, answer)

    async def _schedule(self, sheets: Sequence[Sheet | ArchivedSheet]) -> list[Any]:
        future: Future[list[Any]] = self._pool.schedule(_read_sheets, args=(sheets,), timeout=self._seconds)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise ParserDied("parse_timeout", f"The parser was still reading after {self._seconds:g} s.") from error
        except ProcessExpired as error:
            raise ParserDied("parser_crashed", f"The parser's process died (exit code {error.exitcode}).") from error
        except Exception as error:  # such as an answer that can't be sent back
            raise ParserDied("parser_error", f"The parser raised {type(error).__name__}: {error}") from error


def take_parcel(waiting: deque[Waiting], parcels: int) -> list[Waiting]:
    """The next pages that travel together: a fair share of all that wait, bounded in number and bytes.

    Who has given up is left out.
    """
    share = min(MAX_PARCEL, -(-len(waiting) // parcels))
    parcel: list[Waiting] = []
    size = 0
    while waiting and len(parcel) < share and size < MAX_PARCEL_BYTES:
        one = waiting.popleft()
        if not one.answer.done():
            parcel.append(one)
            size += one.sheet.size
    return parcel


def _settle(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return  # whoever waited has given up
    if isinstance(answer, Raised):
        answer = ParserDied("parser_error", f"The parser raised {answer.name}: {answer.message}")
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)


_reader: SourceReader
"""In a parser process: how its source's pages are read."""
_read_bytes = 0
"""In a parser process: the bytes of the pages whose trees have not been collected yet."""


def _settle_in(reader: SourceReader) -> None:
    """Begin a parser process. It collects its garbage itself: in the midst of a page there is nothing to collect, and
    looking for it takes long."""
    global _reader
    die_with_parent()
    os.nice(YIELDING)
    _reader = reader
    gc.freeze()
    gc.disable()


def _read_sheets(sheets: Sequence[Sheet | ArchivedSheet]) -> list[Any]:
    global _read_bytes
    bodies = [_body_of(sheet) for sheet in sheets]  # all of them first: each kind of work at one go keeps caches warm
    answers = [_read_sheet(sheet, body) for sheet, body in zip(sheets, bodies, strict=True)]
    _read_bytes += sum(sheet.size for sheet in sheets)
    if _read_bytes > SWEEP_BYTES:
        _read_bytes = 0
        gc.collect()
        gc.freeze()  # what is left is what pages have in common
    return answers


def _body_of(sheet: Sheet | ArchivedSheet) -> bytes | Refusal:
    if isinstance(sheet, Sheet):
        return sheet.body
    from ingest.captures import load_body  # its imports would slow every parser process down that needs none of it

    try:
        return load_body(sheet.archive, sheet.location)
    except ArchiveError as error:
        return Refusal("parse", "archive_damaged", str(error))


def _read_sheet(
    sheet: Sheet | ArchivedSheet, body: bytes | Refusal
) -> Reading | Listing | Refusal | SameRecord | Raised:
    if isinstance(body, Refusal):
        return Reading(refusal=body)
    try:
        if isinstance(sheet, Sheet) and sheet.kind == "listing":
            return _reader.read_listing(body, sheet.content_type, sheet.url)
        reading = _reader.read_page(body, sheet.content_type, sheet.url)
        if isinstance(sheet, ArchivedSheet) and _is_stored(reading, sheet):
            return SameRecord(reading.observations)
        return reading
    except Exception as error:  # noqa: BLE001  # a page that its parser can't cope with fails alone
        return Raised(type(error).__name__, str(error))


def _is_stored(reading: Reading, sheet: ArchivedSheet) -> bool:
    return reading.refusal is None and content_sha256(reading.fields) == sheet.content_sha256
