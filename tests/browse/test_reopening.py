"""After a publish the pages show the new file, and nothing of the old one is kept."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.browse.application import THREADS, Publication
from tests.browse.conftest import Shelf


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    shelf.write("a", title="The first title")
    shelf.publish()
    yield shelf
    shelf.db.close()


@pytest.fixture
async def publication(small: Shelf) -> AsyncIterator[Publication]:
    publication = Publication(small.file)
    yield publication
    await publication.close()


def browser(publication: Publication) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(publication), base_url="http://127.0.0.1:8001")


async def test_the_next_page_is_from_the_file_that_has_been_published(small: Shelf, publication: Publication) -> None:
    async with browser(publication) as client:
        for number in range(1, 4):
            small.write("a", title=f"Title {number}", description=f"word{number}")
            small.publish()
            # Several at a time, so that several of its threads answer.
            paths = ["/", "/changes", "/incidents/incidents", f"/incidents/incidents?_search=word{number}"] * 2
            answers = await asyncio.gather(*(client.get(path) for path in paths))
            assert [f"Title {number}" in answer.text for answer in answers] == [True] * len(answers)
            [row] = (await client.get("/incidents/manifest.json?_shape=array")).json()
            assert row["cursor"] == number + 1


FILES = Path("/proc/self/fd")


def held() -> tuple[int, int]:
    """Threads, and open files of that name."""
    opened = [str(entry.readlink()) for entry in FILES.iterdir() if entry.is_symlink()]
    return threading.active_count(), sum("incidents.db" in file for file in opened)


@pytest.mark.skipif(not FILES.is_dir(), reason="open files can't be counted here")
async def test_nothing_is_kept_of_the_files_before(small: Shelf, publication: Publication) -> None:
    async with browser(publication) as client:
        await client.get("/")
        before = held()
        for number in range(5):
            small.write("a", title=f"Title {number}")
            small.publish()
            assert (await client.get("/")).status_code == 200
        for _ in range(100):
            if held() <= before:
                break
            await asyncio.sleep(0.01)
        assert held() <= before


async def test_a_request_that_is_under_way_ends_with_its_own_file(small: Shelf, publication: Publication) -> None:
    opened = await publication._newest()
    async with opened.reading():
        small.write("a", title="The second title")
        small.publish()
        async with browser(publication) as client:
            assert "The second title" in (await client.get("/")).text
        together = threading.Barrier(THREADS)

        def read(connection: Any) -> str:
            together.wait(30)  # so that every thread answers once
            return str(connection.execute("SELECT title FROM incidents").fetchone()[0])

        database = opened.datasette.get_database("incidents")
        titles = await asyncio.gather(*(database.execute_fn(read) for _ in range(THREADS)))
        assert set(titles) == {"The first title"}


async def test_a_file_that_is_moved_away_is_served_until_the_next_one(small: Shelf, publication: Publication) -> None:
    async with browser(publication) as client:
        assert "The first title" in (await client.get("/")).text
        small.file.unlink()
        assert "The first title" in (await client.get("/changes")).text
        small.write("a", title="The second title")
        small.publish()
        assert "The second title" in (await client.get("/changes")).text


async def test_a_file_that_is_no_database_leaves_the_one_before(small: Shelf, publication: Publication) -> None:
    async with browser(publication) as client:
        assert "The first title" in (await client.get("/")).text
        small.file.unlink()
        small.file.write_bytes(b"no database" * 100)
        assert re.search("The first title", (await client.get("/changes")).text)
