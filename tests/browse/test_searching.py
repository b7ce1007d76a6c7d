"""A search answers from an index, however many incidents have the word."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ingest.browse.paging import order_totally
from ingest.browse.searching import go_by_index
from tests.browse.conftest import Pages, Shelf


@pytest.mark.parametrize("more", ["", "&severity=low", "&_has_category=privacy_leak"])
async def test_a_page_of_a_search_reads_no_row_that_it_does_not_show(pages: Pages, shelf: Shelf, more: str) -> None:
    page = await pages.json(f"/incidents/incidents.json?_search=incident{more}")
    sql = page["query"]["sql"]
    found = {name: value.strip('"') for name, value in page["query"]["params"].items()}
    with closing(sqlite3.connect(shelf.file)) as db:
        db.create_function("escape_fts", 1, lambda text: text)
        steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {go_by_index(order_totally(sql))}", found)]
        assert not any("INTEGER PRIMARY KEY" in step for step in steps), steps
        ids = [row[0] for row in db.execute(order_totally(sql), found)]
    assert [row[page["columns"].index("id")] for row in page["rows"]] == ids[: len(page["rows"])]


@pytest.mark.parametrize(
    "query",
    [
        "select id from incidents where rowid in (select rowid from elsewhere)",
        "select id from incidents where incidents.rowid in (select rowid from incidents_fts)",
        "select id from incidents where [rowid] in (select rowid from incidents_fts)",
        "select id from incidents where +rowid in (select rowid from incidents_fts)",
    ],
)
def test_another_query_stays_as_it_is(query: str) -> None:
    assert go_by_index(query) == query
