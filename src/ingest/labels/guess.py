"""Labels that nobody named: found by how pages of one site repeat themselves, and by what the markup says.

What recurs on many pages, while what it leads to differs, is a label. What recurs together with what it leads to is
furniture: menus, headings, footers. A page alone can only show its markup: lists of definitions, headed rows, colons,
rows of one make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ingest.labels.label import Label
from ingest.labels.pair import folded_key
from ingest.labels.sightings import Place, Sighting, find_candidates, find_sightings
from ingest.labels.texts import read_texts
from ingest.labels.view import View
from ingest.page import Node
from ingest.page.node import names

_MARKED: Final = names("th b strong label em i h1 h2 h3 h4 h5 h6")
"""Elements that make a cell stand out as a label."""
_SEVERAL_PAGES: Final = 2
_COMMON_SHARE: Final = 0.6
"""The share of the pages that must print a label, on average, where nothing but the pages shows labels."""
_LINKED_SHARE: Final = 0.8
"""The share of the pages that must print a label that is a link: what menus and lists of links offer differs more."""
_REPEATED_SHARE: Final = 0.2
"""The share of labels that may stand twice on a page in one place of its template: entries of a list repeat more."""
_ENOUGH_ROWS: Final = 4
_SHORT_VALUE: Final = 60
"""Pairs of one make, with values as short, that show without any other sign that their first parts are labels."""

_Groups = dict[Place, list[Sighting]]


def guess_labels(views: list[View], roots: list[Node]) -> list[list[Label]]:
    """The labels of each page, all pages taken together."""
    texts = [read_texts(root) for root in roots]
    labels = [list(find_candidates(view, *page)) for view, page in zip(views, texts, strict=True)]
    printed: Counter[str] = Counter()
    for (page_texts, _), page_labels in zip(texts, labels, strict=True):
        printed.update({folded_key(text.folded) for text in page_texts} | {label.key for label in page_labels})
    groups: dict[Place, list[Sighting]] = {}
    for page, view in enumerate(views):
        for sighting in find_sightings(view, page, labels[page], printed):
            groups.setdefault(sighting.place, []).append(sighting)
    found: list[dict[tuple[Node, str], Label]] = [{} for _ in roots]
    for sighting in _accept_alone(groups) if len(roots) == 1 else _accept_together(views, groups):
        found[sighting.page].setdefault((sighting.label.node, sighting.label.key), sighting.label)
    return [list(page.values()) for page in found]


def _is_telling(place: Place) -> bool:
    """Whether the markup says that what stands in a place is a label."""
    if place.relation in ("cells", "below") and not _MARKED.isdisjoint(place.shape.split()):
        return True
    return place.relation == "definition" or place.colon


def _accept_alone(groups: _Groups) -> Iterator[Sighting]:
    """The sightings that the markup of one page shows to be labels."""
    values: set[Node | None] = set()
    for place, group in groups.items():
        tops = {sighting.reading.top for sighting in group}
        firsts = {sighting.reading.first for sighting in group}
        rows = tops.isdisjoint(firsts | values) and _are_rows(place, group)
        if not place.outer and (_is_telling(place) or rows):
            values |= firsts
            yield from group


def _are_rows(place: Place, group: list[Sighting]) -> bool:
    """Whether labels show by their number: as many pairs of one make, short and all different."""
    if place.relation not in ("sibling", "tail", "cells", "section") or len(group) < _ENOUGH_ROWS:
        return False
    if len({sighting.label.key for sighting in group}) < len(group) or any(each.is_linked() for each in group):
        return False
    return all(len(sighting.value) < _SHORT_VALUE for sighting in group)


def _accept_together(views: list[View], groups: _Groups) -> Iterator[Sighting]:
    """The sightings that several pages show to be labels."""
    for place, group in groups.items():
        yield from _accept(_is_telling(place), _take_turns(views, group))


def _take_turns(views: list[View], group: list[Sighting]) -> list[Sighting]:
    """Only every second sighting where each seems to be the value of the one before: those that more pages print."""
    firsts = {sighting.reading.first for sighting in group}
    if all(sighting.reading.top not in firsts for sighting in group):
        return group
    turns: dict[Node, int] = {}
    leads: Counter[tuple[Node, int]] = Counter()
    for sighting in group:
        container, view = sighting.reading.container, views[sighting.page]
        if sighting.reading.top not in turns:
            parts = (child for child in container.children if not view.is_blank(child))
            turns.update((part, index % 2) for index, part in enumerate(parts))
        leads[container, turns[sighting.reading.top]] += sighting.lead
    return [
        sighting
        for sighting in group
        if leads[sighting.reading.container, turns[sighting.reading.top]]
        >= leads[sighting.reading.container, 1 - turns[sighting.reading.top]]
    ]


def _accept(telling: bool, group: list[Sighting]) -> list[Sighting]:
    """The sightings of one place that recur on several pages, where what they lead to differs."""
    leads: Counter[str] = Counter()
    for sighting in group:
        leads[sighting.label.key] += (sighting.lead > 0) - (sighting.lead < 0)
    group = [sighting for sighting in group if leads[sighting.label.key] >= 0]
    pages: dict[str, set[int]] = {}
    values: dict[str, set[str]] = {}
    for sighting in group:
        pages.setdefault(sighting.label.key, set()).add(sighting.page)
        values.setdefault(sighting.label.key, set()).add(sighting.value)
    all_pages = len({sighting.page for sighting in group})
    linked = not telling and 2 * sum(1 for sighting in group if sighting.is_linked()) > len(group)
    least = _LINKED_SHARE * all_pages if linked else _SEVERAL_PAGES
    recurring = {key for key in pages if len(pages[key]) >= least}
    speaking = {key for key in recurring if len(values[key]) > 1}
    if telling:
        enough = bool(speaking)
    else:
        recurring = {key for key in recurring if key in speaking or leads[key] > 0}
        printed = sum(len(pages[each.label.key]) for each in group if each.label.key in recurring)
        count = sum(1 for each in group if each.label.key in recurring)
        enough = len(speaking) > 1 and printed >= _COMMON_SHARE * all_pages * count
    kept = [sighting for sighting in group if sighting.label.key in recurring]
    repeated = len(kept) - len({(sighting.page, sighting.label.key) for sighting in kept})
    return kept if enough and 2 * len(kept) >= len(group) and repeated <= _REPEATED_SHARE * len(kept) else []
