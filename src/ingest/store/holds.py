"""Holds: sources whose newest state waits for a person, and is not to be published."""

from __future__ import annotations

from sqlite_utils import Database

_HELD = """
SELECT s.id FROM sources s
WHERE 'held' = (SELECT r.outcome FROM runs r
                WHERE r.source = s.id AND r.flow IN ('scrape', 'reparse') AND r.outcome IN ('completed', 'held')
                ORDER BY r.id DESC LIMIT 1)
ORDER BY s.id
"""


def held_sources(db: Database) -> list[str]:
    """The sources that are held, by name: the last of their runs that was compared with the floors fell below them.

    A retry is not compared, and a run that was stopped or has failed says nothing about the site.
    """
    return [row["id"] for row in db.query(_HELD)]
