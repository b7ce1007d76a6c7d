"""What Prefect's UI shows of a run. Scraped text is escaped: the UI renders markdown, and HTML in tables too."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.redaction import escape_unsafe, redact_text

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&])")


def plain(text: object) -> str:
    """A text without credentials, and without what controls a terminal or turns its direction."""
    return escape_unsafe(redact_text(str(text)))


def markdown_text(text: object) -> str:
    """A text as markdown that shows it and does nothing else."""
    folded = re.sub(r"\s+", " ", plain(text))
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", folded)


def table_cell(value: object) -> str:
    """A value as a cell of a table artifact."""
    return "" if value is None else html.escape(plain(value))


def artifact_key(kind: str, source: str) -> str:
    """A key of small letters, digits and dashes; the runs of one source share it."""
    return re.sub(r"[^a-z0-9]+", "-", f"{kind}-{source}".lower()).strip("-")


def describe_run(row: Mapping[str, Any]) -> str:
    """A run's row of `run_report` as markdown."""
    counts = ("requests", "unchanged", "added", "changed", "removed", "restored", "failed")
    lines = [
        f"## {markdown_text(row['source'])}: {markdown_text(row['outcome'])}",
        "",
        markdown_text(row["message"] or ""),
        "",
        "| " + " | ".join(counts) + " |",
        "|" + " ---: |" * len(counts),
        "| " + " | ".join(str(row[name]) for name in counts) + " |",
    ]
    return "\n".join(lines)


def change_table(rows: Sequence[Mapping[str, Any]], limit: int = 500) -> list[dict[str, str]]:
    """Rows of `changes` as a table artifact, the first `limit` of them."""
    columns = ("cursor", "incident_id", "change", "cause", "field", "old_value", "new_value")
    return [{name: table_cell(row[name])[:500] for name in columns} for row in rows[:limit]]
