"""The record of an incident, validated: what a page prints becomes slugs, EDTF dates, yes and no, or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.dates import read_date
from ingest.extraction import (
    DATE_FIELDS,
    LONG_FIELDS,
    SLUG_FIELDS,
    TEXT_FIELDS,
    YES_NO_FIELDS,
    Extraction,
    Observation,
    PrintedCitation,
    Refusal,
    is_absent,
)
from ingest.sources import Source
from ingest.witnesses import contradictions, hear
from ingest.words import BETWEEN_VALUES, VALUE_SEPARATOR, YES_NO, to_slug

_DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
Edtf = Annotated[str, StringConstraints(pattern=rf"^{_DAY}(/{_DAY})?$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[^\W_]+(_[^\W_]+)*(; [^\W_]+(_[^\W_]+)*)*$")]
Text = Annotated[str, StringConstraints(min_length=1)]
WebUrl = Annotated[str, StringConstraints(pattern=r"^https?://")]


class Citation(BaseModel):
    """One source that an incident's page names."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    title: Text | None
    publisher: Text | None
    date: Edtf | None
    kind: Text | None
    url: WebUrl | None


class Incident(BaseModel):
    """An incident, its fields in their published order. Null is absence: the page prints no value."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: str | None = Field(exclude=True)
    title: Text
    summary: Text | None
    severity: Slug | None
    category: Slug | None
    industry: Slug | None
    status: Slug | None
    application_type: Slug | None
    harm_type: Slug | None
    date_occurred: Edtf | None
    date_reported: Edtf | None
    jurisdiction: Text | None
    ai_provider: Text | None
    model: Text | None
    human_review: bool | None
    litigation_filed: bool | None
    description: Text | None
    root_cause: Text | None
    mitigation: Text | None
    lessons_learned: Text | None
    tags: tuple[Text, ...]
    citations: tuple[Citation, ...]
    raw: dict[str, str]
    extra: dict[str, str]

    def fields(self) -> dict[str, Any]:
        """The record as JSON values, every field present, in order."""
        return self.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class Validated:
    """A record, and what validation has seen that the source's file does not foresee."""

    incident: Incident
    observations: tuple[Observation, ...] = ()


class _UnreadableError(Exception):
    def __init__(self, field: str, text: str, wanted: str) -> None:
        super().__init__(field)
        self.field = field
        self.text = text
        self.wanted = wanted


def validate(extraction: Extraction, source: Source, incident_id: str | None) -> Validated | Refusal:
    """The record of what a page prints, by the source's corrections and vocabularies.

    A date or a yes/no that is printed and can't be read is refused: kind unreadable_value, field and text in detail.
    A word outside a field's vocabulary is kept, and observed. A field that is not printed under its label is what the
    first witness says of it; witnesses that say something else are observed.
    """
    extraction = hear(extraction, source)
    values: dict[str, Any] = {"id": incident_id, "title": extraction.texts["title"]}
    values |= {name: _text(extraction, name) for name in ("summary", *LONG_FIELDS)}
    values |= {name: _join(_items(extraction, source, name)) for name in TEXT_FIELDS}
    try:
        values |= {name: _read_slugs(extraction, source, name) for name in SLUG_FIELDS}
        values |= {name: _read_date(extraction, source, name) for name in DATE_FIELDS}
        values |= {name: _read_yes_no(extraction, source, name) for name in YES_NO_FIELDS}
        values["citations"] = tuple(_read_citation(printed, source) for printed in extraction.citations)
    except _UnreadableError as error:
        message = f"{error.field} is printed as {error.text[:200]!r}, which is no {error.wanted}."
        return Refusal("validate", "unreadable_value", message, {"field": error.field, "text": error.text})
    values["tags"] = tuple(dict.fromkeys(tag for tag in extraction.tags if not is_absent(tag)))
    values |= {"raw": dict(extraction.raw), "extra": dict(extraction.extra)}
    incident = Incident(**values)
    return Validated(
        incident, (*_find_unknown(extraction, source), *contradictions(extraction.witnesses, values, source))
    )


def _text(extraction: Extraction, field: str) -> str | None:
    text = extraction.texts.get(field, "")
    return None if is_absent(text) else text


def _items(extraction: Extraction, source: Source, field: str) -> tuple[str, ...]:
    """The field's values as printed, corrected, without those that say that there is none."""
    printed = extraction.texts.get(field, "")
    corrected = source.correct(field, printed)
    items: tuple[str, ...] | list[str] = extraction.values.get(field, ())
    if corrected != printed or len(items) < 2:
        items = BETWEEN_VALUES.split(corrected) if field in SLUG_FIELDS else [corrected]
    present = (source.correct(field, item.strip()) for item in items)
    return tuple(dict.fromkeys(item for item in present if not is_absent(item)))


def _join(items: Iterable[str]) -> str | None:
    return VALUE_SEPARATOR.join(dict.fromkeys(items)) or None


def _read_slugs(extraction: Extraction, source: Source, field: str) -> str | None:
    items = _items(extraction, source, field)
    for item in items:
        if not to_slug(item):
            raise _UnreadableError(field, item, "word")
    return _join(map(to_slug, items))


def _read_date(extraction: Extraction, source: Source, field: str) -> str | None:
    return _to_edtf(source.correct(field, extraction.texts.get(field, "")), source, field)


def _to_edtf(text: str, source: Source, field: str) -> str | None:
    if is_absent(text):
        return None
    date = read_date(text, source.date_order)
    if date is None:
        raise _UnreadableError(field, text, "date that can be read for certain")
    return date


def _read_yes_no(extraction: Extraction, source: Source, field: str) -> bool | None:
    text = source.correct(field, extraction.texts.get(field, ""))
    if is_absent(text):
        return None
    answer = YES_NO.get(text.casefold())
    if answer is None:
        raise _UnreadableError(field, text, "yes or no")
    return answer


def _read_citation(printed: PrintedCitation, source: Source) -> Citation:
    parts = {name: getattr(printed, name) for name in ("title", "publisher", "kind", "url")}
    date = _to_edtf(source.correct("citations", printed.date or ""), source, "citations")
    return Citation(date=date, **{name: part if part and not is_absent(part) else None for name, part in parts.items()})


def _find_unknown(extraction: Extraction, source: Source) -> Iterator[Observation]:
    for field, vocabulary in source.vocabularies.items():
        for item in _items(extraction, source, field):
            if to_slug(item) not in vocabulary:
                yield Observation("unknown_value", field, item)
