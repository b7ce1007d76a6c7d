"""Facets that Datasette has not: tags by their table (a JSON list takes seconds), and years of partial dates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_added_args, path_with_removed_args

_TAGS = """
SELECT tag AS value, count(*) AS count FROM incident_tags
{condition} GROUP BY tag ORDER BY count DESC, tag LIMIT {limit}
"""
_YEARS = """
SELECT substr({column}, 1, 4) AS value, count(*) AS count FROM ({sql})
WHERE {column} IS NOT NULL GROUP BY value ORDER BY value DESC LIMIT {limit}
"""


class CountedFacet(Facet):
    """A facet that says by which query its values are counted, and which argument of the URL picks one."""

    def query(self, column: str, limit: int) -> str:
        raise NotImplementedError

    def argument(self, column: str, value: str) -> tuple[str, str]:
        raise NotImplementedError

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Each configured facet with its values, and the names of those that took too long."""
        results, late = [], []
        size = self.get_facet_size()
        for entry in self.get_configs():
            column = entry["config"].get("column") or entry["config"]["simple"]
            if column not in await self.ds.get_database(self.database).table_columns(self.table):
                continue
            limit = self.ds.setting("facet_time_limit_ms")
            try:
                found = await self.ds.execute(
                    self.database, self.query(column, size + 1), self.params, truncate=False, custom_time_limit=limit
                )
            except QueryInterrupted:
                late.append(column)
                continue
            results.append(self._result(column, found.rows, size, hideable=entry["source"] != "metadata"))
        return results, late

    def _result(self, column: str, rows: Sequence[Any], size: int, *, hideable: bool) -> dict[str, Any]:
        return {
            "name": column,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {f"_facet_{self.type}": column})),
            "results": [self._value(column, row["value"], row["count"]) for row in rows[:size]],
            "truncated": len(rows) > size,
        }

    def _value(self, column: str, value: str, count: int) -> dict[str, Any]:
        name, argument = self.argument(column, value)
        selected = (name, argument) in self.get_querystring_pairs()
        change = path_with_removed_args if selected else path_with_added_args
        url = self.ds.absolute_url(self.request, self.ds.urls.path(change(self.request, {name: argument})))
        return {"value": value, "label": value, "count": count, "toggle_url": url, "selected": selected}


class TagFacet(CountedFacet):
    """The tags of the incidents that are listed, from the table incident_tags."""

    type = "tag"

    def query(self, column: str, limit: int) -> str:
        everything = " where " not in self.sql.lower()
        condition = "" if everything else f"WHERE incident_id IN (SELECT id FROM ({self.sql}))"
        return _TAGS.format(condition=condition, limit=limit)

    def argument(self, column: str, value: str) -> tuple[str, str]:
        return "_through", through_tag(value)


class YearFacet(CountedFacet):
    """The years with which partial dates begin."""

    type = "year"

    def query(self, column: str, limit: int) -> str:
        return _YEARS.format(column=f"[{column}]", sql=self.sql, limit=limit)

    def argument(self, column: str, value: str) -> tuple[str, str]:
        return f"{column}__startswith", value


def through_tag(tag: str) -> str:
    """The argument `_through` by which Datasette lists the incidents with a tag."""
    return json.dumps({"table": "incident_tags", "column": "tag", "value": tag}, ensure_ascii=False)
