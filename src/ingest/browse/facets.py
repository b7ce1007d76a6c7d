"""Facets that Datasette has not: the parts of a value such as `wrong_output; privacy_leak`, tags by their table (a JSON
list takes seconds), and the years of partial dates."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.filters import FilterArguments
from datasette.utils import path_with_added_args, path_with_removed_args

PARTS = frozenset({"category", "industry", "application_type", "harm_type"})
"""Columns that may hold several values, joined by `; `."""
HAS = "_has_"
"""What the argument begins with that picks incidents by a part: `_has_category=privacy_leak`."""
_GROUPS = "SELECT {column} AS value, count(*) AS count FROM ({sql}) WHERE {column} IS NOT NULL GROUP BY {column}"
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

    def count(self, rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
        return rows

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
                rows = await self.ds.execute(
                    self.database, self.query(column, size + 1), self.params, truncate=False, custom_time_limit=limit
                )
            except QueryInterrupted:
                late.append(column)
                continue
            counts = self.count([(row["value"], row["count"]) for row in rows])
            results.append(self._result(column, counts, size, hideable=entry["source"] != "metadata"))
        return results, late

    def _result(self, column: str, counts: Sequence[tuple[str, int]], size: int, *, hideable: bool) -> dict[str, Any]:
        return {
            "name": column,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {f"_facet_{self.type}": column})),
            "results": [self._value(column, value, count) for value, count in counts[:size]],
            "truncated": len(counts) > size,
        }

    def _value(self, column: str, value: str, count: int) -> dict[str, Any]:
        name, argument = self.argument(column, value)
        selected = (name, argument) in self.get_querystring_pairs()
        change = path_with_removed_args if selected else path_with_added_args
        url = self.ds.absolute_url(self.request, self.ds.urls.path(change(self.request, {name: argument})))
        return {"value": value, "label": value, "count": count, "toggle_url": url, "selected": selected}


class PartFacet(CountedFacet):
    """The parts of values that are joined by `; `; an incident counts for each of its own."""

    type = "part"

    def query(self, column: str, limit: int) -> str:
        return _GROUPS.format(column=f"[{column}]", sql=self.sql)

    def count(self, rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for value, count in rows:
            counts.update(dict.fromkeys(value.split("; "), count))
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def argument(self, column: str, value: str) -> tuple[str, str]:
        return f"{HAS}{column}", value


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


def filter_parts(arguments: Any) -> FilterArguments:
    """The conditions that the arguments `_has_...` of a page of incidents make."""
    conditions: list[str] = []
    values: dict[str, str] = {}
    words: list[str] = []
    for name in arguments:
        column = name.removeprefix(HAS)
        if not name.startswith(HAS) or column not in PARTS:
            continue
        for value in arguments.getlist(name):
            parameter = f"part{len(values)}"
            conditions.append(f"instr('; ' || [{column}] || '; ', '; ' || :{parameter} || '; ') > 0")
            values[parameter] = value
            words.append(f'{column} has "{value}"')
    return FilterArguments(conditions, params=values, human_descriptions=words)


def through_tag(tag: str) -> str:
    """The argument `_through` by which Datasette lists the incidents with a tag."""
    return json.dumps({"table": "incident_tags", "column": "tag", "value": tag}, ensure_ascii=False)
