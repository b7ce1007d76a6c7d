"""Random scripts of edits, failures, redesigns and parser changes: the database holds what the site served, whenever.

INGEST_SCRIPTS sets how many; a script that fails is told by its seed: INGEST_SEED=... INGEST_SCRIPTS=1 repeats it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlite_utils import Database

from ingest.store.acceptances import accept_page
from ingest.store.connection import open_reader, open_writer
from ingest.store.exports import record_rows
from ingest.store.reports import change_rows
from ingest.times import now
from tests.history.model import Model, content
from tests.history.world import World, new_world
from tests.store.conftest import url_of

SCRIPTS = int(os.environ.get("INGEST_SCRIPTS", "50"))
SEED = int(os.environ.get("INGEST_SEED", "1"))
WORDS = "court model refund answer agent policy airline".split()
MEMORY = Path("/dev/shm")
OPTIONAL = ("status", "severity", "model", "jurisdiction")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: every commit is synced."""
    with TemporaryDirectory(prefix="ingest-scripts-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        open_writer(Path(name) / "fresh.db").close()
        yield Path(name)


def test_the_history_of_random_scripts_is_what_was_served(folder: Path) -> None:
    print(f"seed {SEED}, {SCRIPTS} scripts")
    for number in range(SCRIPTS):
        seed = SEED + number
        world = new_world(folder / str(seed), folder / "fresh.db")
        try:
            asyncio.run(play(world, random.Random(seed)))
        except BaseException:
            print(f"This script failed: INGEST_SEED={seed} INGEST_SCRIPTS=1")
            raise


async def play(world: World, chance: random.Random) -> None:
    """A script, run by run; after the last one, every moment is looked at again."""
    model = Model(world.site)
    moments: list[tuple[str, dict[str, Any]]] = []
    for number in range(chance.randint(2, 8)):
        for _ in range(chance.randint(1, 5) if number else 8):
            edit(world, chance)
        if not world.site.listed:
            add(world, chance)
        flow = "reparse" if number and chance.random() < 0.25 else "scrape"
        getattr(model, flow)(world.parser)
        report = await world.run(flow)  # type: ignore[arg-type]
        assert report["outcome"] in ("completed", "held"), report
        if flow == "scrape" and report["outcome"] == "completed":
            model.baseline = len(world.site.listed)
        moments.append((now(), model.state()))
        accept_some(world, model, chance)
    db = open_reader(world.database)
    check_versions(db, model)
    check_changes(db)
    for moment, expected in moments:
        found = {row["id"].removeprefix("example:"): row["record"] for row in record_rows(db, moment)}
        assert found == expected, moment
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()


def edit(world: World, chance: random.Random) -> None:
    """One thing that may happen to the site or to the parser."""
    pages, site = world.site.pages, world.site
    slugs = sorted(pages)
    if not slugs or chance.random() < 0.2:
        add(world, chance)
        return
    slug = chance.choice(slugs)
    page = pages[slug]
    what = chance.random()
    if what < 0.08:
        pages[slug] = chance.choice([404, 500, 500])
    elif what < 0.16:
        site.listed ^= {slug}
    elif what < 0.24:
        world.parser += 1
    elif what < 0.3:
        for other in pages.values():
            if isinstance(other, dict):
                other["layout"] = world.parser + chance.choice([0, 1])
    elif isinstance(page, int):
        pages[slug] = new_page(world, chance)
    elif what < 0.4:
        page["noise"] = chance.random()
    elif what < 0.5:
        page["fields"]["tags"] = chance.sample(page["fields"]["tags"], len(page["fields"]["tags"]))
    elif what < 0.58:
        for name in chance.sample(OPTIONAL, chance.choice([1, 1, 2, 3])):
            page["fields"][name] = None
    else:
        name = chance.choice([*OPTIONAL, "title", "description", "tags"])
        page["fields"][name] = chance.sample(WORDS, 3) if name == "tags" else chance.choice(WORDS)


def add(world: World, chance: random.Random) -> None:
    slug = f"{chance.choice(WORDS)}-{len(world.site.pages)}"
    world.site.pages[slug] = new_page(world, chance)
    world.site.listed.add(slug)


def new_page(world: World, chance: random.Random) -> dict[str, Any]:
    fields = {name: chance.choice([*WORDS, None]) for name in OPTIONAL}
    texts = {name: chance.choice(WORDS) for name in ("title", "description")}
    return {"layout": chance.randint(1, world.parser), "fields": {**fields, **texts, "tags": chance.sample(WORDS, 2)}}


def accept_some(world: World, model: Model, chance: random.Random) -> None:
    for slug in model.refused_for_loss():
        if chance.random() < 0.5:
            db = open_writer(world.database)
            accept_page(db, url_of(slug))
            db.close()
            page = model.known[slug].refused
            assert page is not None
            model.accepted.add((slug, json.dumps(page, sort_keys=True).encode()))


def check_versions(db: Database, model: Model) -> None:
    """Every version that should be there, in order, and no other one; cursors without a gap, times never backwards."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    rows = list(db.query("SELECT * FROM incident_versions ORDER BY id"))
    for row in rows:
        versions = found.setdefault(row["incident_id"].removeprefix("example:"), [])
        versions.append((row["change"], row["cause"], json.loads(row["record"])))
        assert row["version"] == len(versions)
    assert found == {slug: list(map(astuple, versions)) for slug, versions in model.versions.items()}
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["observed_at"] for row in rows] == sorted(row["observed_at"] for row in rows)


def check_changes(db: Database) -> None:
    """The changed fields of each version are those in which its record differs from the one before it."""
    told: dict[int, dict[str, tuple[Any, Any]]] = {}
    for row in change_rows(db):
        fields = told.setdefault(row["cursor"], {})
        if row["field"] is not None:
            fields[row["field"]] = (row["old_value"], row["new_value"])
    before: dict[str, dict[str, Any]] = {}
    for row in db.query("SELECT id, incident_id, change, record FROM incident_versions ORDER BY id"):
        record = json.loads(row["record"])
        old = before.get(row["incident_id"])
        wanted = {} if old is None else differences(old, record)
        assert told[row["id"]] == wanted, row
        before[row["incident_id"]] = record


def differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    was, now_is = content(old), content(new)
    return {name: (old[name], new[name]) for name in new if was[name] != now_is[name]}
