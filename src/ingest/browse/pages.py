"""The pages that are not Datasette's: front, changes, their feed, dashboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response
from sqlite_utils import Database

from ingest.browse.dashboard import Dashboard
from ingest.browse.timeline import CHANGES, read_latest
from ingest.feed import write_feed
from ingest.store.exports import last_version, version_rows

FRONT_VERSIONS = 8
PAGE_VERSIONS = 50
FEED_VERSIONS = 100
NO_CURSOR = 2**62
"""Greater than any cursor."""


def own_pages(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The pages as patterns of their paths. Their dashboard is counted once a file."""
    database = datasette.get_database("incidents")
    dashboard = Dashboard(database)

    async def show(request: Any, template: str, **content: Any) -> Response:
        return Response.html(await datasette.render_template(template, content, request=request))

    async def front(request: Any) -> Response:
        latest = await read_latest(database, NO_CURSOR, FRONT_VERSIONS)
        return await show(request, "front.html", versions=latest, severities=await dashboard.severities())

    async def changes(request: Any) -> Response:
        wanted, before = request.args.get("change"), request.args.get("before") or ""
        change = wanted if wanted in CHANGES else None
        start = min(int(before), NO_CURSOR) if before.isascii() and before.isdigit() else NO_CURSOR
        versions = await read_latest(database, start, PAGE_VERSIONS + 1, change)
        older = {"before": versions[PAGE_VERSIONS - 1].id} if len(versions) > PAGE_VERSIONS else None
        link = older and "?" + urlencode(older | ({"change": change} if change else {}))
        content = {"versions": versions[:PAGE_VERSIONS], "older": link, "change": change, "kinds": CHANGES}
        return await show(request, "changes.html", **content)

    async def charts(request: Any) -> Response:
        return await show(request, "dashboard.html", charts=await dashboard.charts())

    async def feed() -> Response:
        text = await database.execute_fn(write_changes)
        return Response(text, content_type="application/atom+xml; charset=utf-8")

    return [(r"/$", front), (r"/changes$", changes), (r"/changes\.atom$", feed), (r"/dashboard$", charts)]


def write_changes(connection: Any) -> str:
    """The last versions as an Atom feed."""
    db = Database(connection, execute_plugins=False)
    cursor, at = last_version(db)
    return "".join(write_feed(version_rows(db, max(0, cursor - FEED_VERSIONS)), at))
