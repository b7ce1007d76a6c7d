"""What a commit says of its URLs: gathered one by one, written together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from ingest.extraction import Stage
from ingest.results import PageResult
from ingest.store.failures import ALL_STAGES, RESOLVE, Resolution
from ingest.store.runs import Run

_SEEN = "UPDATE urls SET last_fetched = ?, result_run_id = ?, next_attempt_at = ? WHERE url = ?"
_TRIED = "UPDATE urls SET result_run_id = ? WHERE url = ?"
_REREAD = "UPDATE urls SET reread_run_id = ? WHERE url = ?"
_READ = """
UPDATE urls SET etag = :etag, last_modified = :last_modified, page_sha256 = :sha256, parser_version = :parser_version,
                missing_since = NULL
WHERE url = :url
"""
_READ_AGAIN = """
UPDATE urls SET etag = CASE page_sha256 WHEN :sha256 THEN etag ELSE :etag END,
                last_modified = CASE page_sha256 WHEN :sha256 THEN last_modified ELSE :last_modified END,
                page_sha256 = :sha256, parser_version = :parser_version
WHERE url = :url
"""
_ALIVE = """
UPDATE urls SET etag = coalesce(?, etag), last_modified = coalesce(?, last_modified), missing_since = NULL WHERE url = ?
"""
_MISSING = "UPDATE urls SET missing_since = ? WHERE url = ?"
_FORGET = "UPDATE urls SET etag = NULL, last_modified = NULL, page_sha256 = NULL, parser_version = NULL WHERE url = ?"
_OPEN = "SELECT DISTINCT url FROM failures WHERE resolved_at IS NULL AND url IN (SELECT value FROM json_each(?))"


class Marks:
    """The marks of one transaction on these URLs. Each is written by `write`, in no order that matters."""

    def __init__(self, db: Database, run: Run, urls: Iterable[str], at: str) -> None:
        self._run = run
        self._at = at
        self._failing = {url for (url,) in db.execute(_OPEN, [json.dumps(list(urls))])}
        self._rows: dict[str, list[Any]] = {}

    def seen(self, url: str, next_attempt_at: str | None = None) -> None:
        """The site has given a result of any kind."""
        self._add(_SEEN, (self._at, self._run.id, next_attempt_at, url))

    def tried(self, url: str) -> None:
        """A page of the archive was judged. A reparse leaves alone what an interrupted scrape has to continue from."""
        self._add(_REREAD if self._run.flow == "reparse" else _TRIED, (self._run.id, url))

    def read(self, result: PageResult, parser_version: str) -> None:
        """The page of a result was read."""
        place = {
            "etag": result.etag,
            "last_modified": result.last_modified,
            "sha256": result.page_sha256,
            "parser_version": parser_version,
            "url": result.item.url,
        }
        self._add(_READ if result.item.archived_sha256 is None else _READ_AGAIN, place)

    def alive(self, url: str, etag: str | None, last_modified: str | None) -> None:
        """The page is the one that was last read; validators that came with the answer replace the old ones."""
        self._add(_ALIVE, (etag, last_modified, url))

    def missing(self, url: str) -> None:
        """The URL is neither named nor answering."""
        self._add(_MISSING, (self._at, url))

    def forget(self, url: str) -> None:
        """What was read of the URL counts no longer."""
        self._add(_FORGET, (url,))

    def resolve(self, url: str, resolution: Resolution, stages: Sequence[Stage] = ALL_STAGES) -> None:
        """Resolve what was open for the URL at these stages when the transaction began."""
        if url in self._failing and stages:
            self._add(RESOLVE, (self._at, resolution, url, json.dumps(stages)))

    def write(self, db: Database) -> None:
        for statement, rows in self._rows.items():
            db.conn.executemany(statement, rows)

    def _add(self, statement: str, row: Any) -> None:
        self._rows.setdefault(statement, []).append(row)
