"""The record of an incident, validated, or the reason why what a page prints is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.extraction import Extraction, Observation, Refusal
from ingest.sources import Source
from ingest.values import UnreadableError, find_unknown, read_values
from ingest.witnesses import contradictions, hear

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


def validate(extraction: Extraction, source: Source, incident_id: str | None) -> Validated | Refusal:
    """The record of what a page prints, by the source's corrections and vocabularies.

    A date or a yes/no that is printed and can't be read is refused: kind unreadable_value, field and text in detail.
    A word outside a field's vocabulary is kept, and observed. A field that is not printed under its label is what the
    first witness says of it; witnesses that say something else are observed.
    """
    extraction = hear(extraction, source)
    try:
        values = read_values(extraction, source)
    except UnreadableError as error:
        message = f"{error.field} is printed as {error.text[:200]!r}, which is no {error.wanted}."
        return Refusal("validate", "unreadable_value", message, {"field": error.field, "text": error.text})
    values["citations"] = tuple(Citation(**parts) for parts in values["citations"])
    incident = Incident(id=incident_id, **values)
    return Validated(
        incident, (*find_unknown(extraction, values, source), *contradictions(extraction.witnesses, values, source))
    )
