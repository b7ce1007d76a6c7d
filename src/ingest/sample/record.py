"""What a right reading of a sample page gives, worked out from the data and not from any page."""

from __future__ import annotations

import re
from typing import Any

from ingest.sample.facts import DATES, SECTIONS, Facts, fold, read_blocks

_SLUGS = ("severity", "category", "industry", "status", "application_type", "harm_type")
_TEXTS = ("jurisdiction", "ai_provider", "model")
_ANSWERS = ("human_review", "litigation_filed")
_CITATION = ("title", "publisher", "date", "kind", "url")
_NO_VALUE = frozenset(["Unknown", "N/A", "-"])
_NO_WORD = re.compile(r"[^a-z0-9]+")


def expected_record(facts: Facts) -> dict[str, Any]:
    """The record's fields but `raw`, every one present, as JSON values; null where the page says nothing."""
    return {
        "title": facts["title"],
        "summary": fold(facts["summary"]),
        **{field: _slugs(facts.get(field)) for field in _SLUGS},
        **{field: facts.get(field) for field in (*DATES, *_ANSWERS)},
        **{field: None if facts.get(field) in _NO_VALUE else facts.get(field) for field in _TEXTS},
        **{field: _plain_text(facts[field]) if field in facts else None for field in SECTIONS},
        "tags": list(facts.get("tags", ())),
        "citations": [{name: source.get(name) for name in _CITATION} for source in facts["sources"]],
        "extra": dict(facts.get("extra", {})),
    }


def _slugs(value: str | list[str] | None) -> str | None:
    values = value if isinstance(value, list) else [value] if value is not None else []
    return "; ".join(_NO_WORD.sub("_", each.lower()).strip("_") for each in values) or None


def _plain_text(text: str) -> str:
    return "\n\n".join("\n".join(block.lines) for block in read_blocks(text))
