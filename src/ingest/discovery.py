"""From a source's entry points to the URLs of its incidents: sitemaps where there are any, else listing pages.

Bounded in pages, and it ends when a page brings nothing further. It says whether it has seen everything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from ingest.extraction import Listing
from ingest.results import Deferred, Failed

MAX_PAGES = 5_000
"""Listing pages and sitemaps of one run."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the listing gave. complete: every page of it was read to its end; incidents: how many URLs it names;
    problem: why its first page that could not be read could not be; deferred: why one was left to a later run."""

    complete: bool
    pages: int
    incidents: int
    problem: str | None = None
    deferred: str | None = None


Look = Callable[[str], Awaitable[Listing | Failed | Deferred]]
"""Fetch and read one listing page or sitemap."""


async def discover(
    look: Look, sitemaps: tuple[str, ...], listings: tuple[str, ...], feeds: tuple[str, ...] = ()
) -> Discovery:
    """Read the sitemaps; where they name no incident, the listing pages; then the feeds.

    A feed adds to what is known, and says nothing of what it leaves out.
    """
    seen: set[str] = set()
    listing = await _read_all(look, sitemaps, seen)
    if listings and not listing.incidents:
        listing = await _read_all(look, listings, seen)
    by_feed = await _read_all(look, feeds, seen)
    return replace(listing, pages=listing.pages + by_feed.pages)


async def _read_all(look: Look, starts: tuple[str, ...], seen: set[str]) -> Discovery:
    waiting = deque(starts)
    incidents: set[str] = set()
    complete, pages, problem, deferred = bool(starts), 0, None, None
    while waiting:
        url = waiting.popleft()
        if url in seen:
            continue
        if pages == MAX_PAGES:
            complete = False
            break
        seen.add(url)
        pages += 1
        found = await look(url)
        if isinstance(found, Deferred):
            complete, deferred = False, found.message
            continue
        if isinstance(found, Failed):
            complete, problem = False, problem or found.message
            continue
        fresh = set(found.urls) - incidents
        incidents |= fresh
        complete &= found.complete
        waiting.extend(found.sitemaps)
        # A page that brings nothing further ends its listing: pages past the end repeat the last one.
        if found.next_url and fresh:
            waiting.append(found.next_url)
    return Discovery(complete, pages, len(incidents), problem, deferred)
