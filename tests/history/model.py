"""What the database should hold, worked out from what the site served and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.history.world import REQUIRED, Site, encode, interpret

Page = dict[str, Any]
Record = dict[str, Any]


@dataclass
class Known:
    """One incident as far as the runs have seen it. read: the page last read; refused: a newer one that was not."""

    record: Record | None = None
    removed: bool = False
    missing: bool = False
    read: Page | None = None
    parser: int = 0
    refused: Page | None = None
    lost: bool = False
    """Whether the refused page was refused for the fields that it lacks."""


@dataclass(frozen=True)
class Version:
    """A version that a run should add."""

    change: str
    cause: str
    record: Record


@dataclass
class Model:
    """The rules of versions, once more and plainly."""

    site: Site
    known: dict[str, Known] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    accepted: set[tuple[str, bytes]] = field(default_factory=set)
    baseline: int | None = None

    def scrape(self, parser: int) -> None:
        """A scrape as it should go, but for the verdict on it."""
        listed = sorted(self.site.listed)
        for slug in listed:
            self.known.setdefault(slug, Known()).missing = False
            self._visit(slug, parser)
        if self.baseline is not None and len(listed) < 0.7 * self.baseline:
            return
        absent = [slug for slug, one in self.known.items() if slug not in listed and one.record and not one.removed]
        for slug in absent:
            one = self.known[slug]
            answered = self._visit(slug, parser)
            if answered or one.removed:
                continue
            if one.missing:
                self._remove(slug)
            one.missing = True

    def reparse(self, parser: int) -> None:
        for slug, one in self.known.items():
            page = one.refused or (None if one.removed else one.read)
            if page is not None:
                self._judge(slug, page, parser)

    def state(self) -> dict[str, Record]:
        """The records that stand now, by slug."""
        return {slug: copy.deepcopy(one.record) for slug, one in self.known.items() if one.record and not one.removed}

    def refused_for_loss(self) -> Iterator[str]:
        return (slug for slug, one in self.known.items() if one.refused is not None and one.lost)

    def _visit(self, slug: str, parser: int) -> bool:
        """Whether the site's answer shows that the incident is alive, or that it is gone."""
        one, page = self.known[slug], self.site.pages[slug]
        if isinstance(page, int):
            if page == 404 and one.record is not None:
                self._remove(slug)
                return True
            return False
        one.missing = False
        if one.read is not None and encode(one.read) == encode(page) and one.parser == parser:
            one.refused = None
        else:
            self._judge(slug, page, parser)
        return True

    def _remove(self, slug: str) -> None:
        one = self.known[slug]
        if not one.removed and one.record is not None:
            self._add(slug, Version("removed", "site", one.record))
        one.removed, one.read, one.refused = True, None, None

    def _judge(self, slug: str, page: Page, parser: int) -> None:
        one, page = self.known[slug], copy.deepcopy(page)
        new = interpret(page, parser)
        if new is None:
            one.refused, one.lost = page, False
            return
        same_page = one.read is not None and encode(one.read) == encode(page)
        steps = [("parser" if same_page else "site", new)]
        if not same_page and one.read is not None and one.parser != parser:
            old = interpret(one.read, parser)
            if old is not None and not (one.record and loses(one.record, old)):
                steps.insert(0, ("parser", old))
        if one.record and loses(one.record, new) and (slug, encode(page)) not in self.accepted:
            one.refused, one.lost = page, True
            return
        for cause, record in steps:
            self._step(slug, cause, record)
        one.read, one.parser, one.refused = page, parser, None

    def _step(self, slug: str, cause: str, record: Record) -> None:
        one = self.known[slug]
        if one.record is None:
            self._add(slug, Version("added", cause, record))
        elif one.removed:
            self._add(slug, Version("restored", cause, keep_order(one.record, record)))
        elif content(one.record) != content(record):
            self._add(slug, Version("changed", cause, keep_order(one.record, record)))
        else:
            return
        one.record, one.removed = keep_order(one.record, record), False

    def _add(self, slug: str, version: Version) -> None:
        self.versions.setdefault(slug, []).append(version)


def content(record: Mapping[str, Any]) -> dict[str, Any]:
    """What of a record counts: everything but evidence, tags as a set."""
    return {**record, "raw": None, "tags": sorted(record["tags"])}


def keep_order(old: Record | None, new: Record) -> Record:
    """Tags that are the same set stay in the order in which they stand."""
    return {**new, "tags": old["tags"]} if old and set(old["tags"]) == set(new["tags"]) else new


def loses(old: Record, new: Record) -> bool:
    empty = (None, [], {})
    lost = {name for name in old if name not in ("raw", "extra") and old[name] not in empty and new[name] in empty}
    return len(lost) >= 2 or bool(lost & REQUIRED)
