"""What a parser promises: an Extraction of what the page prints, or a Refusal that says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["fetch", "parse", "validate"]
"""Where a page can fail; an operator restarts it there."""

SLUG_FIELDS = ("severity", "category", "industry", "status", "application_type", "harm_type")
DATE_FIELDS = ("date_occurred", "date_reported")
TEXT_FIELDS = ("jurisdiction", "ai_provider", "model")
YES_NO_FIELDS = ("human_review", "litigation_filed")
LONG_FIELDS = ("description", "root_cause", "mitigation", "lessons_learned")
LABEL_FIELDS = (*SLUG_FIELDS, *DATE_FIELDS, *TEXT_FIELDS, *YES_NO_FIELDS, "summary", "tags")
"""The record's fields that a short label can fill."""
LINE_FIELDS = ("title", *LABEL_FIELDS)
"""The record's fields that a line without a label can fill."""
SECTION_FIELDS = (*LONG_FIELDS, "summary", "citations")
"""The record's fields that a long section can fill."""


@dataclass(frozen=True, slots=True)
class PrintedCitation:
    """One entry of the page's list of sources, as printed; a missing part is None."""

    title: str | None
    publisher: str | None
    date: str | None
    kind: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """Something on the page that the source's file does not foresee: one row of drift.

    kind is one of unknown_label, unknown_value, missing_label, assertion; field is the record's field or the
    printed label; value is the printed text of an unknown_value (what an unknown label says is in `extra`), and what is
    wrong of an assertion.
    """

    kind: str
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Witness:
    """What a page says of a field in another place than its label. place names it: `line`, `JSON-LD name`."""

    place: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an incident page prints, before validation. Texts are white-space folded, nothing is interpreted.

    texts: record field -> printed text (labels, title, summary, severity and the long sections, whose blocks are
    joined by a blank line and list items by a line end). values: record field -> its items, where a label has
    several. raw and extra: see the record's fields of the same names. witnesses: what other places of the page say,
    the most trusted first; a field that nothing else fills is filled by them.
    """

    texts: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    tags: tuple[str, ...]
    citations: tuple[PrintedCitation, ...]
    raw: Mapping[str, str]
    extra: Mapping[str, str]
    observations: tuple[Observation, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page or a sitemap names.

    urls: incidents by canonical URL in page order; sitemaps: those of an index.
    complete is False where the page says that there is more and gives no link to it, or where a cap cut it short.
    """

    urls: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    next_url: str | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page gives no record. kind is the word an operator filters by; detail is evidence for one failure."""

    stage: Stage
    kind: str
    message: str
    detail: Mapping[str, str] = field(default_factory=dict)
