"""What the pages say, and where they lead."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import feedparser
import httpx

from ingest.browse.application import Publication
from ingest.browse.metadata import read_metadata
from tests.browse.conftest import HOSTILE, SCRIPT_URL, Pages, Shelf

REFUND = "/incidents/incidents/example~3Arefund-bot"
HOSTILE_PAGE = "/incidents/incidents/example~3Ahostile"
PATHS = (
    *(
        "/",
        "/changes",
        "/changes?change=removed",
        "/dashboard",
        "/incidents",
        "/incidents/incidents",
        REFUND,
        HOSTILE_PAGE,
    ),
    *("/incidents/incidents?_search=alert", "/incidents/incident_versions", "/incidents/incident_versions/2"),
    *("/incidents/recent_changes", "/incidents/incident_citations", "/incidents/incident_tags", "/incidents/sources"),
    *(f"/incidents/{name}" for name in read_metadata()["databases"]["incidents"]["queries"]),
    "/incidents?sql=select+title,+citations+from+incidents",
)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


async def test_an_incident_is_told_whole(pages: Pages) -> None:
    page = await pages.text(REFUND)
    told = words(page)
    for part in (
        "A chatbot promises a refund",
        "It had no right to.",
        "Northwind AI",
        "The report",
        "Daily · 2024-03-09",
    ):
        assert part in told
    assert "Estimated Cost 9 USD" in told
    assert "Example, for everybody. Licence: CC BY 4.0." in told
    assert '<a href="https://d.example/" rel="nofollow noopener noreferrer">The report</a>' in page
    assert '<a href="/incidents/incidents?ai_provider=Northwind+AI">' in page


async def test_an_incident_has_its_timeline_with_the_words_that_changed(pages: Pages) -> None:
    page = await pages.text(REFUND)
    assert page.index('id="version-3"') < page.index('id="version-2"') < page.index('id="version-1"')
    assert "The bot promised <del>five</del> <ins>seven</ins> dollars to a customer." in page
    assert "Read anew by our parser" in page
    assert "<del>high</del><ins>critical</ins>" in page


async def test_a_removed_incident_says_so(pages: Pages) -> None:
    assert "Its site was found to report it no longer" in words(await pages.text("/incidents/incidents/example~3Ai1"))


async def test_the_changes_are_newest_first_and_go_on_to_the_oldest(pages: Pages) -> None:
    page = await pages.text("/changes")
    seen = re.findall(r"cursor (\d+)</p>", page)
    while older := re.search(r'href="(\?before=[^"]+)" rel="next"', page):
        page = await pages.text("/changes" + unescape(older[1]))
        seen += re.findall(r"cursor (\d+)</p>", page)
    assert list(map(int, seen)) == list(range(64, 0, -1))


async def test_the_changes_are_a_feed_too(pages: Pages) -> None:
    answer = await pages.client.get("/changes.atom")
    feed = feedparser.parse(answer.content)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert not feed.bozo
    assert len(feed.entries) == 64
    assert feed.entries[-1].title == "changed: A chatbot promises a refund"


async def test_changes_of_one_kind_can_be_seen_alone(pages: Pages) -> None:
    assert re.findall(r"cursor (\d+)</p>", await pages.text("/changes?change=removed")) == ["62"]
    assert re.findall(r"cursor (\d+)</p>", await pages.text("/changes?change=changed")) == ["64", "63"]


async def test_a_cursor_that_is_none_begins_with_the_newest(pages: Pages) -> None:
    for before in ("x", "²", "-1", "9" * 30):
        assert "cursor 64</p>" in await pages.text(f"/changes?before={before}")


async def test_search_finds_words_of_the_full_text_by_their_stem(pages: Pages) -> None:
    page = await pages.text("/incidents/incidents?_search=promise")
    assert "A chatbot promises a refund" in page
    assert page.count("<h3>") == 1


async def test_a_facet_of_tags_narrows_the_list(pages: Pages) -> None:
    facets = (await pages.json("/incidents/incidents.json?_size=0"))["facet_results"]
    [refund] = [value for value in facets["tags"]["results"] if value["value"] == "refund"]
    assert refund["count"] == 1
    narrowed = await pages.json(refund["toggle_url"])
    assert narrowed["filtered_table_rows_count"] == 1
    [chosen] = [value for value in narrowed["facet_results"]["tags"]["results"] if value["value"] == "refund"]
    assert chosen["selected"]
    assert {value["value"] for value in narrowed["facet_results"]["tags"]["results"]} == {"refund", "chatbot"}


async def test_a_value_of_several_parts_counts_for_each(pages: Pages) -> None:
    facets = (await pages.json("/incidents/incidents.json?_size=0"))["facet_results"]
    [leak] = [value for value in facets["category"]["results"] if value["value"] == "privacy_leak"]
    assert leak["count"] == 1
    assert (await pages.json(leak["toggle_url"]))["filtered_table_rows_count"] == 1
    assert (await pages.json("/incidents/incidents.json?_has_category=leak"))["filtered_table_rows_count"] == 0
    page = await pages.text(REFUND)
    assert '<a href="/incidents/incidents?_has_category=privacy_leak">privacy leak</a>' in page


async def test_years_are_counted_from_dates_of_any_precision(pages: Pages) -> None:
    years = (await pages.json("/incidents/incidents.json?_size=0&_facet_size=max"))["facet_results"]["date_occurred"]
    counts = {value["value"]: value["count"] for value in years["results"]}
    assert counts["2024"] == 4
    assert sum(counts.values()) == 60
    narrowed = await pages.json("/incidents/incidents.json?date_occurred__startswith=2024&_size=0")
    assert narrowed["filtered_table_rows_count"] == 4


async def test_the_facets_are_those_that_readers_ask_for(pages: Pages) -> None:
    page = await pages.text("/incidents/incidents")
    shown = re.findall(r'data-facet="(\w+)"', page)
    assert shown == ["severity", "category", "ai_provider", "tags", "date_occurred"]


async def test_a_facet_that_makes_no_sense_is_left_out(pages: Pages) -> None:
    for argument in ("_facet_counted=nowhere", '_facet_tag={"x":1}', "_facet_counted={}", "_has_title=x", "_has_=x"):
        assert "Incidents" in await pages.text(f"/incidents/incidents?{argument}")


async def test_a_column_can_be_counted_on_demand_and_hidden_again(pages: Pages) -> None:
    page = await pages.text("/incidents/incidents?_facet_counted=status")
    assert re.findall(r'data-facet="(\w+)"', page)[-1] == "status"
    assert '<a href="/incidents/incidents" aria-label="Hide this">' in page


async def test_a_later_page_has_no_counts_for_they_would_leave_out_the_pages_before(pages: Pages) -> None:
    page = await pages.text("/incidents/incidents")
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    page = await pages.text(unescape(following[1]))
    assert page.count("<h3>") == 11
    assert "data-facet" not in page


async def test_every_ready_query_runs(pages: Pages) -> None:
    for name in read_metadata()["databases"]["incidents"]["queries"]:
        rows = await pages.json(f"/incidents/{name}.json?_shape=array&incident_id=example:refund-bot")
        assert rows, name


async def test_every_column_of_every_table_and_view_is_described(pages: Pages) -> None:
    described = (await pages.json("/-/metadata.json"))["databases"]["incidents"]["tables"]
    sql = (
        "select m.name as t, c.name as c from sqlite_schema m, pragma_table_info(m.name) c where m.sql like 'create %'"
    )
    rows = await pages.json(f"/incidents.json?sql={sql}&_shape=array")
    shown = [row for row in rows if not row["t"].startswith(("incidents_fts", "sqlite_", "_sqlite"))]
    assert len({row["t"] for row in shown}) == 12
    assert [row for row in shown if not described[row["t"]]["columns"].get(row["c"])] == []


async def test_no_page_has_markup_from_a_site(pages: Pages) -> None:
    for path in PATHS:
        page = await pages.text(path)
        assert HOSTILE not in page, path
        assert "<script" not in page.lower(), path
        assert "<img" not in page, path
        assert not re.search(r"""<[^>]*\s(on\w+|style)\s*=""", re.sub(r'"[^"]*"', '""', page)), path
        assert f'href="{SCRIPT_URL}' not in page, path


async def test_every_answer_forbids_scripts_and_other_hosts(pages: Pages) -> None:
    for path in (
        *PATHS,
        "/nowhere",
        "/incidents.json?sql=select+1",
        "/assets/browse.css",
        "/incidents?sql=select+bogus",
    ):
        headers = (await pages.client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'"), path
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


async def test_no_page_asks_another_host_for_anything(pages: Pages) -> None:
    for path in PATHS:
        for source in re.findall(r'<(?:link|img|script|iframe)[^>]+(?:href|src)="([^"]*)"', await pages.text(path)):
            assert source.startswith(("/", "data:,", "http://127.0.0.1:8001/")), (path, source)


async def test_web_links_are_followed_without_credit_or_traces(pages: Pages) -> None:
    page = await pages.text("/incidents/incident_citations")
    assert '<a href="https://d.example/" rel="nofollow noopener noreferrer">' in page
    for path in PATHS:
        for link in re.findall(r'<a [^>]*href="https?://(?!127\.0\.0\.1)[^>]*>', await pages.text(path)):
            assert 'rel="nofollow noopener noreferrer"' in link, (path, link)


async def test_a_page_that_there_is_not_says_so(pages: Pages) -> None:
    answer = await pages.client.get("/incidents/incidents/example~3Anowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


async def test_what_this_week_means_is_the_week_before_the_last_change(pages: Pages, shelf: Shelf) -> None:
    rows = await pages.json("/incidents/changed_this_week.json?_shape=array")
    assert [row["cursor"] for row in rows if row["field"] in (None, "description", "status")] == [64, 64, 63, 62]


async def test_a_file_without_an_incident_has_all_pages(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.publish()
    publication = Publication(shelf.file)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(publication), base_url="http://127.0.0.1:8001"
    ) as client:
        for path in ("/", "/changes", "/changes.atom", "/dashboard", "/incidents", "/incidents/incidents"):
            assert (await client.get(path)).status_code == 200, path
    await publication.close()
    shelf.db.close()
