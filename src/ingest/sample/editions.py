"""The editions of the sample site, and everything that was planted between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from ingest.sample.facts import Entry, Facts, load_data, load_incidents, print_entry
from ingest.sample.record import expected_record

Event = Mapping[str, Any]
"""One event of editions.toml."""

FAULT_STAGES = {"http_503": "fetch", "challenge": "parse", "unreadable_value": "validate"}
"""The kinds that end as a failure, each with the stage at which a reader meets it."""
PASSING_FAULTS = frozenset(["http_503", "challenge"])
"""The faults that hide a page for one edition and leave its words alone."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that a run over this edition has to report once.

    kind, with what detail holds:
    added, removed: nothing. changed: field, old and new, as record values. restored: nothing; and once more a changed
    field, with field, old and new. http_503: stage and retry_after_seconds. challenge: stage. unreadable_value: stage,
    field and text. unknown_label: label and value; the change of `extra` that comes with it is a changed of its own.
    redesigned: nothing, and slug is None: every page has another markup, and no change comes of it.
    """

    edition: int
    slug: str | None
    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """The site at one time. entries: its incidents in listing order, newest report first.

    gone: slugs that answer 410; faults: slugs whose page a passing fault hides; records: what a database holds that
    has read every edition up to this one, by slug, the gone ones as last read.
    """

    number: int
    published: date
    markup: str
    entries: tuple[Entry, ...]
    gone: frozenset[str]
    faults: Mapping[str, Event]
    records: Mapping[str, Mapping[str, Any]]
    planted: tuple[Planted, ...]


@dataclass(slots=True)
class _State:
    """printed: the words of each incident that was ever on the site; readable: the last ones that can be read."""

    printed: dict[str, Facts]
    readable: dict[str, Facts]
    gone: set[str] = field(default_factory=set)


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, the first at index 0."""
    roster = load_incidents()
    tables = load_data("editions.toml")["edition"]
    late = {event["slug"] for table in tables for event in table["events"] if event["kind"] == "added"}
    first = {slug: facts for slug, facts in roster.items() if slug not in late}
    state = _State(dict(first), dict(first))
    built = []
    for number, table in enumerate(tables, 1):
        planted = [one for event in table["events"] for one in _happen(state, event, number, roster)]
        built.append(_freeze(state, number, table, tuple(planted)))
    return tuple(built)


def planted(edition: int | None = None) -> tuple[Planted, ...]:
    """What was planted in one edition, or in all of them."""
    return tuple(one for each in editions() if edition in (None, each.number) for one in each.planted)


def _happen(state: _State, event: Event, number: int, roster: Mapping[str, Facts]) -> Iterator[Planted]:
    """Bring the site to the state after an event, and say what has to be reported of it."""
    kind, slug = event["kind"], event.get("slug")
    if slug is None:
        yield Planted(number, None, kind, {})
        return
    if kind == "added":
        state.printed[slug] = state.readable[slug] = roster[slug]
    elif kind == "removed":
        state.gone.add(slug)
    elif kind == "restored":
        state.gone.remove(slug)
    settings = event.get("set", {})
    state.printed[slug] = {**state.printed[slug], **settings}
    if kind in FAULT_STAGES:
        yield Planted(number, slug, kind, _fault_detail(event))
        return
    if kind == "unknown_label":
        yield from (
            Planted(number, slug, kind, {"label": label, "value": value}) for label, value in settings["extra"].items()
        )
    elif kind != "changed":
        yield Planted(number, slug, kind, {})
    old, state.readable[slug] = expected_record(state.readable[slug]), state.printed[slug]
    new = expected_record(state.readable[slug])
    change = "restored" if kind == "restored" else "changed"
    for name in settings:
        yield Planted(number, slug, change, {"field": name, "old": old[name], "new": new[name]})


def _fault_detail(event: Event) -> dict[str, Any]:
    detail = {"stage": FAULT_STAGES[event["kind"]]}
    for name, text in event.get("set", {}).items():
        detail |= {"field": name, "text": text}
    if "retry_after_seconds" in event:
        detail["retry_after_seconds"] = event["retry_after_seconds"]
    return detail


def _freeze(state: _State, number: int, table: Mapping[str, Any], planted: tuple[Planted, ...]) -> Edition:
    listed = sorted(
        (facts for slug, facts in state.printed.items() if slug not in state.gone),
        key=lambda facts: (facts["date_reported"], facts["slug"]),
        reverse=True,
    )
    return Edition(
        number=number,
        published=table["published"],
        markup=table["markup"],
        entries=tuple(map(print_entry, listed)),
        gone=frozenset(state.gone),
        faults={event["slug"]: event for event in table["events"] if event["kind"] in PASSING_FAULTS},
        records=MappingProxyType({slug: expected_record(facts) for slug, facts in state.readable.items()}),
        planted=planted,
    )
