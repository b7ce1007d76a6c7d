"""Addresses that a page prints."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from ingest.page import Node, Page
from ingest.sources import Source
from ingest.sources.urls import is_normal
from parsers.outline import Outline

MAX_LENGTH: Final = 2_000
_MAX_SLUGS: Final = 2_000


class Links:
    """Resolves the references of one page, by its own address and its `base` element."""

    __slots__ = ("_base", "_root", "_slugs", "_source")

    def __init__(self, page: Page, source: Source) -> None:
        self._source = source
        base = _base_reference(page.root) if page.root is not None else ""
        self._base = _join(page.url or "", base) or page.url or ""
        parts = urlsplit(self._base)
        self._root = f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""
        self._slugs = _slugs_of(source.name, source.file_sha256, source.mirror_origin, self._root)

    def resolve(self, reference: str) -> str | None:
        """The http or https URL that a reference leads to, a mirror's as the site's own; None for every other one."""
        # By the site's root alone where that is enough: the menus of its pages then resolve once for all of them.
        url = _join(self._root if self._is_rooted(reference) else self._base, reference)
        return None if url is None else self._source.own_url(url)

    def slug(self, reference: str) -> str | None:
        """The slug of the incident that a reference leads to; None for every other one."""
        slug = self._slugs.get(reference)
        if slug is None:
            slug = self._find_slug(reference) or ""
            if self._is_rooted(reference):
                if len(self._slugs) >= _MAX_SLUGS:
                    self._slugs.clear()
                self._slugs[reference] = slug
        return slug or None

    def _find_slug(self, reference: str) -> str | None:
        url = self.resolve(reference)
        return self._source.incident_slug(url) if url is not None and self._source.in_scope(url) else None

    def _is_rooted(self, reference: str) -> bool:
        return bool(self._root) and reference.startswith("/") and not reference.startswith("//")


@lru_cache(maxsize=16)
def _slugs_of(name: str, file_sha256: str, mirror_origin: str | None, root: str) -> dict[str, str]:
    """What the references of one site below its root have been found to lead to, "" for what is no incident.

    The pages of a site share their menus.
    """
    return {}


class IncidentLinks:
    """The links of a page that lead to other incidents of its site, in page order."""

    __slots__ = ("_outline", "_places", "slugs")

    def __init__(self, outline: Outline, source: Source, links: Links, own_url: str | None) -> None:
        own = source.incident_slug(own_url) if own_url is not None else None
        self._outline = outline
        self._places: list[int] = []
        self.slugs: list[str] = []
        for link in outline.tagged["a"]:
            slug = links.slug(link.attributes.get("href", ""))
            if slug is not None and slug != own:
                self._places.append(outline.start(link))
                self.slugs.append(slug)

    def are_in(self, node: Node) -> bool:
        """Whether a node holds one of them, or is one."""
        start, stop = self._outline.span(node)
        first = bisect_left(self._places, start)
        return first < len(self._places) and self._places[first] < stop


def _base_reference(root: Node) -> str:
    heads = (child for child in root.children if child.tag == "head")
    return next((node.attributes.get("href", "") for head in heads for node in head.find("base")), "")


@lru_cache(maxsize=2_000)
def _join(base: str, reference: str) -> str | None:
    if not reference.strip() or len(reference) > MAX_LENGTH:
        return None
    if is_normal(reference):
        return reference
    try:
        own = urlsplit(reference.strip())
        url = own.geturl() if own.scheme and own.netloc else urljoin(base, reference.strip())
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        valid = valid and not (own.scheme and not own.netloc)
    except ValueError:
        return None
    return url.replace(" ", "%20") if valid else None


def find_links(root: Node) -> Iterator[Node]:
    """The links below a node, and the node itself where it is one, in page order."""
    return (node for node in root.walk() if node.tag == "a" and node.attributes.get("href"))
