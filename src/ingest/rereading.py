"""Reads archived pages again, many at a time: a page whose record stays the same costs a hash and no diff."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.extraction import Observation
from ingest.parsing import ArchivedSheet, ParserDied, SameRecord
from ingest.results import ArchivedPage, Counts, Failed, PageResult, Read, Step, WorkItem
from ingest.store.pages import known_pages
from ingest.visit import Visitor, judge_refusal


@dataclass(frozen=True, slots=True)
class Rereader:
    """Reads the archived pages of one run. report_done is told how many have been committed further."""

    visitor: Visitor
    archive: Path
    report_done: Callable[[int], None]

    async def process(self, items: Sequence[WorkItem]) -> Counts:
        """Read the pages of one batch and commit what came of them."""
        visitor = self.visitor
        hashes = [item.archived_sha256 for item in items if item.archived_sha256]
        pages = {page.sha256: page for page in await visitor.recorder.call(known_pages, hashes)}
        results = await asyncio.gather(*(self._reread(item, pages[item.archived_sha256 or ""]) for item in items))
        counts = await visitor.recorder.commit(visitor.run, results, visitor.parser_version)
        self.report_done(len(results))
        return counts

    async def _reread(self, item: WorkItem, page: ArchivedPage) -> PageResult:
        if page.sha256 != item.page_sha256:  # a newer page that has been refused until now
            return await self.visitor.visit_archive(item, page.sha256)
        return PageResult(item, await self._judge(item, page), page_sha256=page.sha256)

    async def _judge(self, item: WorkItem, page: ArchivedPage) -> Read | Failed:
        url = item.archived_url or item.url
        identity = self.visitor.identify(url)
        if identity is None:
            return Failed("parse", "foreign_url", f"The page is of {url}, which is no incident's by the source's file.")
        sheet = ArchivedSheet(self.archive, page.location, page.size, page.content_type, url, item.content_sha256)
        try:
            reading = await self.visitor.parsers.read_archived(sheet)
        except ParserDied as died:
            return Failed("parse", died.kind, str(died))
        if isinstance(reading, SameRecord):
            return self._read(identity, (), reading.observations)
        if reading.refusal:
            return judge_refusal(reading.refusal)
        return self._read(identity, (Step(reading.fields, "parser", page.sha256),), reading.observations)

    def _read(self, identity: tuple[str, str], steps: tuple[Step, ...], observations: tuple[Observation, ...]) -> Read:
        return Read(*identity, steps, observations, self.visitor.required)
