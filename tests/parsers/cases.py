"""The fixtures: a folder a case, with a page, what is known of its response, and what must come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ingest.extraction import Listing, Refusal
from ingest.reading import Reading, read_body, read_listing
from ingest.sources import Source
from parsers import listing, load_source, read

FIXTURES = Path(__file__).parents[1] / "fixtures"


@dataclass(frozen=True)
class Case:
    """One fixture."""

    folder: Path

    def __str__(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def source(self) -> Source:
        return load_source(self.folder.parent.name)

    @property
    def page(self) -> Path:
        return next(path for path in sorted(self.folder.glob("page.*")) if path.suffix != ".json")

    @property
    def body(self) -> bytes:
        return self.page.read_bytes()

    @property
    def response(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "page.json").read_text()))

    @property
    def golden(self) -> Path:
        """What must come of the page: expected.json, or refused.json."""
        refused = self.folder / "refused.json"
        return refused if refused.exists() else self.folder / "expected.json"

    def read(self, body: bytes | None = None) -> Reading | Listing | Refusal:
        """What comes of the page, or of another body in its place; listings are known by their URL."""
        source, response = self.source, self.response
        is_incident = source.identify(response["url"]) is not None
        way: Any = partial(read_body, parse=read) if is_incident else partial(read_listing, parse=listing)
        result: Reading | Listing | Refusal = way(body or self.body, response["content_type"], response["url"], source)
        return result


def cases(site: str = "*") -> list[Case]:
    """All fixtures of a site, or of every one."""
    return [Case(path.parent) for path in sorted(FIXTURES.glob(f"{site}/*/page.json"))]
