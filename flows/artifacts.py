"""What Prefect's UI shows of a run. Scraped text is escaped: the UI renders markdown, and HTML in tables too."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.redaction import escape_unsafe, redact_text

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&])")
CELL_CHARACTERS = 500
COUNTS = {
    "requests": "fetched",
    "unchanged": "unchanged",
    "added": "added",
    "changed": "changed",
    "removed": "removed",
    "restored": "restored",
    "failed": "failed",
    "deferred": "deferred",
}
"""A column of `run_report` -> its heading."""
CHANGES = ("cursor", "incident_id", "change", "cause", "field", "old_value", "new_value")
FAILURES = ("stage", "kind", "url", "message", "failed_at")


def plain(text: object) -> str:
    """A text without credentials, and without what controls a terminal or turns its direction."""
    return escape_unsafe(redact_text(str(text)))


def markdown_text(text: object) -> str:
    """A text as markdown that shows it and does nothing else."""
    folded = re.sub(r"\s+", " ", plain(text))
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", folded)


def table_cell(value: object) -> str:
    """A value as a cell of a table artifact. The UI makes a link of an address with http or https."""
    return "" if value is None else html.escape(plain(value)[:CELL_CHARACTERS])


def artifact_key(kind: str, source: str) -> str:
    """A key of small letters, digits and dashes; the runs of one source share it, and its page is their history."""
    return re.sub(r"[^a-z0-9]+", "-", f"{kind}-{source}".lower()).strip("-")


def describe_run(
    row: Mapping[str, Any], drift: Sequence[Mapping[str, Any]], held_by: str | None, open_failures: int
) -> str:
    """The verdict on a run as markdown: its row of `run_report`, and how it leaves the source. held_by: a run's id."""
    source = markdown_text(row["source"])
    lines = [f"## {source}: {markdown_text(row['flow'])} {markdown_text(row['outcome'])}", ""]
    if row["message"]:
        lines += [markdown_text(row["message"]), ""]
    lines += [
        "| " + " | ".join(COUNTS.values()) + " |",
        "|" + " ---: |" * len(COUNTS),
        "| " + " | ".join(str(row[name]) for name in COUNTS) + " |",
        "",
    ]
    if held_by:
        lines += [f"**Held** by run {markdown_text(held_by)}, and nothing is published: `ingest drift {source}`", ""]
    if open_failures:
        lines += [f"Open failures: {open_failures}, by `ingest failures {source}`", ""]
    if drift:
        lines += ["Drift that nobody has looked at:", ""]
        lines += [f"- {_describe_drift(one)}" for one in drift[:20]]
        lines += [f"- and {len(drift) - 20} more: `ingest drift {source}`"] if len(drift) > 20 else []
    return "\n".join(lines)


def change_table(rows: Sequence[Mapping[str, Any]], limit: int = 500) -> list[dict[str, str]]:
    """Rows of `changes` as a table artifact, the first `limit` of them."""
    return _table(rows[:limit], CHANGES)


def failure_table(rows: Sequence[Mapping[str, Any]], limit: int = 500) -> list[dict[str, str]]:
    """A run's failures as a table artifact, the first `limit` of them."""
    return _table(rows[:limit], FAILURES)


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[dict[str, str]]:
    return [{name: table_cell(row[name]) for name in columns} for row in rows]


def _describe_drift(row: Mapping[str, Any]) -> str:
    printed = f": “{markdown_text(str(row['value'])[:100])}”" if row["value"] else ""
    what = f"{row['kind'].replace('_', ' ')} {row['field']}"
    return f"{markdown_text(what)}{printed} on {row['pages']} pages"
