"""What a source's file makes of many pages, taken together: which fields are filled, and what nobody claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.extraction import Refusal
from ingest.reading import Reading
from ingest.records import Incident

EXAMPLES = 3

FIELDS = tuple(name for name in Incident.model_fields if name not in ("id", "raw", "extra"))
"""The record's fields that a page fills, in their published order."""


@dataclass(slots=True)
class Tally:
    """On how many pages something stands, and the first different texts that it has there."""

    pages: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.pages += 1
        if text not in self.examples and len(self.examples) < EXAMPLES:
            self.examples.append(text)


@dataclass(frozen=True, slots=True)
class Coverage:
    """pages: all; read: those that gave a record. Tallies by field, label, (field, word) and kind of refusal."""

    pages: int
    read: int
    fields: Mapping[str, Tally]
    unclaimed: Mapping[str, Tally]
    unknown_values: Mapping[tuple[str, str], Tally]
    missing: Mapping[str, Tally]
    refusals: Mapping[str, Tally]

    def rows(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "pages": self.pages,
            "read": self.read,
            "fields": {name: tally.pages for name, tally in self.fields.items()},
            "unclaimed": {name: _row(tally) for name, tally in self.unclaimed.items()},
            "unknown_values": [
                {"field": name, "value": value, "pages": tally.pages}
                for (name, value), tally in self.unknown_values.items()
            ],
            "missing": {name: tally.pages for name, tally in self.missing.items()},
            "refusals": {kind: _row(tally) for kind, tally in self.refusals.items()},
        }


def measure(results: Iterable[tuple[str, Reading | Refusal]]) -> Coverage:
    """The coverage of pages, each with its name and what became of it."""
    fields = {name: Tally() for name in FIELDS}
    unclaimed: dict[str, Tally] = {}
    unknown_values: dict[tuple[str, str], Tally] = {}
    missing: dict[str, Tally] = {}
    refusals: dict[str, Tally] = {}
    pages = read = 0
    for name, result in results:
        pages += 1
        refusal = result if isinstance(result, Refusal) else result.refusal
        if refusal is not None:
            refusals.setdefault(refusal.kind, Tally()).add(f"{name}: {refusal.message}")
            continue
        assert isinstance(result, Reading)
        read += 1
        for filled, text in filled_fields(result.fields):
            fields[filled].add(text)
        for observation in result.observations:
            if observation.kind == "unknown_label":
                tally = unclaimed.setdefault(observation.field, Tally())
                tally.add(str(result.fields["extra"].get(observation.field, "")))
            elif observation.kind == "unknown_value":
                unknown_values.setdefault((observation.field, observation.value or ""), Tally()).add(name)
            elif observation.kind == "missing_label":
                missing.setdefault(observation.field, Tally()).add(name)
    return Coverage(pages, read, fields, _by_pages(unclaimed), _by_pages(unknown_values), missing, refusals)


def filled_fields(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a record that have a value, in order, each with its value as one text."""
    for name in FIELDS:
        text = _text(name, record.get(name))
        if text:
            yield name, text


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "citations":
        return "; ".join(" · ".join(part for part in each.values() if part) for each in value)
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def _by_pages(tallies: Mapping[Any, Tally]) -> dict[Any, Tally]:
    """What most pages have first."""
    return dict(sorted(tallies.items(), key=lambda item: -item[1].pages))


def _row(tally: Tally) -> dict[str, Any]:
    return {"pages": tally.pages, "examples": tally.examples}
