"""The dashboard: what a published file holds, counted once a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from ingest.browse.tally import Series, by_delay, by_name, by_time, by_week

NAMES_SHOWN = 12
_HERE = "FROM incidents WHERE removed_at IS NULL"
# The plus signs keep SQLite from going through an index of one column, and from there to each row, which takes seconds:
# incidents_counted has all that is asked for.
QUERIES = {
    "time": f"SELECT date_occurred, severity, count(*) {_HERE} GROUP BY 1, 2",
    "provider": f"SELECT ai_provider, count(*) {_HERE} GROUP BY +ai_provider",
    "category": f"SELECT category, count(*) {_HERE} GROUP BY +category",
    "delay": f"SELECT date_occurred, date_reported, count(*) {_HERE} GROUP BY 1, 2",
    "severity": f"SELECT severity, count(*) {_HERE} GROUP BY +severity",
    "weeks": """
        SELECT substr(observed_at, 1, 10), CASE WHEN change = 'changed' THEN cause ELSE change END, count(*)
        FROM incident_versions GROUP BY 1, 2
    """,
}
CHANGES = {"site": "changed by the site", "parser": "read better by our parser"}
"""The cause of a change -> what the chart calls it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to be drawn: its title, what it says in a sentence, its numbers.

    column: the column by which the list of incidents is filtered where a bar is followed.
    """

    name: str
    title: str
    caption: str
    series: Series
    form: Literal["columns", "bars"]
    column: str | None = None


class Dashboard:
    """Figures and charts of one published file, made when they are first asked for and kept."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._counting = asyncio.Lock()
        self._severities: dict[str, int] | None = None
        self._charts: list[Chart] | None = None

    async def severities(self) -> dict[str, int]:
        """Incidents by severity, from all but those that are removed."""
        async with self._counting:
            if self._severities is None:
                self._severities = {severity or "not said": count for severity, count in await self._read("severity")}
            return self._severities

    async def charts(self) -> list[Chart]:
        """The charts in their order on the page."""
        async with self._counting:
            if self._charts is None:
                self._charts = make_charts({name: await self._read(name) for name in QUERIES})
            return self._charts

    async def _read(self, name: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._database.execute(QUERIES[name])]


def make_charts(rows: dict[str, list[tuple[Any, ...]]]) -> list[Chart]:
    """The charts from the rows of each query."""
    weeks = rows["weeks"]
    added = [row for row in weeks if row[1] == "added"]
    changed = [(day, CHANGES.get(what, what), count) for day, what, count in weeks if what != "added"]
    kinds = (*CHANGES.values(), "removed", "restored")
    return [
        Chart(
            "time",
            "Incidents over time, by severity",
            "When they occurred, by their own dates. A date counts only where it lies within one column.",
            by_time(rows["time"]),
            "columns",
        ),
        Chart(
            "providers",
            "Incidents by AI provider",
            "As the pages print it. A bar leads to the incidents.",
            by_name(rows["provider"], NAMES_SHOWN),
            "bars",
            "ai_provider",
        ),
        Chart(
            "categories",
            "Incidents by category",
            "An incident with several categories counts for each.",
            by_name(rows["category"], NAMES_SHOWN),
            "bars",
            "category",
        ),
        Chart(
            "delay",
            "From occurrence to report",
            "How long it took until an incident was reported. Many dates are only a month or a year, so an incident "
            "counts only where its dates leave no doubt.",
            by_delay(rows["delay"]),
            "bars",
        ),
        Chart(
            "changes",
            "Changes a week",
            "What happened to incidents that were known already, by the week in which it was observed.",
            by_week(changed, kinds),
            "columns",
        ),
        Chart(
            "added",
            "New incidents a week",
            "By the week in which they were first read. The first run of a source reads all that it has.",
            by_week(added, ("added",)),
            "columns",
        ),
    ]
