"""The plain job in Crawlee: ParselCrawler, hand-written selectors, JSON rows in SQLite; no archive, no history.

python crawlee_crawler.py HOME DATABASE CONCURRENCY
"""

import asyncio
import json
import logging
import sqlite3
import sys

from crawlee import ConcurrencySettings
from crawlee._utils.sitemap import Sitemap
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from crawlee.http_clients import ImpitHttpClient
from crawlee.storage_clients import MemoryStorageClient

home, database, concurrency = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = sqlite3.connect(database)
db.execute("CREATE TABLE incidents (url TEXT PRIMARY KEY, record TEXT)")


async def store(context: ParselCrawlingContext) -> None:
    page = context.selector
    fields = {pair.css("dt::text").get(): pair.css("dd::text").get() for pair in page.css("main dl > div")}
    sections = {
        section.css("h2::text").get(): "\n\n".join(section.css("p::text").getall())
        for section in page.css("main section")
    }
    record = {
        "url": context.request.url,
        "title": page.css("main h1::text").get(),
        "severity": page.css("main .badge::text").get(),
        "summary": page.css("main .lead::text").get(),
        "tags": page.css("main .tags a::text").getall(),
        "citations": [
            {
                "title": one.css("a::text").get(),
                "url": one.css("a::attr(href)").get(),
                "by": one.css("p::text").get(),
            }
            for one in page.css("main section li")
        ],
        **fields,
        **sections,
    }
    db.execute("INSERT OR REPLACE INTO incidents VALUES (?, ?)", (context.request.url, json.dumps(record)))


async def main() -> None:
    crawler = ParselCrawler(
        request_handler=store,
        storage_client=MemoryStorageClient(),
        http_client=ImpitHttpClient(),
        # A fixed number: its own scaling would go by how busy the machine is.
        concurrency_settings=ConcurrencySettings(
            min_concurrency=concurrency, desired_concurrency=concurrency, max_concurrency=concurrency
        ),
        respect_robots_txt_file=True,
        configure_logging=False,
    )
    logging.getLogger("crawlee").setLevel(logging.ERROR)
    sitemap = await Sitemap.load(home + "/sitemap.xml", ImpitHttpClient())
    await crawler.run(sitemap.urls)
    db.commit()


asyncio.run(main())
