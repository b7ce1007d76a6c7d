"""Real pages with every revision since 2021, replayed in order: a version appears when and only when a value changed.

What the pages say is worked out here with regular expressions over their source: these pages print every label as
`<dt>`, its value as the next `<dd>`, and the text below one heading. The label reader has no part in that.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_body
from ingest.sources import read_source
from ingest.store.connection import open_reader, open_writer
from parsers import read
from tests.history.world import World, new_world

REVISIONS = Path(__file__).parents[3] / "shared" / "corpus" / "history"
SOURCE = r"""
version = 1
title = "Advisories"
home_url = "https://incidents.example/"
incident_url = 'https://incidents\.example/incidents/(?P<slug>[A-Z0-9-]+)'
listings = ["https://incidents.example/incidents"]
optional = ["Details", "Reported"]
ignore = [
    "CVSS", "CVSS Score", "CVSS Vector", "CVSS Details", "Attack Vector", "Attack Complexity", "Privileges Required",
    "User Interaction", "Scope", "Confidentiality Impact", "Integrity Impact", "Availability Impact", "Confidentiality",
    "Integrity", "Availability", "More", "Affected Functions", "Affected Architectures", "Affected OS",
]
[labels]
"Package" = "model"
"Type" = "category"
"Patched" = "jurisdiction"
"Details" = "ai_provider"
"Reported" = "date_reported"
[sections]
"Description" = "description"
"""
ALIAS = '[aliases]\n"References" = "Details"\n'
SAME = {"References": "Details"}
IGNORED = re.compile("CVSS.*|Affected .*")

pytestmark = pytest.mark.skipif(not REVISIONS.is_dir(), reason=f"the revisions are not at {REVISIONS}")


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def values_of(page: str) -> list[tuple[str, str]] | None:
    """Everything that a page says, by label; None for the layout of before April 2021, which has no labels."""
    article = re.search(r"<article>(.*?)</article>", page, re.S)
    if article is None or "<dt" not in article[1]:
        return None
    body = re.sub(r"<dd>\s*<dl>.*?</dl>\s*</dd>", "<dd></dd>", article[1], flags=re.S)
    pairs = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd>(.*?)</dd>", body, re.S)
    values = [(SAME.get(text_of(label), text_of(label)), text_of(value)) for label, value in pairs]
    head = re.search(r"</h1>(.*?)<dl>", body, re.S)
    described = re.search(r'id="description">.*?</h3>(.*?)(?=<h3|$)', body, re.S)
    texts = [("above the labels", head), ("the description", described)]
    return [(label, value) for label, value in values if not IGNORED.fullmatch(label)] + [
        (name, text_of(found[1]) if found else "") for name, found in texts
    ]


def revisions() -> dict[str, list[bytes]]:
    pages = {}
    for folder in sorted(REVISIONS.iterdir()):
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        pages[folder.name] = [(folder / one["file"]).read_bytes() for one in index if one["file"]]
    return pages


def use_source(world: World, text: str) -> None:
    world.read = partial(read_body, source=read_source("example", text, "example.toml"), parse=read)


@pytest.fixture
def world(tmp_path: Path) -> World:
    open_writer(tmp_path / "fresh.db").close()
    return new_world(tmp_path / "data", tmp_path / "fresh.db")


def rows(world: World, query: str) -> list[dict[str, Any]]:
    db = open_reader(world.database)
    found = list(db.query(query))
    db.close()
    return found


def steps(pages: dict[str, list[bytes]]) -> Iterator[dict[str, bytes]]:
    for number in range(max(map(len, pages.values()))):
        yield {slug: many[number] for slug, many in pages.items() if number < len(many)}


def test_a_version_appears_when_and_only_when_a_value_changed(world: World) -> None:
    use_source(world, SOURCE + ALIAS)
    said: dict[str, list[tuple[str, str]]] = {}
    count, regenerated = 0, 0
    for step in steps(revisions()):
        world.site.pages |= step
        world.site.listed |= set(step)
        asyncio.run(world.run("scrape"))
        wanted = set()
        for slug, page in step.items():
            values = values_of(page.decode())
            if values is not None and values != said.get(slug):
                wanted.add(f"example:{slug}")
                said[slug] = values
            regenerated += values is not None and f"example:{slug}" not in wanted
        new = rows(world, f"SELECT incident_id, change FROM incident_versions WHERE id > {count}")
        assert {row["incident_id"] for row in new} == wanted
        assert len(new) == len(wanted)
        count += len(new)
    assert count > 90
    assert regenerated > 100


def test_a_renamed_label_that_no_alias_covers_is_drift_and_an_alias_brings_its_values_back(world: World) -> None:
    before, after = {}, {}
    for slug, pages in revisions().items():
        place = next(i for i, page in enumerate(pages) if b">References</dt>" in page)
        before[slug], after[slug] = pages[place - 1], pages[place]
    use_source(world, SOURCE)
    world.site.pages, world.site.listed = dict(before), set(before)
    asyncio.run(world.run("scrape"))
    world.site.pages = dict(after)
    report = asyncio.run(world.run("scrape"))
    assert report["outcome"] == "held"
    assert "ai_provider" in report["message"]
    drift = "SELECT kind, pages FROM open_drift WHERE field = 'References'"
    assert rows(world, drift) == [{"kind": "unknown_label", "pages": len(after)}]
    use_source(world, SOURCE + ALIAS)
    world.parser += 1
    assert asyncio.run(world.run("reparse"))["outcome"] == "completed"
    assert rows(world, drift) == []
    assert rows(world, "SELECT count(*) AS n FROM incidents WHERE ai_provider IS NULL") == [{"n": 0}]
