"""The polite, bounded, safe way to get a page.

async with Fetcher(FetchSettings(user_agent="ingest/1.0 (+https://example.org/contact)")) as fetcher:
    fetched = await fetcher.fetch(Request("https://example.org/incidents"))
"""

from ingest.fetch.fetcher import Fetcher
from ingest.fetch.kinds import Failure, FetchError
from ingest.fetch.messages import Attempt, Fetched, Request, Response
from ingest.fetch.mirror import Mirror
from ingest.fetch.notes import Deferral
from ingest.fetch.settings import FetchSettings
from ingest.fetch.urls import parse_url, read_endpoint, redact

__all__ = [
    "Attempt",
    "Deferral",
    "Failure",
    "FetchError",
    "FetchSettings",
    "Fetched",
    "Fetcher",
    "Mirror",
    "Request",
    "Response",
    "parse_url",
    "read_endpoint",
    "redact",
]
