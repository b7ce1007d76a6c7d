"""Reads a source's listing pages and sitemaps into the work list, each page committed as it comes."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.captures import hash_body
from ingest.discovery import Discovery, discover
from ingest.extraction import Listing, Refusal
from ingest.fetch import Fetcher, Request, Response
from ingest.fetch.kinds import LEFT_ALONE
from ingest.parsing import ParserDied, ParserPool
from ingest.reading import MAX_LISTING_BYTES
from ingest.recorder import Recorder
from ingest.results import Deferred, Failed, ListingResult
from ingest.store.runs import Run
from ingest.visit import GONE, attempt_row, fetch_failed, find_deferral, judge_refusal


@dataclass(frozen=True, slots=True)
class ListingReader:
    """Finds the incidents of one run. listings: where the source's listing begins; home_url: where robots.txt is."""

    run: Run
    home_url: str
    sitemaps: tuple[str, ...]
    listings: tuple[str, ...]
    feeds: tuple[str, ...]
    fetcher: Fetcher
    recorder: Recorder
    parsers: ParserPool

    async def discover(self) -> Discovery:
        """Put every incident URL that the source names on the work list."""
        named = await self.fetcher.sitemaps(self.home_url)
        return await discover(self._look, (*named, *self.sitemaps), self.listings, self.feeds)

    async def _look(self, url: str) -> Listing | Failed | Deferred:
        # Without validators: a listing from a cache would hide what it names.
        fetched = await self.fetcher.fetch(Request(url, max_bytes=MAX_LISTING_BYTES))
        if (deferred := find_deferral(fetched, LEFT_ALONE)) is not None:
            return deferred
        attempts = tuple(map(attempt_row, fetched.attempts))
        page, response = None, fetched.response
        if response is not None and response.body:
            page = await self.recorder.keep(self.run, response, hash_body(response.body), attempts[-1].started_at)
        if fetched.failure is not None:
            found: Listing | Failed = fetch_failed(fetched.failure)
        else:
            assert response is not None
            found = await self._read(response)
        incidents = () if isinstance(found, Failed) else found.urls
        failed = found if isinstance(found, Failed) and not self._may_be_absent(url, found) else None
        await self.recorder.commit_listing(self.run, ListingResult(url, attempts, page, incidents, failed))
        return found

    async def _read(self, response: Response) -> Listing | Failed:
        try:
            read = await self.parsers.read_listing(response.body, response.content_type, response.final_url)
        except ParserDied as died:
            return Failed("parse", died.kind, str(died))
        return judge_refusal(read) if isinstance(read, Refusal) else read

    def _may_be_absent(self, url: str, failed: Failed) -> bool:
        """Whether it is a sitemap that is not where sitemaps often are: no failure of the site."""
        return url in self.sitemaps and failed.kind in GONE
