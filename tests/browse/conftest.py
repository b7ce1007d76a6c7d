"""A published file with everything on it that a page shows, and the pages over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.browse.application import Publication
from ingest.publish import Published, publish
from ingest.settings import Settings
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import begin_run, end_run, register_source
from tests.store.conftest import SITE, Site, record


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The end of a thread by SystemExit is what it looks like, and Python says nothing of it; pytest warns."""
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"))


HOSTILE = '<script>alert(1)</script><img src="https://elsewhere.example/x.png" onerror="alert(2)">'
SCRIPT_URL = "javascript:alert(3)"


class Shelf:
    """A data directory whose site changes, and is published."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data=data)
        self.file = data / "published" / "incidents.db"
        self.db = open_writer(self.settings.database)
        with transaction(self.db):
            register_source(self.db, {**SITE, "licence": "CC BY 4.0", "attribution": "Example, for everybody"})
            run = begin_run(self.db, "scrape", "example", "test", None)
        self.site = Site(self.db, run)

    def write(self, slug: str, cause: str = "site", **fields: Any) -> None:
        self.site.list(slug)
        self.site.commit(self.site.read(slug, record(**fields), causes=(cause,)))

    def publish(self) -> Published:
        result = publish(self.settings)
        assert isinstance(result, Published)
        return result


def fill(shelf: Shelf) -> None:
    refund: dict[str, Any] = {
        "title": "A chatbot promises a refund",
        "summary": "It had no right to.",
        "severity": "high",
        "category": "wrong_output; privacy_leak",
        "date_occurred": "2024-03",
        "date_reported": "2024-03-09",
        "ai_provider": "Northwind AI",
        "tags": ["refund", "chatbot"],
        "citations": [
            {
                "title": "The report",
                "publisher": "Daily",
                "date": "2024-03-09",
                "kind": "news",
                "url": "https://d.example/",
            }
        ],
        "raw": {"AI Provider": "Northwind AI"},
        "extra": {"Estimated Cost": "9 USD"},
    }
    shelf.write("refund-bot", description="The bot promised five dollars to a customer.\n\nHe waited.", **refund)
    shelf.write(
        "hostile",
        title=HOSTILE,
        summary=HOSTILE,
        description=HOSTILE,
        category=HOSTILE,
        ai_provider=HOSTILE,
        severity=f'critical" onmouseover="alert(4)" {HOSTILE}',
        tags=[HOSTILE, SCRIPT_URL],
        citations=[{"title": HOSTILE, "publisher": HOSTILE, "date": None, "kind": HOSTILE, "url": SCRIPT_URL}],
        raw={HOSTILE: SCRIPT_URL},
        extra={HOSTILE: HOSTILE},
    )
    for number in range(1, 60):
        severity = ("low", "medium", "critical")[number % 3]
        shelf.write(
            f"i{number}", title=f"Incident {number}", severity=severity, date_occurred=f"20{number % 20 + 5:02}"
        )
    shelf.site.commit(shelf.site.gone("i1"))
    shelf.write("refund-bot", description="The bot promised seven dollars to a customer.\n\nHe waited.", **refund)
    shelf.write("refund-bot", cause="parser", **{**refund, "status": "closed", "severity": "critical"})
    with transaction(shelf.db):
        end_run(shelf.db, shelf.site.run, "completed")
    shelf.publish()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("browse"))
    fill(shelf)
    yield shelf
    shelf.db.close()


class Pages:
    """Asks for pages as a browser does, without one."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def text(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def json(self, path: str) -> Any:
        return (await self.client.get(path)).json()


@pytest.fixture
async def pages(shelf: Shelf) -> AsyncIterator[Pages]:
    publication = Publication(shelf.file)
    transport = httpx.ASGITransport(publication)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
        yield Pages(client)
    await publication.close()
