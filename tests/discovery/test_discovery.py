"""From entry points to incidents: bounded, ended by repetition, honest about what it has not seen."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.discovery import MAX_PAGES, Discovery, discover
from ingest.extraction import Listing
from ingest.results import Failed


def listing(*incidents: str, sitemaps: tuple[str, ...] = (), next_url: str | None = None) -> Listing:
    return Listing(incidents, sitemaps, next_url)


async def find(
    pages: Mapping[str, Listing], sitemaps: tuple[str, ...] = (), listings: tuple[str, ...] = ()
) -> Discovery:
    async def look(url: str) -> Listing | Failed:
        return pages.get(url) or Failed("fetch", "http_500", f"{url} failed.")

    return await discover(look, sitemaps, listings)


async def test_a_listing_is_followed_to_its_last_page() -> None:
    pages = {"1": listing("a", "b", next_url="2"), "2": listing("c")}
    assert await find(pages, listings=("1",)) == Discovery(complete=True, pages=2, incidents=3)


async def test_a_page_that_brings_nothing_further_ends_the_listing() -> None:
    pages = {"1": listing("a", next_url="2"), "2": listing("a", next_url="3"), "3": listing("z")}
    assert await find(pages, listings=("1",)) == Discovery(complete=True, pages=2, incidents=1)


async def test_a_listing_that_leads_back_to_itself_ends() -> None:
    pages = {"1": listing("a", next_url="1")}
    assert await find(pages, listings=("1",)) == Discovery(complete=True, pages=1, incidents=1)


async def test_a_page_that_can_not_be_read_makes_the_listing_incomplete() -> None:
    pages = {"1": listing("a", next_url="2")}
    assert await find(pages, listings=("1",)) == Discovery(False, 2, 1, "2 failed.")


async def test_sitemaps_are_read_through_their_index_and_spare_the_listing() -> None:
    pages = {"index": listing(sitemaps=("s1", "s2")), "s1": listing("a"), "s2": listing("b"), "1": listing("z")}
    assert await find(pages, ("index",), ("1",)) == Discovery(complete=True, pages=3, incidents=2)


async def test_without_incidents_in_the_sitemap_the_listing_is_read() -> None:
    pages = {"s": listing(), "1": listing("a")}
    assert await find(pages, ("s",), ("1",)) == Discovery(complete=True, pages=1, incidents=1)


async def test_an_index_that_names_itself_ends() -> None:
    pages = {"index": listing("a", sitemaps=("index",))}
    assert await find(pages, ("index",)) == Discovery(complete=True, pages=1, incidents=1)


async def test_a_listing_without_an_end_is_bounded_and_incomplete() -> None:
    async def look(url: str) -> Listing:
        return listing(url, next_url=str(int(url) + 1))

    found = await discover(look, (), ("1",))
    assert found == Discovery(complete=False, pages=MAX_PAGES, incidents=MAX_PAGES)


async def test_without_any_entry_point_nothing_is_complete() -> None:
    assert not (await find({})).complete


async def test_a_page_that_says_that_there_is_more_makes_the_listing_incomplete() -> None:
    pages = {"1": Listing(("a",), complete=False)}
    assert await find(pages, listings=("1",)) == Discovery(complete=False, pages=1, incidents=1)


async def test_a_feed_is_read_besides_and_says_nothing_of_what_it_leaves_out() -> None:
    pages = {"1": listing("a", "b"), "feed": Listing(("c",), complete=False)}

    async def look(url: str) -> Listing | Failed:
        asked.append(url)
        return pages[url]

    asked: list[str] = []
    assert await discover(look, (), ("1",), ("feed",)) == Discovery(complete=True, pages=2, incidents=2)
    assert asked == ["1", "feed"]
