"""Every query of docs/queries.md runs, finds something, and looks up what it can look up."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.extraction import Observation
from ingest.publish import publish
from ingest.settings import Settings
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import begin_run, end_run, register_source
from tests.store.conftest import SITE, Site, record

BOOK = Path(__file__).parents[2] / "docs/queries.md"
_QUERY = re.compile(r"^## (?P<chapter>[^\n]+)$|^### (?P<question>[^\n]+)$|^```sql\n(?P<sql>.+?)^```$", re.M | re.S)
FILES = {
    "On either file": ("incidents.db", "published/incidents.db"),
    "Only on the published file": ("published/incidents.db",),
    "Only on the database": ("incidents.db",),
}
LOOKED_UP = {
    "Which incidents happened in 2024?": "(date_occurred>? AND date_occurred<?)",
    "Which incidents involve a provider?": "incidents_ai_provider",
    "What changed since I last looked?": "INTEGER PRIMARY KEY",
    "How did one incident come to be what it is?": "sqlite_autoindex_incident_versions",
    "What did one incident say at a time?": "sqlite_autoindex_incident_versions",
    "Which incidents became more severe?": "incident_changes_field",
    "From which archived page was a version read?": "sqlite_autoindex_incident_versions",
    "Which incidents have a tag?": "incident_tags_tag",
    "Which incidents happened in a country, however its name is printed?": "incident_countries_country",
    "Where in the archive is an incident's page?": "sqlite_autoindex_incidents",
}
"""Questions about a part of the file -> the index that finds it, or the range that is looked up in one."""


def read_book() -> Iterator[tuple[str, str, str]]:
    """The file, question and query of every block."""
    chapter = question = ""
    for match in _QUERY.finditer(BOOK.read_text(encoding="utf-8")):
        chapter, question = match["chapter"] or chapter, match["question"] or question
        if match["sql"]:
            yield from ((file, question, match["sql"]) for file in FILES[chapter])


QUERIES = list(read_book())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which every question has an answer."""
    data = tmp_path_factory.mktemp("data")
    db = open_writer(data / "incidents.db")
    with transaction(db):
        register_source(db, SITE)
        run = begin_run(db, "scrape", "example", "test", None)
    site = Site(db, run)
    fill(site)
    db.execute("UPDATE incident_versions SET observed_at = '2026-03-01T00:00:00.000000Z' WHERE id <= 2")
    publish(Settings(data=data))
    db.close()
    return data


def fill(site: Site) -> None:
    common: dict[str, Any] = {
        "title": "A chatbot promises a refund",
        "date_occurred": "2024-03",
        "date_reported": "2024-03-09",
        "ai_provider": "Northwind AI",
        "jurisdiction": "Canada",
        "category": "wrong_output; privacy_leak",
        "tags": ["refund", "chatbot"],
        "citations": [{"title": None, "publisher": "Daily", "date": None, "kind": None, "url": None}],
        "extra": {"Estimated Cost": "9 USD"},
    }
    leak = (Observation("unknown_label", "Estimated Cost", None),)
    site.list("refund-bot", "gone", "late", "broken")
    site.commit(site.read("refund-bot", record(**common, severity="low", status="open"), observations=leak))
    site.commit(site.read("gone", record(tags=["refund"])))
    site.commit(site.gone("gone"))
    site.commit(site.read("gone", record(tags=["refund"])), site.read("late", record()))
    site.commit(site.gone("gone"))
    with transaction(site.db):
        end_run(site.db, site.run, "completed")
    site.begin()
    site.list("refund-bot", "broken")
    site.commit(site.read("refund-bot", record(**common, severity="high", status="closed"), observations=leak))
    failed = site.failed("broken", "parse", "challenge_page")
    site.commit(replace(failed, verdict=replace(failed.verdict, transient=False)))  # type: ignore[type-var]
    with transaction(site.db):
        end_run(site.db, site.run, "completed")


def test_the_book_has_its_chapters() -> None:
    assert {file for file, _, _ in QUERIES} == {"incidents.db", "published/incidents.db"}
    assert len({question for _, question, _ in QUERIES}) == BOOK.read_text().count("```sql")
    assert {question for _, question, _ in QUERIES} >= set(LOOKED_UP)


@pytest.mark.parametrize(
    ("file", "question", "sql"), QUERIES, ids=[f"{question} ({file})" for file, question, _ in QUERIES]
)
def test_a_query_of_the_book_has_an_answer(folder: Path, file: str, question: str, sql: str) -> None:
    with closing(sqlite3.connect(f"file:{folder / file}?mode=ro", uri=True)) as db:
        assert db.execute(sql).fetchall(), question


@pytest.mark.parametrize(
    ("file", "question", "sql"), [one for one in QUERIES if one[1] in LOOKED_UP], ids=lambda value: str(value)[:30]
)
def test_a_question_about_a_part_reads_only_that_part(folder: Path, file: str, question: str, sql: str) -> None:
    with closing(sqlite3.connect(f"file:{folder / file}?mode=ro", uri=True)) as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any(LOOKED_UP[question] in step for step in plan), plan
    assert not any(re.match(r"SCAN (i|v|c|incidents|incident_versions|incident_changes)\b", step) for step in plan), (
        plan
    )
