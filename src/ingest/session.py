"""Opens what a run needs, in order, and closes it: lease, database, archive, parser processes, fetcher."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from sqlite_utils import Database

from ingest.backlog import Backlog
from ingest.batches import Crew
from ingest.drift import Norms
from ingest.errors import IngestError
from ingest.fetch import Deferral, Fetcher, FetchSettings, Mirror, read_endpoint
from ingest.garbage import sparing_what_stands
from ingest.lease import hold_lease
from ingest.listing import ListingReader
from ingest.notes import RunNotes
from ingest.parsing import ParserPool
from ingest.pipeline import Reparse, Retry, Scrape
from ingest.readers import SourceReader
from ingest.recorder import Recorder
from ingest.recovery import recover
from ingest.rereading import Rereader
from ingest.settings import Settings
from ingest.sources import Source
from ingest.store.connection import open_writer, transaction
from ingest.store.hosts import deferred_hosts
from ingest.store.runs import Flow, Run, begin_run, register_source
from ingest.store.worklist import Wanted
from ingest.times import now
from ingest.visit import Visitor

FETCHES_A_REQUEST = 2
"""URLs being fetched for each request at a time: one may wait to be tried again."""
VISITS_A_REQUEST = 8
"""Visits at a time for each request at a time: while pages are parsed and written, the next ones are on their way."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a run is asked to do otherwise than settings and source say. base_url: a mirror's scheme and host."""

    base_url: str | None = None
    allow_hosts: tuple[str, ...] = ()
    delay_seconds: float | None = None
    concurrency: int | None = None
    limit: int | None = None
    prefect_run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Told how many URLs there are to do, and how many have been committed further."""

    announce: Callable[[int], None] = lambda total: None
    report_done: Callable[[int], None] = lambda done: None


@asynccontextmanager
async def open_scrape(
    settings: Settings, reader: SourceReader, wishes: Wishes, progress: Progress
) -> AsyncIterator[Scrape]:
    """A scrape that is ready to work. Raises IngestError where it can't be, LeaseTakenError where another one runs."""
    source, policy = reader.source, fetch_settings(settings, reader.source, wishes)
    async with _open_crew(settings, reader, wishes, policy, "scrape", progress) as crew:
        visitor = crew.visitor
        listing = ListingReader(
            visitor.run,
            source.home_url,
            source.sitemaps,
            source.listings,
            source.feeds,
            visitor.fetcher,
            visitor.recorder,
            visitor.parsers,
        )
        norms = Norms(source.floors, source.vocabularies)
        yield Scrape(visitor.run, crew, visitor.recorder, listing, norms, progress.announce, wishes.limit)


@asynccontextmanager
async def open_retry(
    settings: Settings, reader: SourceReader, wishes: Wishes, wanted: Wanted, progress: Progress
) -> AsyncIterator[Retry]:
    """A retry that is ready to work. Raises as `open_scrape`."""
    policy = fetch_settings(settings, reader.source, wishes)
    async with _open_crew(settings, reader, wishes, policy, "retry", progress) as crew:
        yield Retry(crew.visitor.run, crew, crew.visitor.recorder, wanted, progress.announce)


@asynccontextmanager
async def open_reparse(
    settings: Settings, reader: SourceReader, wishes: Wishes, progress: Progress
) -> AsyncIterator[Reparse]:
    """A reparse that is ready to work. wishes.base_url: where the archived pages came from. Raises as `open_scrape`."""
    policy = fetch_settings(settings, reader.source, wishes)
    async with _open_crew(settings, reader, wishes, policy, "reparse", progress) as crew:
        visitor = crew.visitor
        rereader = Rereader(visitor, settings.archive, progress.report_done)
        norms = Norms(reader.source.floors, reader.source.vocabularies)
        yield Reparse(visitor.run, rereader, visitor.recorder, norms, progress.announce)


def fetch_settings(settings: Settings, source: Source, wishes: Wishes) -> FetchSettings:
    """The fetcher's policy: the command line goes before the settings, these go before the source's file.

    Raises IngestError for a base URL or an allowed host that can't be read.
    """
    delays = (wishes.delay_seconds, settings.delay_seconds, source.delay_seconds)
    try:
        return replace(
            plain_policy(settings, wishes.allow_hosts),
            delay_seconds=next(delay for delay in delays if delay is not None),
            concurrency=wishes.concurrency or source.concurrency,
            in_scope=source.in_scope,
            mirror=Mirror(source.origin, wishes.base_url.rstrip("/")) if wishes.base_url else None,
            turns=settings.turns,
        )
    except ValueError as error:
        raise IngestError(str(error)) from error


def plain_policy(settings: Settings, allow_hosts: tuple[str, ...]) -> FetchSettings:
    """The fetcher's policy for single pages of any site. Raises IngestError for a host that can't be read."""
    try:
        allowed = frozenset(map(read_endpoint, (*settings.allow_hosts, *allow_hosts)))
    except ValueError as error:
        raise IngestError(str(error)) from error
    return FetchSettings(user_agent(settings), allowed_hosts=allowed)


def user_agent(settings: Settings) -> str:
    """Who asks, and whom to ask about it."""
    return f"ingest/{version('ingest')} ({settings.contact or 'no contact set'})"


def read_deferrals(policy: FetchSettings, rows: Iterable[Mapping[str, str]]) -> dict[str, Deferral]:
    """The hosts that are to be left alone, as the fetcher knows them."""
    mirror = policy.mirror
    return {
        mirror.wire_host_key(row["host"]) if mirror else row["host"]: Deferral(
            row["not_before"], "asked" if row["reason"] == "asked" else "down"
        )
        for row in rows
    }


@asynccontextmanager
async def _open_crew(
    settings: Settings, reader: SourceReader, wishes: Wishes, policy: FetchSettings, flow: Flow, progress: Progress
) -> AsyncIterator[Crew]:
    source = reader.source
    with hold_lease(settings.locks, source.name):
        recorder = Recorder(open_writer(settings.database), settings.archive)
        try:
            await recorder.call(recover, settings.archive, source.name)
            deferred = read_deferrals(policy, await recorder.call(deferred_hosts, now()))
            run = await recorder.call(_begin, reader, wishes, policy, flow)
            with ParserPool(settings.parse_processes, settings.parse_seconds, reader) as parsers:
                notes = RunNotes(run, recorder, policy.mirror)
                async with Fetcher(policy, deferred=deferred, notes=notes) as fetcher:
                    visitor = Visitor(
                        *(run, reader.parser_version, source.required, source.identify),
                        *(fetcher, recorder, parsers, Backlog(policy.concurrency * FETCHES_A_REQUEST)),
                    )
                    slots = asyncio.Semaphore(policy.concurrency * VISITS_A_REQUEST)
                    with sparing_what_stands():
                        yield Crew(visitor, recorder, slots, progress.report_done)
        finally:
            await recorder.close()


def _begin(db: Database, reader: SourceReader, wishes: Wishes, policy: FetchSettings, flow: Flow) -> Run:
    source = reader.source
    row = {
        "id": source.name,
        "name": source.title,
        "home_url": source.home_url,
        "licence": source.licence,
        "terms_url": source.terms_url,
        "attribution": source.attribution,
        "parser_version": reader.parser_version,
        "origin": policy.mirror.wire_origin if policy.mirror else source.origin,
    }
    with transaction(db):
        register_source(db, row)
        return begin_run(db, flow, source.name, version("ingest"), wishes.prefect_run_id, reader.parser_version)
