"""Versions as a timeline tells them: what happened, and the words that changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.worddiff import Run, diff_words, shorten

CONTEXT_WORDS = 12
"""Unchanged words that are shown on each side of a change."""
_VERSION = "v.id, v.incident_id, v.version, v.change, v.cause, v.observed_at, v.page_sha256, v.parser_version"
_OF_INCIDENT = f"""
SELECT {_VERSION} FROM incident_versions v WHERE v.incident_id = :incident ORDER BY v.version DESC LIMIT :limit
"""
_LATEST = f"""
SELECT {_VERSION}, i.title, i.severity
FROM incident_versions v JOIN incidents i ON i.id = v.incident_id
WHERE v.id IN (
    SELECT id FROM incident_versions WHERE id < :before {{condition}} ORDER BY id DESC LIMIT :limit
)
ORDER BY v.id DESC
"""
_CHANGES = """
SELECT version_id, field, old_value, new_value FROM incident_changes
WHERE version_id IN (SELECT value FROM json_each(:versions)) ORDER BY version_id, field
"""
CHANGES = ("changed", "added", "removed", "restored")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a version changed, as words that stay, go and come."""

    field: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version as a page shows it. title and severity are the incident's as it stands, where they are asked for."""

    id: int
    incident_id: str
    version: int
    change: str
    cause: str
    observed_at: str
    page_sha256: str | None
    parser_version: str
    title: str | None = None
    severity: str | None = None
    changes: tuple[FieldChange, ...] = field(default=())

    @property
    def day(self) -> str:
        return self.observed_at[:10]


async def read_versions_of(database: Any, incident: str, limit: int) -> list[Version]:
    """The last versions of an incident, newest first."""
    rows = await database.execute(_OF_INCIDENT, {"incident": incident, "limit": limit})
    return await _with_changes(database, rows)


async def read_latest(database: Any, before: int, limit: int, change: str | None = None) -> list[Version]:
    """The last versions of all before a cursor, newest first; of one kind of change, or of every kind."""
    condition = "AND change = :change" if change else ""
    values = {"before": before, "limit": limit, "change": change}
    return await _with_changes(database, await database.execute(_LATEST.format(condition=condition), values))


async def _with_changes(database: Any, rows: Iterable[Any]) -> list[Version]:
    versions = [dict(row) for row in rows]
    found = await database.execute(_CHANGES, {"versions": json.dumps([version["id"] for version in versions])})
    changes: dict[int, list[FieldChange]] = {}
    for row in found:
        changes.setdefault(row["version_id"], []).append(tell_change(row))
    return [Version(**version, changes=tuple(changes.get(version["id"], ()))) for version in versions]


def tell_change(change: Mapping[str, Any]) -> FieldChange:
    """A row of incident_changes, in words."""
    name = change["field"]
    runs = diff_words(tell_value(name, change["old_value"]), tell_value(name, change["new_value"]))
    return FieldChange(name, tuple(shorten(runs, CONTEXT_WORDS)))


def tell_value(name: str, value: Any) -> str:
    """A value of a field as text for people: an entry a line for lists and objects, nothing for null."""
    if value is None:
        return ""
    if name in ("human_review", "litigation_filed"):
        return "Yes" if value else "No"
    if name not in ("tags", "citations", "extra", "raw"):
        return str(value)
    content = json.loads(value)
    if name == "citations":
        return "\n".join(tell_citation(citation) for citation in content)
    if isinstance(content, Mapping):
        return "\n".join(f"{label}: {text}" for label, text in content.items())
    return "\n".join(map(str, content))


def tell_citation(citation: Mapping[str, Any]) -> str:
    """A citation on one line."""
    parts: Sequence[Any] = [citation.get(name) for name in ("title", "publisher", "date", "kind", "url")]
    return " · ".join(str(part) for part in parts if part is not None)
