"""The plain job in Scrapy: hand-written selectors, JSON rows in SQLite; no archive, no history.

python scrapy_spider.py HOME DATABASE CONCURRENCY
"""

import json
import sqlite3
import sys

from scrapy.crawler import CrawlerProcess
from scrapy.spiders import SitemapSpider


class Rows:
    def open_spider(self):
        self.db = sqlite3.connect(sys.argv[2])
        self.db.execute("CREATE TABLE incidents (url TEXT PRIMARY KEY, record TEXT)")

    def process_item(self, item):
        self.db.execute("INSERT OR REPLACE INTO incidents VALUES (?, ?)", (item["url"], json.dumps(item)))
        return item

    def close_spider(self):
        self.db.commit()


class Incidents(SitemapSpider):
    name = "incidents"
    sitemap_urls = (sys.argv[1] + "/sitemap.xml",)

    def parse(self, response):
        fields = {pair.css("dt::text").get(): pair.css("dd::text").get() for pair in response.css("main dl > div")}
        sections = {
            section.css("h2::text").get(): "\n\n".join(section.css("p::text").getall())
            for section in response.css("main section")
        }
        yield {
            "url": response.url,
            "title": response.css("main h1::text").get(),
            "severity": response.css("main .badge::text").get(),
            "summary": response.css("main .lead::text").get(),
            "tags": response.css("main .tags a::text").getall(),
            "citations": [
                {
                    "title": one.css("a::text").get(),
                    "url": one.css("a::attr(href)").get(),
                    "by": one.css("p::text").get(),
                }
                for one in response.css("main section li")
            ],
            **fields,
            **sections,
        }


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS": int(sys.argv[3]),
        "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[3]),
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "WARNING",
        "ITEM_PIPELINES": {Rows: 300},
    }
)
process.crawl(Incidents)
process.start()
