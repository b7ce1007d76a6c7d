"""Versions as an Atom feed (RFC 4287), an entry a version. Every text is escaped; markup is never made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "http://www.w3.org/2005/Atom"
# A tag URI (RFC 4151) needs the name of somebody who gives it out, for ever. The domain of a site may change hands,
# and .invalid (RFC 2606) is nobody's.
_TAG = "tag:ingest.invalid,2026:"
NEVER = "1970-01-01T00:00:00.000000Z"
"""When a feed without a version was updated."""
SHOWN = 500
"""Characters of a value that an entry shows."""

# What XML 1.0 (2.2) does not allow, and what is allowed but controls a terminal or the direction of text.
_REMOVED = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def write_feed(versions: Iterable[Mapping[str, Any]], updated: str | None) -> Iterator[str]:
    """The document in parts, in ASCII. updated: when the last version of all was observed, None where there is none.

    A version has: incident_id, version, change, cause, observed_at, title, summary, url, licence, attribution, and
    changes as a list of field, old_value, new_value.
    """
    feed = Element("feed", xmlns=NAMESPACE)
    _add(feed, "id", f"{_TAG}changes")
    _add(feed, "title", "Incidents: what changed")
    _add(feed, "updated", updated or NEVER)
    _add(SubElement(feed, "author"), "name", "ingest")
    head, end = _text(feed).split("</feed>")
    yield f'<?xml version="1.0" encoding="utf-8"?>\n{head}'
    yield from (_text(make_entry(version)) for version in versions)
    yield f"</feed>{end}"


def make_entry(version: Mapping[str, Any]) -> Element:
    """A version as an entry. Its id is made from the incident and its version number and never changes."""
    entry = Element("entry")
    _add(entry, "id", f"{_TAG}{quote(version['incident_id'], safe=':')}/{version['version']}")
    _add(entry, "title", f"{version['change']}: {version['title'] or version['incident_id']}")
    _add(entry, "updated", version["observed_at"])
    if version["url"].startswith(("https://", "http://")):
        SubElement(entry, "link", rel="alternate", href=_clean(version["url"]))
    for scheme in ("change", "cause"):
        SubElement(entry, "category", scheme=f"{_TAG}{scheme}", term=version[scheme])
    if rights := "; ".join(filter(None, (version["attribution"], version["licence"]))):
        _add(entry, "rights", rights)
    _add(entry, "content", _content(version))
    return entry


def _content(version: Mapping[str, Any]) -> str:
    """The changed fields; the summary of an incident that is told of for the first time."""
    if version["changes"]:
        return "\n".join(map(_line, version["changes"]))
    told = version["summary"] if version["change"] == "added" else None
    return told or f"The incident was {version['change']}."


def _line(change: Mapping[str, Any]) -> str:
    return f"{change['field']}: {_shown(change['old_value'])} → {_shown(change['new_value'])}"


def _shown(value: object) -> str:
    text = "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _add(parent: Element, name: str, text: str) -> None:
    element = SubElement(parent, name)
    element.text = _clean(text)
    if name in ("title", "rights", "content"):
        element.set("type", "text")


def _clean(text: str) -> str:
    return _REMOVED.sub("", text)


def _text(element: Element) -> str:
    return str(tostring(element, encoding="us-ascii"), "ascii") + "\n"
