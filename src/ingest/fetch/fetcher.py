"""The fetcher: pages by URL, politely, within bounds, from public addresses."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from random import Random
from types import MappingProxyType, TracebackType
from typing import Any, Self

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from ingest.fetch.contents import read_beginning, read_whole
from ingest.fetch.errands import clean_validator, make_headers, run_errand
from ingest.fetch.exchange import open_transport
from ingest.fetch.guard import AddressGuard
from ingest.fetch.hosts import Hosts
from ingest.fetch.journey import Errand
from ingest.fetch.kinds import FetchError
from ingest.fetch.messages import Attempt, Fetched, Request
from ingest.fetch.notes import Deferral, NoNotes, Notes
from ingest.fetch.robots import MAX_ROBOTS_BYTES
from ingest.fetch.robots_files import MAX_ROBOTS_REDIRECTS, RobotsFiles
from ingest.fetch.settings import FetchSettings
from ingest.fetch.urls import Url, parse_url, redact

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Fetcher:
    """Gets pages. Use as an asynchronous context; one event loop each.

    deferred: hosts that are to be left alone; the key is a host name, with its port where that is neither 80 nor 443.
    notes: keeps what the next fetcher must know. names: resolves host names. randomness: takes part in back-off times
    only.
    """

    _guard: AddressGuard
    _transport: AiohttpTransport
    _hosts: Hosts
    _robots: RobotsFiles

    def __init__(
        self,
        settings: FetchSettings,
        *,
        deferred: Mapping[str, Deferral] = _NOTHING,
        notes: Notes | None = None,
        names: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        randomness: Random | None = None,
    ) -> None:
        self.settings = settings
        self._deferred = deferred
        self._notes = notes or NoNotes()
        self._names = names
        self._ssl_context = ssl_context
        self._randomness = randomness or Random()  # noqa: S311

    async def __aenter__(self) -> Self:
        settings = self.settings
        self._guard = AddressGuard(self._names or ThreadedResolver(), settings.allowed_hosts)
        self._transport = open_transport(self._guard, self._ssl_context)
        self._hosts = Hosts(settings, self._guard, self._transport, self._deferred, self._notes)
        self._robots = RobotsFiles(settings.product, self._get_robots)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._robots.close()
        await self._transport.aclose()
        self._hosts.close()
        await self._guard.close()

    async def fetch(self, request: Request) -> Fetched:
        """Get a page. All that goes wrong is in the result's failure; only cancellation is raised."""
        settings = self.settings
        try:
            first = parse_url(request.url)
        except FetchError as error:
            return Fetched((), None, error.failure)
        if request.conditional:
            request = _clean(request)
        errand = Errand(
            request=request,
            first=first,
            headers=make_headers(request, settings.user_agent),
            admit=self._admit_page,
            own_url=self._own_url,
            max_redirects=settings.max_redirects,
            max_wire_bytes=request.max_bytes or settings.max_wire_bytes,
            attempt_seconds=settings.attempt_seconds,
        )
        read = partial(read_whole, max_bytes=request.max_bytes or settings.max_body_bytes)
        return await run_errand(errand, read, self._hosts, settings, self._randomness)

    async def sitemaps(self, origin: str) -> tuple[str, ...]:
        """The sitemaps that an origin's robots.txt names, as URLs of the source.

        Empty where robots.txt can't be had: the next fetch from that origin ends in the failure that says why.
        """
        try:
            robots = await self._robots.find(self._to_wire(parse_url(origin)))
        except FetchError:
            return ()
        mirror = self.settings.mirror
        return robots.sitemaps if mirror is None else tuple(map(mirror.to_source, robots.sitemaps))

    async def _admit_page(self, url: Url) -> Url:
        """The URL on the wire, once scope and robots.txt let it pass."""
        settings = self.settings
        if not settings.in_scope(url.text):
            raise FetchError("out_of_scope", f"{redact(url.text)} is not part of the source.")
        wire_url = self._to_wire(url)
        robots = await self._robots.find(wire_url)
        text = wire_url.text
        if not (robots.allows(text) if robots.quick else await asyncio.to_thread(robots.allows, text)):
            raise FetchError("robots_disallowed", f"{redact(url.text)} is forbidden by its host's robots.txt.")
        if robots.crawl_delay_seconds is not None:
            delay = min(robots.crawl_delay_seconds, settings.max_crawl_delay_seconds)
            self._hosts.gate(wire_url).pace.crawl_delay_seconds = delay
        return wire_url

    async def _get_robots(self, url: Url) -> Fetched:
        """robots.txt by its URL on the wire: no scope, no rules, a redirect may lead to any public host."""
        settings = self.settings
        request = Request(url.text, accept="text/plain, */*;q=0.5")
        errand = Errand(
            request=request,
            first=url,
            headers=make_headers(request, settings.user_agent),
            admit=_admit,
            own_url=lambda target: target,
            max_redirects=MAX_ROBOTS_REDIRECTS,
            max_wire_bytes=MAX_ROBOTS_BYTES,
            attempt_seconds=settings.attempt_seconds,
        )
        read = partial(read_beginning, max_bytes=MAX_ROBOTS_BYTES)
        fetched = await run_errand(errand, read, self._hosts, settings, self._randomness)
        await self._notes.note_robots(tuple(map(self._own_attempt, fetched.attempts)))
        return fetched

    def _own_attempt(self, attempt: Attempt) -> Attempt:
        """An attempt for a URL on the wire, by the source's own URLs."""
        mirror = self.settings.mirror
        if mirror is None:
            return attempt
        final_url = attempt.final_url and mirror.to_source(attempt.final_url)
        return replace(attempt, url=mirror.to_source(attempt.url), final_url=final_url)

    def _to_wire(self, url: Url) -> Url:
        mirror = self.settings.mirror
        if mirror is None:
            return url
        if not mirror.answers_for(url):
            raise FetchError("out_of_scope", f"{redact(url.text)} is not on the mirror {mirror.wire_origin}.")
        return mirror.wire_url(url)

    def _own_url(self, url: Url) -> Url:
        mirror = self.settings.mirror
        return url if mirror is None else mirror.source_url(url)


def _clean(request: Request) -> Request:
    etag, last_modified = clean_validator(request.etag), clean_validator(request.last_modified)
    if (etag, last_modified) == (request.etag, request.last_modified):
        return request
    return Request(request.url, etag, last_modified, request.accept, request.max_bytes)


async def _admit(url: Url) -> Url:
    return url
