"""Who goes from page to page meets every row once, whatever the order."""

from __future__ import annotations

import pytest

from ingest.browse.paging import order_totally
from tests.browse.conftest import Pages


@pytest.mark.parametrize(
    "order", ["", "&_sort=severity", "&_sort_desc=severity", "&_sort=ai_provider", "&_sort_desc=number"]
)
async def test_every_incident_comes_once(pages: Pages, order: str) -> None:
    seen = await follow(pages, f"/incidents/incidents.json?_size=7&_nofacet=1{order}", "id")
    assert len(seen) == len(set(seen)) == 61


@pytest.mark.parametrize("order", ["", "&_sort=change", "&_sort_desc=observed_at", "&_sort=page_sha256"])
async def test_every_version_comes_once(pages: Pages, order: str) -> None:
    seen = await follow(pages, f"/incidents/incident_versions.json?_size=9&_nofacet=1{order}", "id")
    assert sorted(seen) == list(range(1, 65))


async def follow(pages: Pages, url: str | None, column: str) -> list[object]:
    seen: list[object] = []
    while url:
        page = await pages.json(url)
        seen += [row[page["columns"].index(column)] for row in page["rows"]]
        url = page["next_url"]
    return seen


def test_the_key_stands_last_in_the_order_of_a_tables_page() -> None:
    page = "select id, title from incidents where [severity] = :p0 order by date_occurred desc limit 51"
    assert order_totally(page) == page.replace(" limit", ", id limit")
    page = "select version_id, field from incident_changes order by [field] limit 51"
    assert order_totally(page) == page.replace(" limit", ", version_id, field limit")


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from incidents",
        "select severity, count(*) from incidents group by severity order by severity limit 5",
        "select id from incidents union select incident_id from incident_tags order by id limit 5",
        "select id from incidents order by title, id limit 5",
        "select a from elsewhere order by a limit 5",
        "select distinct title from incidents order by title limit 5",
    ],
)
def test_another_query_stays_as_it_is(query: str) -> None:
    assert order_totally(query) == query
