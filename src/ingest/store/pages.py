"""The archive's index: bodies by hash."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database
from w3lib.encoding import http_content_type_encoding

from ingest.archive import Location
from ingest.errors import IngestError
from ingest.results import ArchivedPage


def write_pages(db: Database, pages: Iterable[ArchivedPage]) -> None:
    """Index bodies; one that is known keeps its first place."""
    db.conn.executemany(
        "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                page.sha256,
                page.location.file,
                page.location.offset,
                page.location.length,
                page.size,
                page.content_type,
                http_content_type_encoding(page.content_type),
                page.fetched_at,
            )
            for page in pages
        ],
    )


def known_pages(db: Database, hashes: Iterable[str]) -> list[ArchivedPage]:
    """Those of the hashes that the archive holds."""
    rows = db.query("SELECT * FROM pages WHERE sha256 IN (SELECT value FROM json_each(?))", [json.dumps(list(hashes))])
    return [page_of_row(row) for row in rows]


def find_page(db: Database, sha256: str) -> ArchivedPage:
    """The page with this hash, or with this beginning of one. Raises IngestError where there is none, or several."""
    upper = sha256 + "g"  # behind every hex digit
    rows = list(db.query("SELECT * FROM pages WHERE sha256 >= ? AND sha256 < ? LIMIT 2", [sha256, upper]))
    if len(rows) != 1:
        found = "no page" if not rows else "more than one page"
        raise IngestError(f"The archive holds {found} with the hash {sha256}.")
    return page_of_row(rows[0])


def page_url(db: Database, sha256: str) -> str | None:
    """Where the page with this hash was last found."""
    query = "SELECT coalesce(final_url, url) AS url FROM fetches WHERE page_sha256 = ? ORDER BY id DESC LIMIT 1"
    return next((row["url"] for row in db.query(query, [sha256])), None)


def newest_pages(db: Database, source: str, limit: int) -> list[tuple[str, ArchivedPage]]:
    """The newest pages that gave an incident of a source, each with its URL."""
    query = """
    SELECT u.url, p.* FROM urls u JOIN pages p ON p.sha256 = u.page_sha256
    WHERE u.source = ? AND u.kind = 'incident' ORDER BY p.first_fetched_at DESC, u.url LIMIT ?
    """
    return [(row["url"], page_of_row(row)) for row in db.query(query, [source, limit])]


def page_of_row(row: Mapping[str, Any]) -> ArchivedPage:
    """A row of `pages`."""
    return ArchivedPage(
        sha256=row["sha256"],
        location=Location(row["warc_file"], row["warc_offset"], row["warc_length"]),
        size=row["size"],
        content_type=row["content_type"],
        fetched_at=row["first_fetched_at"],
    )
