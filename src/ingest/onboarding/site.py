"""What pages say of their site: its name, and under which licence it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from ingest.onboarding.examples import NOWHERE, Example
from ingest.page import Node, fold
from ingest.words import to_slug

_BETWEEN = re.compile(r"\s+[|›»–—·•:-]+\s+")
_CREATIVE = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)", re.IGNORECASE)
_SPDX = re.compile(r"spdx\.org/licenses/([A-Za-z0-9.-]+?)(?:\.html)?$")
_TITLE_CHARACTERS = 80


def guess_title(examples: Sequence[Example], host: str) -> str:
    """The site's name as its pages give it, else as their titles share it, else its host."""
    named = Counter(filter(None, (_site_name(example.root) for example in examples)))
    if named:
        return named.most_common(1)[0][0]
    titles = [_BETWEEN.split(_title(example.root)) for example in examples]
    for place in (-1, 0):
        ends = {parts[place] for parts in titles}
        if (
            all(len(parts) > 1 for parts in titles)
            and len(ends) == 1
            and 0 < len(end := ends.pop()) < _TITLE_CHARACTERS
        ):
            return end
    return host


def guess_name(title: str, home_url: str) -> str:
    """A name for the source: the host without `www` and its last part; for an address or no host, from the title."""
    host = (urlsplit(home_url).hostname or "").removeprefix("www.")
    parts = host.split(".")
    if home_url != NOWHERE and len(parts) > 1 and not parts[-1].isdigit():
        name = "-".join(parts[:-1])
    else:
        name = to_slug(title).replace("_", "-")
    name = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")
    return name[:40].rstrip("-_") or "site"


def find_licence(examples: Sequence[Example]) -> str | None:
    """The licence to which at least half of the pages link, in its usual short form."""
    found = Counter(licence for example in examples for licence in set(_licences(example.root)))
    best = found.most_common(1)
    return best[0][0] if best and 2 * best[0][1] >= len(examples) else None


def _licences(root: Node) -> list[str]:
    licences = []
    for node in root.find("a", "link"):
        address = node.attributes.get("href", "")
        if creative := _CREATIVE.search(address):
            kind = creative[1].lower()
            licences.append(f"CC0 {creative[2]}" if kind == "zero" else f"CC {kind.upper()} {creative[2]}")
        elif spdx := _SPDX.search(address):
            licences.append(spdx[1])
    return licences


def _site_name(root: Node) -> str:
    for node in root.find("meta"):
        if node.attributes.get("property") == "og:site_name":
            return fold(node.attributes.get("content", ""))[:_TITLE_CHARACTERS]
    return ""


def _title(root: Node) -> str:
    return next((node.whole_text() for node in root.find("title")), "")
