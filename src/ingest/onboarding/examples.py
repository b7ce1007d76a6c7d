"""Example pages of one site: opened, and refused where they are not what a source's file can be made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote, urljoin

from ingest.errors import IngestError
from ingest.page import Node, PageError, open_page
from ingest.reading import canonical_link
from parsers.refusals import diagnose_listing

_SHELL_CHARACTERS = 100
"""A page whose text stands in a form or a menu is no shell when it has as many."""
NOWHERE = "https://site.invalid/"
"""Stands for the site where no page says its address (RFC 2606 keeps the name free)."""


class OnboardingError(IngestError):
    """No source's file can be made from these pages. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Example:
    """One page. name: as the caller gave it; url: where it stands; told: whether the page or the fetch says so."""

    name: str
    body: bytes
    content_type: str | None
    url: str
    told: bool
    root: Node


def open_example(name: str, body: bytes, content_type: str | None, url: str | None, folder: str | None) -> Example:
    """A page to learn from. Raises OnboardingError for what is none: a text, a challenge, a shell that a script fills.

    url: where it was fetched. folder: the address that a file without one of its own is taken to stand below.
    """
    try:
        page = open_page(body, content_type, url)
    except PageError as error:
        raise OnboardingError(f"{name} is no page that can be read: {error}") from error
    if page.root is None:
        raise OnboardingError(f"{name} is a text without markup; give pages as the site serves them.")
    refusal = diagnose_listing(page.root)
    if refusal is not None and not (refusal.kind == "empty_shell" and len(page.root.whole_text()) > _SHELL_CHARACTERS):
        raise OnboardingError(f"{name} is no example: {refusal.message}")
    link = canonical_link(page)
    base = url or folder or NOWHERE
    if link is not None:
        own = urljoin(base, link)
        return Example(name, body, content_type, own, not own.startswith(NOWHERE), page.root)
    own = url or urljoin(base, quote(PurePath(name).name))
    return Example(name, body, content_type, own, url is not None, page.root)


def list_names(examples: Sequence[Example], most: int = 3) -> str:
    """The first names of some pages."""
    names = [example.name for example in examples]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
