"""A data directory with a real database, and the command over it."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run
from ingest.publish import Published, publish
from ingest.settings import Settings
from ingest.store.connection import transaction
from ingest.store.runs import Outcome, end_run
from tests.store.conftest import Site, record
from tests.store.conftest import site as site


class Desk:
    """Publishes what the site has committed, and reads it as any program with SQLite would."""

    def __init__(self, site: Site, data: Path) -> None:
        self.site = site
        self.settings = Settings(data=data)
        self.folder = data / "published"
        self.file = self.folder / "incidents.db"

    def publish(self, keep: int = 3) -> Published:
        result = publish(self.settings, keep)
        assert isinstance(result, Published)
        return result

    def ingest(self, *arguments: str, data: Path | None = None) -> tuple[int, str, str]:
        output, messages = io.StringIO(), io.StringIO()
        with redirect_stdout(output), redirect_stderr(messages):
            status = run(["--data", str(data or self.settings.data), *arguments])
        return status, output.getvalue(), messages.getvalue()

    def edit(self, slug: str = "a", **fields: Any) -> None:
        self.site.list(slug)
        self.site.commit(self.site.read(slug, record(**fields)))

    def end(self, outcome: Outcome = "completed", message: str | None = None) -> None:
        with transaction(self.site.db):
            end_run(self.site.db, self.site.run, outcome, message)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)
