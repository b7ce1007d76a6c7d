"""Imports go one way: commands, flows, the pipeline, its parts; parsers see pages and sources only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("src/ingest/**/*.py"), *ROOT.glob("parsers/**/*.py"), *ROOT.glob("flows/**/*.py")]

WORDS = {"errors", "redaction", "signals", "times"}
"""What every module may use."""
ALLOWED = {
    "page": set(),
    "labels": {"page"},
    "dates": set(),
    "extraction": set(),
    "sources": {"dates", "extraction", "labels", "page"},
    "words": set(),
    "witnesses": {"dates", "extraction", "labels", "sources", "words"},
    "values": {"dates", "extraction", "sources", "words"},
    "records": {"extraction", "sources", "values", "witnesses"},
    "reading": {"extraction", "page", "records", "sources"},
    "readers": {"extraction", "reading", "sources"},
    "parsers": {
        "dates",
        "extraction",
        "labels",
        "page",
        "readers",
        "reading",
        "records",
        "sources",
        "witnesses",
        "words",
    },
    "schedules": set(),
    "settings": {"schedules"},
    "notify": {"fetch", "settings"},
    "status": {"schedules"},
    "fetch": set(),
    "archive": set(),
    "backoff": set(),
    "changes": set(),
    "captures": {"archive", "fetch"},
    "results": {"archive", "extraction"},
    "guard": {"changes", "extraction", "results"},
    "drift": {"sources"},
    "countries": {"words"},
    "store": {
        "archive",
        "backoff",
        "changes",
        "countries",
        "drift",
        "extraction",
        "guard",
        "results",
        "settings",
        "words",
    },
    "notes": {"fetch", "recorder", "results", "store", "visit"},
    "recorder": {"archive", "captures", "fetch", "results", "store"},
    "garbage": set(),
    "orphans": set(),
    "parsing": {"archive", "captures", "changes", "extraction", "orphans", "readers", "reading"},
    "lease": set(),
    "discovery": {"extraction", "results"},
    "backlog": set(),
    "visit": {
        "backlog",
        "captures",
        "extraction",
        "fetch",
        "parsing",
        "readers",
        "reading",
        "recorder",
        "results",
        "store",
    },
    "listing": {
        "captures",
        "discovery",
        "extraction",
        "fetch",
        "parsing",
        "readers",
        "reading",
        "recorder",
        "results",
        "store",
        "visit",
    },
    "rereading": {"extraction", "parsing", "results", "store", "visit"},
    "recovery": {"archive", "captures", "fetch", "results", "store"},
    "batches": {"recorder", "results", "visit"},
    "pipeline": {"batches", "discovery", "drift", "listing", "recorder", "rereading", "results", "store"},
    "session": {
        *("backlog", "batches", "drift", "fetch", "garbage", "lease", "listing", "notes", "parsing", "pipeline"),
        *("readers", "recorder"),
        *("recovery", "rereading", "settings", "sources", "store", "visit"),
    },
    "flows": {
        *("batches", "lease", "notify", "parsers", "pipeline", "publish", "results", "schedules", "session"),
        *("settings", "store"),
    },
    "publish": {"lease", "settings", "store"},
    "merge": {"lease", "publish", "settings", "store"},
    "cases": {"extraction", "reading"},
    "onboarding": {"dates", "extraction", "labels", "page", "parsers", "reading", "records", "sources", "words"},
    "worddiff": set(),
    "browse": {"feed", "store", "worddiff"},
    "export": {"records"},
    "feed": set(),
    "check": {"archive", "captures", "fetch", "lease", "publish", "recovery", "results", "settings", "store"},
    "sample": set(),
}
ONLY_IN = {
    "prefect": {"flows"},
    "httpx": {"fetch", "flows"},  # flows only for the errors that Prefect's client raises
    "aiohttp": {"fetch"},
    "selectolax": {"page"},
    "sqlite3": {"store"},
    "pysqlite3": {"store"},
    "fastwarc": {"archive"},
    "datasette": {"browse"},
    "uvicorn": {"browse"},
    "cronsim": {"schedules"},
    "protego": {"fetch"},
    "pebble": {"parsing"},
    "pycountry": {"countries"},
    "click": {"cli"},
    "rich": {"cli"},
}
"""A library -> the one room that knows it."""


def unit(path: Path) -> str:
    """The room that a file is in: a module or package of ingest, or parsers, or flows."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[2] if parts[0] == "src" else parts[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def room(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "ingest":
        return parts[1] if len(parts) > 1 else None
    return parts[0] if parts[0] in ("parsers", "flows") else None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    here = unit(path)
    for module in imports(path):
        library = module.split(".")[0]
        assert here in ONLY_IN.get(library, {here}), f"{here} must not import {library}"
        there = room(module)
        if there is not None and there != here and here not in ("cli", "__main__") and there not in WORDS:
            assert there in ALLOWED.get(here, set()), f"{here} must not import {there}"


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "src" else parts).removesuffix(".__init__")


def test_no_module_is_imported_by_what_it_imports() -> None:
    known = {dotted(path): path for path in SOURCES}
    graph = {name: {there for there in imports(path) if there in known} for name, path in known.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_commands_start_without_prefect_and_without_each_other() -> None:
    for path in ROOT.glob("src/ingest/cli/*.py"):
        top = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ImportFrom)]
        assert not any((node.module or "").startswith("flows") for node in top), path
