"""Facets of the incidents, counted in one pass; Datasette's own read the rows again for each.

Besides, they know what Datasette does not: the parts of a value such as `wrong_output; privacy_leak`, the years of
partial dates, and tags by their table (a JSON list takes seconds).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.filters import FilterArguments
from datasette.utils import path_with_added_args, path_with_removed_args

PARTS = frozenset({"category", "industry", "application_type", "harm_type"})
"""Columns that may hold several values, joined by `; `."""
DATES = frozenset({"date_occurred", "date_reported"})
"""Columns of partial dates, counted by year."""
HAS = "_has_"
"""What the argument begins with that picks incidents by a part: `_has_category=privacy_leak`."""
_TAGS = "SELECT tag, count(*) FROM incident_tags {condition} GROUP BY tag ORDER BY 2 DESC, 1 LIMIT {limit}"

Counts = Sequence[tuple[str, int]]
_KEPT: WeakKeyDictionary[Any, dict[tuple[str, ...], dict[str, Counts]]] = WeakKeyDictionary()
MANY = 20_000
"""From so many incidents on, it is quicker to go through all tags than to look up those of each."""
KEPT = 100
"""How many answers are kept a file, which never changes: most readers see the same lists."""


class OwnFacet(Facet):
    """What our facets have in common: none beside a later page, whose counts would leave out the pages before."""

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Each configured facet with its values, and the names of those that took too long."""
        known = await self.ds.get_database(self.database).table_columns(self.table)
        columns = {entry["config"].get("simple"): entry["source"] == "metadata" for entry in self.get_configs()}
        wanted = [column for column in columns if column in known]
        if not wanted or "_next" in self.request.args:
            return [], []
        kept = _KEPT.setdefault(self.ds, {})
        key = (self.type, self.sql, json.dumps(self.params), *wanted)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            try:
                counted = await self.count(wanted)
            except QueryInterrupted:
                return [], wanted
            most = self.ds.setting("max_returned_rows") + 1
            kept[key] = {column: counts[:most] for column, counts in counted.items()}
        return [self._result(column, counts, kept=columns[column]) for column, counts in kept[key].items()], []

    async def count(self, columns: Sequence[str]) -> dict[str, Counts]:
        raise NotImplementedError

    def argument(self, column: str, value: str) -> tuple[str, str]:
        """The argument of the URL that picks the incidents with a value."""
        raise NotImplementedError

    async def read(self, query: str) -> list[Any]:
        limit = self.ds.setting("facet_time_limit_ms")
        return list(await self.ds.execute(self.database, query, self.params, custom_time_limit=limit))

    def _result(self, column: str, counts: Counts, *, kept: bool) -> dict[str, Any]:
        size = self.get_facet_size()
        return {
            "name": column,
            "type": self.type,
            "hideable": not kept,
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


class CountedFacet(OwnFacet):
    """Values, parts and years, all of them from one query."""

    type = "counted"

    async def count(self, columns: Sequence[str]) -> dict[str, Counts]:
        # By date first: that is how the index incidents_counted is sorted.
        ordered = sorted(columns, key=lambda column: column not in DATES)
        terms = ", ".join(f"[{column}]" for column in ordered)
        rows = await self.read(f"SELECT {terms}, count(*) FROM ({self.sql}) GROUP BY {terms}")
        return {column: add_up(column, ((row[column], row["count(*)"]) for row in rows)) for column in columns}

    def argument(self, column: str, value: str) -> tuple[str, str]:
        if column in DATES:
            return f"{column}__startswith", value
        return (HAS + column if column in PARTS else column), value


class TagFacet(OwnFacet):
    """The tags of the incidents that are listed, from the table incident_tags."""

    type = "tag"

    async def count(self, columns: Sequence[str]) -> dict[str, Counts]:
        everything = " where " not in self.sql.lower()
        # The plus sign has SQLite go through the index of tags once; without it, it looks each incident up.
        plus = "+" if self.row_count is None or self.row_count > MANY else ""
        condition = "" if everything else f"WHERE {plus}incident_id IN (SELECT id FROM ({self.sql}))"
        rows = await self.read(_TAGS.format(condition=condition, limit=self.ds.setting("max_returned_rows")))
        return {column: [tuple(row) for row in rows] for column in columns}

    def argument(self, column: str, value: str) -> tuple[str, str]:
        return "_through", through_tag(value)


def add_up(column: str, counted: Iterable[tuple[Any, int]]) -> Counts:
    """Values with their counts, the most frequent first, years from the last one. Null is no value."""
    whole: Counter[Any] = Counter()
    for value, count in counted:
        whole[value] += count
    counts: Counter[str] = Counter()
    for value, count in whole.items():
        if value is not None:
            text = str(value)
            names = text.split("; ") if column in PARTS else [text[:4] if column in DATES else text]
            counts.update(dict.fromkeys(names, count))
    if column in DATES:
        return sorted(counts.items(), reverse=True)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


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
