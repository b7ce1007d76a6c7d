"""A mirror's origin stands on the wire and nowhere else."""

from __future__ import annotations

import pytest
from aiohttp import web

from ingest.fetch import Fetcher, Mirror, Request
from tests.fetch.conftest import Site

SOURCE = "https://incidents.example"
MIRROR = Mirror(SOURCE, "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("own", "wire"),
    [
        (f"{SOURCE}/a?b=1", "http://127.0.0.1:8000/a?b=1"),
        ("http://incidents.example/a", "http://127.0.0.1:8000/a"),
        ("https://INCIDENTS.example:443", "http://127.0.0.1:8000/"),
        ("https://other.example/a", "https://other.example/a"),
        ("https://incidents.example:8443/a", "https://incidents.example:8443/a"),
        ("no url", "no url"),
    ],
)
def test_only_the_sources_urls_move_to_the_mirror(own: str, wire: str) -> None:
    assert MIRROR.to_wire(own) == wire


@pytest.mark.parametrize(
    ("wire", "own"),
    [
        ("http://127.0.0.1:8000/a?b=1", f"{SOURCE}/a?b=1"),
        ("http://127.0.0.1:8000", f"{SOURCE}/"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/a"),
        (f"{SOURCE}/a", f"{SOURCE}/a"),
    ],
)
def test_only_the_mirrors_urls_move_to_the_source(wire: str, own: str) -> None:
    assert MIRROR.to_source(wire) == own


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000/path", "127.0.0.1:8000", "http://u@h", "ftp://h"])
def test_a_mirror_is_an_origin(origin: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Mirror(SOURCE, origin)


async def test_a_page_of_the_source_comes_from_the_mirror(site: Site) -> None:
    site.handlers["/page"] = "a page"
    async with Fetcher(site.settings(mirror=Mirror(SOURCE, site.origin))) as fetcher:
        fetched = await fetcher.fetch(Request(f"{SOURCE}/page"))
    assert fetched.response is not None
    assert (fetched.response.url, fetched.response.final_url) == (f"{SOURCE}/page", f"{SOURCE}/page")
    assert [attempt.url for attempt in fetched.attempts] == [f"{SOURCE}/page"]
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/page"]


@pytest.mark.parametrize("location", ["/there", "{wire}/there", "https://incidents.example/there"])
async def test_a_redirect_may_name_either_origin_and_ends_at_the_sources(site: Site, location: str) -> None:
    site.handlers["/page"] = web.Response(status=301, headers={"Location": location.format(wire=site.origin)})
    site.handlers["/there"] = "a page"
    settings = site.settings(
        mirror=Mirror(SOURCE, site.origin), in_scope=lambda url: url.startswith("https://incidents.example/")
    )
    async with Fetcher(settings) as fetcher:
        fetched = await fetcher.fetch(Request(f"{SOURCE}/page"))
    assert fetched.response is not None
    assert (fetched.response.final_url, site.paths) == (f"{SOURCE}/there", ["/page", "/there"])
    assert fetched.attempts[0].final_url == f"{SOURCE}/there"


async def test_with_a_mirror_no_other_host_is_requested(site: Site) -> None:
    async with Fetcher(site.settings(mirror=Mirror(SOURCE, site.origin))) as fetcher:
        fetched = await fetcher.fetch(Request("https://other.example/page"))
    assert fetched.failure is not None
    assert fetched.failure.kind == "out_of_scope"


async def test_sitemaps_of_a_mirror_are_the_sources(site: Site) -> None:
    site.handlers["/robots.txt"] = f"Sitemap: {site.origin}/a.xml\nSitemap: {SOURCE}/b.xml\n"
    async with Fetcher(site.settings(mirror=Mirror(SOURCE, site.origin))) as fetcher:
        assert await fetcher.sitemaps(SOURCE) == (f"{SOURCE}/a.xml", f"{SOURCE}/b.xml")
