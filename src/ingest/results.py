"""What the pipeline hands to the store: for each URL, its attempts, its page and one verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ingest.archive import Location
from ingest.extraction import Observation, Stage

Cause = Literal["site", "parser"]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A URL of the work list with what is known of it.

    page_sha256 and parser_version: of the last reading; incident_id: of the incident whose URL it is, removed or not;
    archived_sha256: the page of the archive to judge instead of a request, archived_url: where that page was found;
    content_sha256: of the incident's record.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    page_sha256: str | None = None
    parser_version: str | None = None
    incident_id: str | None = None
    archived_sha256: str | None = None
    archived_url: str | None = None
    content_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One request as `fetches` keeps it; headers are JSON."""

    url: str
    attempt: int
    started_at: str
    elapsed_ms: int
    outcome: str
    status: int | None
    final_url: str | None
    error: str | None
    headers: str | None


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A body that the archive holds, by the hash of its decoded bytes."""

    sha256: str
    location: Location
    size: int
    content_type: str | None
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page and its parser are those of the last reading."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of an incident and what led to it."""

    record: Mapping[str, Any]
    cause: Cause
    page_sha256: str


@dataclass(frozen=True, slots=True)
class Read:
    """The page is an incident. steps: its states in order; two where the parser and the page have changed.

    required: the fields that every page of the source fills.
    """

    incident_id: str
    incident_url: str
    steps: tuple[Step, ...]
    observations: tuple[Observation, ...] = ()
    required: frozenset[str] = frozenset({"title", "description"})


@dataclass(frozen=True, slots=True)
class Gone:
    """The site says that a known incident is no longer there."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """No record came of the URL. retry_at: not before then."""

    stage: Stage
    kind: str
    message: str
    transient: bool = False
    retry_at: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deferred:
    """The URL was not asked for: its host is left alone for now. Nothing is said of the page."""

    message: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """All that one URL gave in a run. page: a body that may be unknown to the archive's index."""

    item: WorkItem
    verdict: Unchanged | Read | Gone | Failed
    attempts: tuple[AttemptRow, ...] = ()
    page: ArchivedPage | None = None
    page_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class ListingResult:
    """What one listing page or sitemap gave; incidents are canonical URLs."""

    url: str
    attempts: tuple[AttemptRow, ...]
    page: ArchivedPage | None
    incidents: tuple[str, ...]
    failed: Failed | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a batch or a run, in URLs."""

    unchanged: int = 0
    same: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    restored: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))
