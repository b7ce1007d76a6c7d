"""A real database file, a run, and results as the pipeline would hand them over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from ingest.archive import Location
from ingest.drift import Norms
from ingest.extraction import Observation
from ingest.results import ArchivedPage, AttemptRow, Counts, Failed, Gone, PageResult, Read, Step, Unchanged, WorkItem
from ingest.sources import Floors
from ingest.store.commit import commit_results
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import Run, begin_run, register_source
from ingest.store.work import note_urls

AT = "2026-01-01T00:00:00.000000Z"
PARSER = "1-00000000"
NORMS = Norms(Floors(), {})
SITE = {
    "id": "example",
    "name": "Example incidents",
    "home_url": "https://incidents.example/",
    "licence": None,
    "terms_url": None,
    "attribution": None,
    "parser_version": PARSER,
    "origin": "https://incidents.example",
}
TEXT_FIELDS = (
    "title summary severity category industry status date_occurred date_reported jurisdiction ai_provider model "
    "application_type harm_type human_review litigation_filed description root_cause mitigation lessons_learned"
).split()


def record(**fields: Any) -> dict[str, Any]:
    """A whole record: what is not given is absent."""
    empty: dict[str, Any] = {**dict.fromkeys(TEXT_FIELDS), "tags": [], "citations": [], "raw": {}, "extra": {}}
    return {**empty, "title": "A chatbot invents a refund", "description": "It did.", **fields}


def url_of(slug: str) -> str:
    return f"https://incidents.example/incidents/{slug}"


@dataclass
class Site:
    """Commits readings of pages the way a run does."""

    db: Database
    run: Run
    serial: int = 0

    def begin(self, flow: str = "scrape") -> Run:
        with transaction(self.db):
            self.run = begin_run(self.db, flow, "example", "test", None)  # type: ignore[arg-type]
        return self.run

    def list(self, *slugs: str) -> None:
        with transaction(self.db):
            note_urls(self.db, self.run, "incident", map(url_of, slugs))

    def commit(self, *results: PageResult) -> Counts:
        return commit_results(self.db, self.run, results, PARSER)

    def read(
        self,
        slug: str,
        *records: dict[str, Any],
        causes: tuple[str, ...] = ("site",),
        known: bool = False,
        observations: tuple[Observation, ...] = (),
        as_slug: str | None = None,
    ) -> PageResult:
        page = self.page()
        steps = tuple(Step(one, cause, page.sha256) for one, cause in zip(records, causes, strict=True))  # type: ignore[arg-type]
        final = as_slug or slug
        verdict = Read(f"example:{final}", url_of(final), steps, observations)
        item = WorkItem(url_of(slug), incident_id=f"example:{slug}" if known else None)
        return PageResult(item, verdict, (attempt(slug),), page, page.sha256, '"tag"', None)

    def failed(self, slug: str, stage: str = "fetch", kind: str = "http_500", **more: Any) -> PageResult:
        failed = Failed(stage, kind, "It failed.", transient=True, **more)  # type: ignore[arg-type]
        return PageResult(WorkItem(url_of(slug)), failed, (attempt(slug, "http_500"),))

    def gone(self, slug: str) -> PageResult:
        return PageResult(WorkItem(url_of(slug)), Gone(f"example:{slug}"), (attempt(slug, "http_410"),))

    def unchanged(self, slug: str) -> PageResult:
        return PageResult(WorkItem(url_of(slug)), Unchanged(), (attempt(slug, "unchanged"),))

    def page(self) -> ArchivedPage:
        self.serial += 1
        location = Location("file.warc.gz", self.serial * 100, 100)
        return ArchivedPage(f"{self.serial:064x}", location, 10, "text/html; charset=utf-8", AT)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return list(self.db.query(query, values))


def attempt(slug: str, outcome: str = "ok") -> AttemptRow:
    return AttemptRow(url_of(slug), 1, AT, 5, outcome, 200, url_of(slug), None, None)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    db = open_writer(tmp_path / "incidents.db")
    with transaction(db):
        register_source(db, SITE)
        run = begin_run(db, "scrape", "example", "test", None)
    yield Site(db, run)
    check_whole(db)
    db.close()


def check_whole(db: Database) -> None:
    """The file is sound after every test."""
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO incidents_fts(incidents_fts, rank) VALUES ('integrity-check', 1)")
