"""The incidents of four trackers, scraped into one database, answer one query."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ingest.cli import run
from ingest.store.connection import open_reader
from parsers import load_source
from tests.docs.test_queries import QUERIES
from tests.loopback import Answer, LoopbackSite, serve
from tests.parsers.cases import Case, cases

TRACKERS = ("aiaaic", "aiid", "failureindex", "topaithreats")
QUESTION = "Which incidents do all sources tell of?"


def incidents(name: str) -> dict[str, Case]:
    """One fixture an incident of a tracker, by its URL."""
    source = load_source(name)
    pages = {case.response["url"]: case for case in reversed(cases(name))}
    return {url: case for url, case in pages.items() if source.identify(url) is not None}


@contextmanager
def replica_of(name: str) -> Iterator[LoopbackSite]:
    """A tracker's fixtures on loopback, with a sitemap of them at the address that its file names."""
    source = load_source(name)
    pages = incidents(name)
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in pages)
    with serve() as site:
        site.pages[urlsplit(source.sitemaps[0]).path] = Answer(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>',
            content_type="application/xml",
        )
        (listing,) = (case for case in cases(name) if case.folder.name == "listing")
        site.pages[urlsplit(source.listings[0]).path] = Answer(listing.body)
        for url, case in pages.items():
            site.pages[urlsplit(url).path] = Answer(case.body)
        yield site


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the query of the book finds after one scrape of each tracker."""
    data = tmp_path_factory.mktemp("trackers") / "data"
    for name in TRACKERS:
        with replica_of(name) as site:
            scrape(data, name, site)
    (query,) = {sql for _, question, sql in QUERIES if question == QUESTION}
    db = open_reader(data / "incidents.db")
    found = list(db.query(query))
    db.close()
    return found


def scrape(data: Path, name: str, site: LoopbackSite) -> None:
    messages = io.StringIO()
    addresses = ("--base-url", site.url, "--allow-host", site.host, "--delay", "0")
    with redirect_stdout(messages), redirect_stderr(messages):
        status = run(["--data", str(data), "scrape", name, *addresses])
    assert status == 0, messages.getvalue()


def test_every_incident_of_every_tracker_is_found(rows: list[dict[str, Any]]) -> None:
    expected = {load_source(name).identify(url) for name in TRACKERS for url in incidents(name)}
    assert {row["id"] for row in rows} == {identity[0] for identity in expected if identity is not None}
    assert {row["source"] for row in rows} == set(TRACKERS)
    assert len(rows) > 2 * len(TRACKERS)


def test_the_same_columns_say_the_same_of_each_tracker(rows: list[dict[str, Any]]) -> None:
    by_id = {row.pop("id"): row for row in rows}
    assert by_id["aiid:7341"] == {
        "source": "aiid",
        "title": "Ticket gate camera bills a hearse for the whole graveyard",
        "severity": "minor",
        "date_occurred": "2024-02-17",
        "ai_provider": "Platewise",
        "jurisdiction": None,
    }
    assert by_id["aiaaic:library-chute-sorter-shreds-loans"] == {
        "source": "aiaaic",
        "title": "Library chute sorter shreds returned loans",
        "severity": None,
        "date_occurred": "2023-11/2023-12",
        "ai_provider": "Foliant Robotics",
        "jurisdiction": "Norway; Sweden",
    }
    assert by_id["topaithreats:INC-24-0731-ferry-helpdesk-clone"] == {
        "source": "topaithreats",
        "title": "Cloned ferry helpdesk voice collects boarding codes",
        "severity": "high",
        "date_occurred": "2024-04",
        "ai_provider": "Tonfall Labs",
        "jurisdiction": "Europe; North Africa",
    }
    assert by_id["failureindex:bakery-voice-agent-orders"] == {
        "source": "failureindex",
        "title": "Bakery voice agent takes a radio play for orders",
        "severity": "medium",
        "date_occurred": "2023-11-14",
        "ai_provider": None,
        "jurisdiction": None,
    }
