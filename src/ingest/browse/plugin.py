"""The plugin, hook by hook: our pages and facets, safe links, and headers that keep scraped markup harmless."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils import tilde_encode, urlsafe_components
from datasette.utils.asgi import Response
from markupsafe import Markup

from ingest.browse.charts import lay_out
from ingest.browse.facets import HAS, CountedFacet, TagFacet, filter_parts, through_tag
from ingest.browse.incident import read_incident
from ingest.browse.pages import own_pages
from ingest.browse.wording import ago, day, edges, name_field, to_words, web_url

HEADERS = {
    # No script at all, nothing from elsewhere, no inline style.
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
CACHE_KILOBYTES = 32_000
FACETS = {name: place for place, name in enumerate(("severity", "category", "ai_provider", "tags", "date_occurred"))}
_SOURCES = """
SELECT s.*, max(r.finished_at) FILTER (WHERE r.outcome = 'completed') AS last_completed_at,
       coalesce(i.incidents, 0) AS incidents
FROM sources s LEFT JOIN runs r ON r.source = s.id
LEFT JOIN (SELECT source, count(*) AS incidents FROM incidents WHERE removed_at IS NULL GROUP BY +source) i
       ON i.source = s.id
GROUP BY s.id ORDER BY s.name
"""


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> Callable[[], Awaitable[None]]:
    """Words for templates, and what holds for a whole file: its manifest and its sources."""

    async def prepare() -> None:
        env.filters.update(FILTERS)
        database = datasette.get_database("incidents")
        env.globals["manifest"] = dict((await database.execute("SELECT * FROM manifest")).first())
        env.globals["sources"] = [dict(row) for row in await database.execute(_SOURCES)]

    return prepare


@hookimpl
def prepare_connection(conn: Any) -> None:
    """Room for the pages of the indices that lists and facets go through."""
    conn.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


@hookimpl
def extra_template_vars(table: str | None, view_name: str, request: Any, datasette: Any) -> Any:
    """The timeline and the rest of an incident's page."""

    async def read() -> dict[str, Any]:
        [incident_id] = urlsafe_components(request.url_vars["pks"])
        return await read_incident(datasette.get_database("incidents"), incident_id)

    return read if (view_name, table) == ("row", "incidents") else {}


@hookimpl
def register_facet_classes() -> list[type]:
    return [CountedFacet, TagFacet]


@hookimpl
def filters_from_request(request: Any, table: str) -> Any:
    return filter_parts(request.args) if table == "incidents" else None


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    return own_pages(datasette)


@hookimpl
def render_cell(value: Any, column: str, database: str, datasette: Any) -> Markup | None:
    """Links to incidents and versions, and web links that tell the other site nothing and earn it nothing."""
    if not isinstance(value, str):
        return None
    if column in ("incident_id", "moved_to"):
        url = datasette.urls.table(database, "incidents") + "/" + tilde_encode(value)
        return Markup('<a href="{}">{}</a>').format(url, value)
    if url := web_url(value):
        return Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(url, value)
    return None


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """The headers, on every answer."""
    added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    def wrap(application: Any) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            async def send_with_headers(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*_without(message.get("headers", [])), *added]}
                await send(message)

            await application(scope, receive, send_with_headers)

        return answer

    return wrap


def tag_url(tag: str) -> str:
    """The query string by which the list of incidents shows those with a tag."""
    return "?" + urlencode({"_through": through_tag(tag)})


def part_url(part: str, column: str) -> str:
    """The query string by which the list of incidents shows those that have a part of a value."""
    return "?" + urlencode({HAS + column: part})


def in_order(facets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facets as the page shows them; those that a reader has asked for come last."""
    return sorted(facets, key=lambda facet: (facet["hideable"], FACETS.get(facet["name"], len(FACETS))))


def as_json(value: Any) -> str:
    """JSON text, indented for people; text that is none stays as it is."""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False, indent=2)
    except (TypeError, ValueError):
        return str(value)


FILTERS = {
    "ago": ago,
    "as_json": as_json,
    "day": day,
    "edges": edges,
    "field_name": name_field,
    "in_order": in_order,
    "lay_out": lay_out,
    "part_url": part_url,
    "tag_url": tag_url,
    "tilde": tilde_encode,
    "web_url": web_url,
    "words": to_words,
}
"""What templates can say."""


def _without(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.decode("latin-1").lower() not in HEADERS]
