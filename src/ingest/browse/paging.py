"""Pages of a sorted table that neither skip nor repeat a row.

Datasette 0.65.5 finds the next page by the last row's value and key, and orders the first page by the value alone: of
rows with one value, those that SQLite happened to put elsewhere are lost.
"""

from __future__ import annotations

import re
from typing import Any

from datasette.database import Database

from ingest.browse.searching import go_by_index

KEYS = {
    "incidents": "id",
    "incident_versions": "id",
    "incident_changes": "version_id, field",
    "incident_tags": "incident_id, position",
    "sources": "id",
    "runs": "id",
    "pages": "sha256",
}
"""Table -> its primary key."""
_NAME = r"\[?\w+\]?"
_SORTED = re.compile(
    rf"select {_NAME}(?:, {_NAME})* from (?P<table>{_NAME}) "
    rf".*order by {_NAME}(?P<place>)(?: desc(?P<desc>))? limit \d+\s*",
    re.DOTALL,
)
_COMPOUND = re.compile(r"\b(union|intersect|except)\b", re.IGNORECASE)


class PagedDatabase(Database):
    """A database whose tables are sorted to the last row, and searched by index."""

    async def execute(self, sql: str, *arguments: Any, **options: Any) -> Any:
        return await super().execute(go_by_index(order_totally(sql)), *arguments, **options)


def order_totally(sql: str) -> str:
    """The query of a table's page with the primary key as the last term of its order; any other as it is."""
    match = _SORTED.fullmatch(sql)
    key = KEYS.get(match["table"].strip("[]")) if match else None
    if match is None or key is None or _COMPOUND.search(sql):
        return sql
    place = max(match.end("place"), match.end("desc"))
    return f"{sql[:place]}, {key}{sql[place:]}"
