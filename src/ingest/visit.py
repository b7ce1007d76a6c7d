"""One URL from its request to its verdict: fetch, archive, parse, judge. Commits nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import orjson

from ingest.backlog import Backlog
from ingest.captures import decode_capture, hash_body
from ingest.errors import ArchiveError
from ingest.extraction import Refusal
from ingest.fetch import Attempt, Failure, Fetched, Fetcher, FetchError, Request, Response
from ingest.fetch.kinds import HOST_WIDE
from ingest.parsing import ParserDied, ParserPool
from ingest.reading import Reading
from ingest.recorder import Recorder
from ingest.results import AttemptRow, Deferred, Failed, Gone, PageResult, Read, Step, Unchanged, WorkItem
from ingest.store.pages import find_page
from ingest.store.runs import Run

GONE = frozenset({"http_404", "http_410"})


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body as a parser gets it."""

    sha256: str
    content: bytes
    content_type: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Visits the URLs of one run. identify: a final URL to an incident's id and canonical URL; None for other pages.

    required: the fields that every page of the source fills.
    """

    run: Run
    parser_version: str
    required: frozenset[str]
    identify: Callable[[str], tuple[str, str] | None]
    fetcher: Fetcher
    recorder: Recorder
    parsers: ParserPool
    backlog: Backlog

    async def visit(self, item: WorkItem) -> PageResult | Deferred:
        """Fetch a URL, or take its page from the archive where the item says so, and judge it."""
        if item.archived_sha256 is None:
            return await self._visit_site(item)
        async with self.backlog.fetching():
            return await self.visit_archive(item, item.archived_sha256)

    async def _visit_site(self, item: WorkItem) -> PageResult | Deferred:
        """An unchanged page costs one conditional request and nothing else."""
        async with self.backlog.fetching():
            fetched = await self.fetcher.fetch(Request(item.url, etag=item.etag, last_modified=item.last_modified))
        if (deferred := find_deferral(fetched, HOST_WIDE)) is not None:
            return deferred
        attempts = tuple(map(attempt_row, fetched.attempts))
        response = fetched.response
        if response is None or response.not_modified:
            return await self._judge_bodiless(item, attempts, fetched)
        with self.backlog.holding(len(response.wire) + len(response.body)):
            return await self._judge_response(item, attempts, response, fetched.failure)

    async def _judge_response(
        self, item: WorkItem, attempts: tuple[AttemptRow, ...], response: Response, failure: Failure | None
    ) -> PageResult:
        """Keep an answer, and the verdict on it."""
        sha256 = hash_body(response.body)
        keeping = self.recorder.keep(self.run, response, sha256, attempts[-1].started_at)
        if failure is not None:
            return PageResult(item, judge_failure(item, failure), attempts, await keeping, sha256)
        validators = (response.etag, response.last_modified)
        if self._is_current(item, sha256):
            return PageResult(item, Unchanged(), attempts, await keeping, sha256, *validators)
        body = Body(sha256, response.body, response.content_type, response.final_url)
        try:
            # Meanwhile the page is being kept; nothing is committed before it is, whatever its parser says.
            verdict = await self._judge(item, body)
        except BaseException:
            keeping.cancel()  # else asyncio tells of an error that nobody has asked for
            raise
        return PageResult(item, verdict, attempts, await keeping, sha256, *validators)

    async def _judge_bodiless(self, item: WorkItem, attempts: tuple[AttemptRow, ...], fetched: Fetched) -> PageResult:
        """The verdict on an answer that brought no page: none at all, or that the page is as it was."""
        if fetched.failure is not None:
            return PageResult(item, judge_failure(item, fetched.failure), attempts, None, None)
        response, sha256 = fetched.response, item.page_sha256
        assert response is not None
        assert sha256 is not None
        validators = (response.etag, response.last_modified)
        if self._is_current(item, sha256):
            return PageResult(item, Unchanged(), attempts, None, sha256, *validators)
        verdict, _ = await self._judge_archived(item, sha256, response.final_url)
        return PageResult(item, verdict, attempts, None, sha256, *validators)

    def _is_current(self, item: WorkItem, sha256: str) -> bool:
        return sha256 == item.page_sha256 and item.parser_version == self.parser_version

    async def visit_archive(self, item: WorkItem, sha256: str) -> PageResult:
        """Judge a page of the archive."""
        verdict, headers = await self._judge_archived(item, sha256, item.archived_url or item.url)
        return PageResult(item, verdict, (), None, sha256, headers.get("etag"), headers.get("last-modified"))

    async def _judge_archived(self, item: WorkItem, sha256: str, url: str) -> tuple[Read | Failed, Mapping[str, str]]:
        """The verdict on a page of the archive, and the headers that it came with."""
        try:
            body, headers = await self._load(sha256, url)
        except ArchiveError as error:
            return Failed("parse", "archive_damaged", str(error)), {}
        return await self._judge(item, body), headers

    async def _judge(self, item: WorkItem, body: Body) -> Read | Failed:
        identity = self.identify(body.url)
        if identity is None:
            return Failed("fetch", "redirected_elsewhere", f"The URL leads to {body.url}, which is no incident's.")
        incident_id, url = identity
        reading = await self._read(body)
        if isinstance(reading, Failed):
            return reading
        steps = await self._steps(item, incident_id, body, reading)
        return Read(incident_id, url, steps, reading.observations, self.required)

    async def _steps(self, item: WorkItem, incident_id: str, body: Body, reading: Reading) -> tuple[Step, ...]:
        """Where page and parser have both changed, the old page read by the present parser comes first."""
        if item.page_sha256 == body.sha256:
            return (Step(reading.fields, "parser", body.sha256),)
        last = Step(reading.fields, "site", body.sha256)
        if item.page_sha256 is None or item.parser_version == self.parser_version or item.incident_id != incident_id:
            return (last,)
        try:
            old_body, _ = await self._load(item.page_sha256, item.url)
        except ArchiveError:
            return (last,)  # without the old page no difference can be the parser's for certain
        old = await self._read(old_body)
        return (last,) if isinstance(old, Failed) else (Step(old.fields, "parser", item.page_sha256), last)

    async def _read(self, body: Body) -> Reading | Failed:
        try:
            reading = await self.parsers.read_page(body.content, body.content_type, body.url)
        except ParserDied as died:
            return Failed("parse", died.kind, str(died))
        return judge_refusal(reading.refusal) if reading.refusal else reading

    async def _load(self, sha256: str, url: str) -> tuple[Body, Mapping[str, str]]:
        """A page of the archive, and the headers that it came with."""
        page = await self.recorder.call(find_page, sha256)
        capture = await self.recorder.read_capture(page.location)
        headers = {name.lower(): value for name, value in capture.headers}
        try:
            content = decode_capture(capture)
        except FetchError as error:
            raise ArchiveError(f"The archived page {sha256} can't be decoded: {error}") from error
        return Body(sha256, content, page.content_type, url), headers


def find_deferral(fetched: Fetched, kinds: Set[str]) -> Deferred | None:
    """A Deferred where nothing was asked because of the whole host, for one of these kinds."""
    failure = fetched.failure
    if failure is None or fetched.attempts or failure.kind not in kinds:
        return None
    return Deferred(failure.message)


def judge_failure(item: WorkItem, failure: Failure) -> Gone | Failed:
    """A known incident that the site says is gone is a removal; everything else is a failure."""
    if failure.kind in GONE and item.incident_id is not None:
        return Gone(item.incident_id)
    return fetch_failed(failure)


def fetch_failed(failure: Failure) -> Failed:
    """A failure of the fetcher as a verdict."""
    remedy = " `--allow-host HOST:PORT` opens one that is yours." if failure.kind == "address_refused" else ""
    message = failure.message + remedy
    return Failed("fetch", failure.kind, message, failure.transient, failure.retry_at, failure.detail)


def judge_refusal(refusal: Refusal) -> Failed:
    """A page that was refused waits for a person; its evidence is in the archive."""
    return Failed(refusal.stage, refusal.kind, refusal.message, detail=refusal.detail)


def attempt_row(attempt: Attempt) -> AttemptRow:
    """An attempt as `fetches` keeps it."""
    return AttemptRow(
        url=attempt.url,
        attempt=attempt.attempt,
        started_at=attempt.started_at,
        elapsed_ms=attempt.elapsed_ms,
        outcome=attempt.outcome,
        status=attempt.status,
        final_url=attempt.final_url,
        error=attempt.error,
        headers=orjson.dumps(attempt.headers).decode() if attempt.headers else None,
    )
