"""What a command is to look at: a file, a page of the archive by its hash, or a URL."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.extraction import Refusal
from ingest.page import MAX_BYTES
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.fetch import Fetched

CONTENT_TYPES = {".txt": "text/plain", ".text": "text/plain"}
"""What a file is, by the end of its name; every other one is HTML."""
_HASH = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Target:
    """A page: its name as the caller gave it, its body, and what is known of its origin."""

    name: str
    body: bytes
    content_type: str | None
    url: str | None = None


def read_targets(
    names: Sequence[str], settings: Settings, allow_hosts: tuple[str, ...] = (), delay_seconds: float | None = None
) -> Iterator[Target | Refusal]:
    """The pages that arguments name, in their order; a Refusal for a URL that gives none.

    URLs are fetched first, by one fetcher, so that a host has its rest between two of them. Raises IngestError for a
    file that can't be read and a hash that the archive does not know.
    """
    urls = [name for name in names if name.startswith(("http://", "https://"))]
    fetched = iter(asyncio.run(_fetch(urls, settings, allow_hosts, delay_seconds))) if urls else iter(())
    for name in names:
        if name.startswith(("http://", "https://")):
            yield next(fetched)
        elif _HASH.fullmatch(name) and not Path(name).exists():
            yield archived_target(name, settings)
        else:
            yield _read_file(name)


def _read_file(name: str) -> Target:
    try:
        with Path(name).open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise IngestError(f"{name} can't be read: {reason}.") from error
    return Target(name, body, CONTENT_TYPES.get(Path(name).suffix.lower()))


def archived_targets(source: str, settings: Settings, limit: int) -> Iterator[Target]:
    """The newest archived pages of a source's incidents; none where there is no database."""
    from ingest.archive import read_capture
    from ingest.captures import decode_capture
    from ingest.store.connection import open_reader
    from ingest.store.pages import newest_pages

    if not settings.database.exists():
        return
    db = open_reader(settings.database)
    pages = newest_pages(db, source, limit)
    db.close()
    for url, page in pages:
        body = decode_capture(read_capture(settings.archive, page.location))
        yield Target(url, body, page.content_type, url)


def archived_target(sha256: str, settings: Settings) -> Target:
    """The page of the archive with this hash, or this beginning of one. Raises IngestError where there is none."""
    from ingest.archive import read_capture
    from ingest.captures import decode_capture
    from ingest.store.connection import open_reader
    from ingest.store.pages import find_page, page_url

    db = open_reader(settings.database)
    page = find_page(db, sha256)
    url = page_url(db, page.sha256)
    db.close()
    capture = read_capture(settings.archive, page.location)
    return Target(sha256, decode_capture(capture), page.content_type, url or capture.url)


async def _fetch(
    urls: Sequence[str], settings: Settings, allow_hosts: tuple[str, ...], delay_seconds: float | None
) -> list[Target | Refusal]:
    from ingest.fetch import Fetcher, Request
    from ingest.session import plain_policy

    policy = plain_policy(settings, allow_hosts)
    if settings.data.is_dir():  # a host has its rest from the runs of this data directory too
        policy = replace(policy, turns=settings.turns)
    if delay_seconds is not None:
        policy = replace(policy, delay_seconds=delay_seconds)
    async with Fetcher(policy) as fetcher:
        return [_judge(url, await fetcher.fetch(Request(url))) for url in urls]


def _judge(url: str, fetched: Fetched) -> Target | Refusal:
    from ingest.visit import fetch_failed

    if fetched.failure is not None or fetched.response is None:
        assert fetched.failure is not None
        failed = fetch_failed(fetched.failure)
        return Refusal("fetch", failed.kind, failed.message)
    response = fetched.response
    return Target(url, response.body, response.content_type, response.final_url)
