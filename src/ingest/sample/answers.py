"""What the sample site answers to each path in each edition, faults included; no sockets."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ingest.sample.editions import Edition, Event, editions
from ingest.sample.markup import (
    write_challenge,
    write_notice,
    write_pages,
    write_robots,
    write_sitemap,
)

HTML = "text/html; charset=utf-8"
UNKNOWN_PATH = "404"
"""The key of the answer to every path that has none of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response without its connection. changed: the day of the last change; an answer without one is never a 304."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    changed: date | None = None
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = field(init=False)
    packed: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Weak, since one tag stands for the plain and the packed body (RFC 9110, 8.8.1).
        object.__setattr__(self, "etag", f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"')
        object.__setattr__(self, "packed", gzip.compress(self.body, mtime=0))


Answers = Mapping[str, Answer]
"""Path, with the query of a listing page, -> answer."""


def build_answers(origin: str) -> tuple[Answers, ...]:
    """The answers of every edition, the first at index 0. origin: scheme and host that robots.txt and sitemap name."""
    built: list[Answers] = []
    pages: dict[str, Answer] = {}
    for edition in editions():
        pages = {
            path: _date_page(text.encode(), edition.published, pages.get(path))
            for path, text in write_pages(edition).items()
        }
        built.append({**pages, **_write_files(origin, edition, pages), **_hide(edition)})
    return tuple(built)


def _date_page(body: bytes, today: date, before: Answer | None) -> Answer:
    same = before is not None and before.body == body
    return Answer(body, changed=before.changed if before is not None and same else today)


def _write_files(origin: str, edition: Edition, pages: Answers) -> dict[str, Answer]:
    changed = {path: page.changed for path, page in pages.items() if page.changed and "?" not in path}
    return {
        "/robots.txt": Answer(
            write_robots(origin).encode(), "text/plain; charset=utf-8", changed=editions()[0].published
        ),
        "/sitemap.xml": Answer(
            write_sitemap(origin, changed).encode(), "application/xml; charset=utf-8", changed=edition.published
        ),
        UNKNOWN_PATH: Answer(write_notice("Not found", "There is no page at this address.").encode(), status=404),
    }


def _hide(edition: Edition) -> dict[str, Answer]:
    """The answers that stand in place of a page."""
    gone = write_notice("Gone", "This incident was withdrawn.").encode()
    return {
        **{f"/incidents/{slug}": Answer(gone, status=410) for slug in edition.gone},
        **{f"/incidents/{slug}": _answer_fault(event) for slug, event in edition.faults.items()},
    }


def _answer_fault(event: Event) -> Answer:
    no_store = ("Cache-Control", "no-store")
    if event["kind"] == "challenge":
        return Answer(write_challenge().encode(), headers=(no_store,))
    text = "The site is being maintained. Please come back in a moment."
    retry_after = ("Retry-After", str(event["retry_after_seconds"]))
    return Answer(write_notice("Unavailable", text).encode(), status=503, headers=(retry_after, no_store))
