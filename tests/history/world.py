"""The real pipeline and store over a site that answers from memory, in one process and without a request.

A page is JSON: a layout that parsers from that version on understand, the record's fields, and noise without meaning.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from asyncio import Semaphore
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ingest.backlog import Backlog
from ingest.batches import Crew
from ingest.captures import load_body
from ingest.changes import content_sha256
from ingest.drift import Norms
from ingest.extraction import Listing, Refusal
from ingest.fetch import Attempt, Failure, Fetched, Request, Response
from ingest.listing import ListingReader
from ingest.parsing import ArchivedSheet, SameRecord
from ingest.pipeline import Reparse, Scrape
from ingest.readers import ReadPage
from ingest.reading import Reading
from ingest.recorder import Recorder
from ingest.rereading import Rereader
from ingest.sources import Floors
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import Flow, Run, begin_run, register_source
from ingest.times import now
from ingest.visit import Visitor
from tests.store.conftest import SITE, record, url_of

LISTING = "https://incidents.example/incidents"
PREFIX = url_of("")
REQUIRED = frozenset({"title", "description"})


def encode(page: Mapping[str, Any]) -> bytes:
    return json.dumps(page, sort_keys=True).encode()


def interpret(page: Mapping[str, Any], parser: int) -> dict[str, Any] | None:
    """What a version of the parser makes of a page: versions print the status differently; None for a new layout."""
    if page["layout"] > parser:
        return None
    fields = dict(page["fields"])
    if fields["status"] is not None:
        fields["status"] = fields["status"] if parser % 2 else f"{fields['status']}_{parser}"
    return record(**fields)


@dataclass
class Site:
    """The pages by slug, as JSON or as bytes, or the status of an answer that is none; and what the listing names."""

    pages: dict[str, Any] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)

    async def sitemaps(self, home_url: str) -> tuple[str, ...]:
        return ()

    async def fetch(self, request: Request) -> Fetched:
        if request.url == LISTING:
            body: bytes | int = "\n".join(url_of(slug) for slug in sorted(self.listed)).encode()
        else:
            page = self.pages[request.url.removeprefix(PREFIX)]
            body = encode(page) if isinstance(page, dict) else page
        status = body if isinstance(body, int) else 200
        content = b"" if isinstance(body, int) else body
        etag = hashlib.sha256(content).hexdigest()
        if status == 200 and request.etag == etag:
            status, content = 304, b""
        outcome = {200: "ok", 304: "unchanged"}.get(status, f"http_{status}")
        attempt = Attempt(request.url, 1, now(), 1, outcome, status, request.url, None, ())
        failure = Failure(outcome, "No page.") if status >= 400 else None
        tag = etag if status in (200, 304) else None
        answer = Response(request.url, request.url, status, "", (), content, content, "text/html", tag, None)
        return Fetched((attempt,), answer, failure)


@dataclass(frozen=True)
class Parsers:
    """What ParserPool does, here and now. read: how pages are read."""

    read: ReadPage

    async def read_page(self, body: bytes, content_type: str | None, url: str) -> Reading:
        return self.read(body, content_type, url)

    async def read_archived(self, sheet: ArchivedSheet) -> Reading | SameRecord:
        reading = await self.read_page(load_body(sheet.archive, sheet.location), sheet.content_type, sheet.url)
        same = reading.refusal is None and content_sha256(reading.fields) == sheet.content_sha256
        return SameRecord(()) if same else reading

    async def read_listing(self, body: bytes, content_type: str | None, url: str) -> Listing:
        return Listing(tuple(body.decode().splitlines()))


@dataclass
class World:
    """A data directory, the site, and runs over it. read: how pages are read, where they are no JSON."""

    folder: Path
    site: Site
    parser: int = 1
    read: ReadPage | None = None

    @property
    def database(self) -> Path:
        return self.folder / "incidents.db"

    async def run(self, flow: Flow) -> Mapping[str, Any]:
        """A whole run; its row of `run_report`."""
        db = open_writer(self.database)
        db.execute("PRAGMA synchronous = OFF")
        recorder = Recorder(db, self.folder / "archive", append_seconds=0)
        try:
            run = await recorder.call(self._begin, flow)
            return await self._work(run, recorder)
        finally:
            await recorder.close()

    async def _work(self, run: Run, recorder: Recorder) -> Mapping[str, Any]:
        parsers: Any = Parsers(self.read or self._read)
        fetcher: Any = self.site
        visitor = Visitor(run, f"{self.parser}-0", REQUIRED, identify, fetcher, recorder, parsers, Backlog(4))
        norms = Norms(Floors(), {})
        if run.flow == "reparse":
            rereader = Rereader(visitor, self.folder / "archive", ignore)
            return await Reparse(run, rereader, recorder, norms, ignore).work()
        listing = ListingReader(run, PREFIX, (), (LISTING,), (), fetcher, recorder, parsers)
        crew = Crew(visitor, recorder, Semaphore(8), ignore)
        return await Scrape(run, crew, recorder, listing, norms, ignore).work()

    def _read(self, body: bytes, content_type: str | None, url: str) -> Reading:
        fields = interpret(json.loads(body), self.parser)
        if fields is None:
            return Reading(refusal=Refusal("parse", "partial_page", "The layout is new."))
        return Reading(fields=fields)

    def _begin(self, db: Database, flow: Flow) -> Run:
        with transaction(db):
            register_source(db, SITE)
            return begin_run(db, flow, "example", "test", None, f"{self.parser}-0")


def new_world(folder: Path, template: Path) -> World:
    """An empty data directory with a copy of a fresh database."""
    folder.mkdir()
    shutil.copy(template, folder / "incidents.db")
    return World(folder, Site())


def identify(url: str) -> tuple[str, str] | None:
    return (f"example:{url.removeprefix(PREFIX)}", url) if url.startswith(PREFIX) else None


def ignore(number: int) -> None:
    """Nobody is told."""
