"""The least that a program of our own could do: httpx on aiohttp, our label reader, JSON rows in SQLite.

python bare_loop.py HOME DATABASE CONCURRENCY [again]

No robots, retries, bounds, archive, validation or history. `again` only asks whether each page has changed.
"""

import asyncio
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import orjson
from httpx_aiohttp import AiohttpTransport

from ingest.page import open_page
from parsers import load_source, read

LOC = re.compile(r"<loc>(.*?)</loc>")
home, database, concurrency, again = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["again"]
db = sqlite3.connect(database)
source = load_source("bench")


async def sitemap_urls(client: httpx.AsyncClient, sitemap: str) -> AsyncIterator[str]:
    for url in LOC.findall((await client.get(sitemap)).text):
        if url.endswith(".xml"):
            async for page in sitemap_urls(client, url):
                yield page
        else:
            yield url


async def store(client: httpx.AsyncClient, url: str, etag: str | None) -> None:
    response = await client.get(url)
    response.raise_for_status()
    page = open_page(response.content, response.headers["content-type"], url)
    record = orjson.dumps(read(page, source)).decode()
    if page.root is not None:
        page.root.forget()
    db.execute("INSERT OR REPLACE INTO incidents VALUES (?, ?, ?)", (url, response.headers["etag"], record))


async def ask(client: httpx.AsyncClient, url: str, etag: str | None) -> None:
    response = await client.get(url, headers={"If-None-Match": etag or ""})
    assert response.status_code == 304, response


async def work_off(
    client: httpx.AsyncClient,
    rows: list[tuple[str, str | None]],
    work: Callable[[httpx.AsyncClient, str, str | None], Awaitable[None]],
) -> None:
    waiting = iter(rows)

    async def worker() -> None:
        for url, etag in waiting:
            await work(client, url, etag)

    await asyncio.gather(*(worker() for _ in range(concurrency)))


async def main() -> None:
    async with httpx.AsyncClient(transport=AiohttpTransport(), timeout=60) as client:
        if again:
            await work_off(client, db.execute("SELECT url, etag FROM incidents").fetchall(), ask)
        else:
            db.execute("CREATE TABLE incidents (url TEXT PRIMARY KEY, etag TEXT, record TEXT)")
            urls = [(url, None) async for url in sitemap_urls(client, home + "/sitemap.xml")]
            await work_off(client, urls, store)
            db.commit()


asyncio.run(main())
