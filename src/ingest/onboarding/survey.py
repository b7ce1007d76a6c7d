"""Which labels the example pages print, and what stands there on each page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.labels import Pair, label_key, read_labels
from ingest.onboarding.examples import Example
from ingest.page import Node
from parsers.outline import FURNITURE, ancestors

_MARKED = ("definition", "cells", "colon")
"""Relations by which the markup itself says that something is a label."""
_ENOUGH_PAGES = 4
"""From so many pages on, a label is one that recurs; below, every one counts."""
_COMMON_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Printing:
    """A label on one page, by the page's number, with its value and the votes for how it is read.

    nested: it stands within the value of another label.
    """

    page: int
    label: str
    value: str
    values: tuple[str, ...]
    relation: str
    votes: int
    nodes: tuple[Node, ...]
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One label of the site, on all pages that print it. key: how it compares; place: its rank on the pages."""

    key: str
    printings: tuple[Printing, ...]
    place: int

    @property
    def label(self) -> str:
        """The spelling that most pages have, without the marks and pictures around it."""
        label = Counter(each.label for each in self.printings).most_common(1)[0][0]
        while label_key(label[:-1]) == self.key:
            label = label[:-1]
        while label_key(label[1:]) == self.key:
            label = label[1:]
        return label

    @property
    def pages(self) -> frozenset[int]:
        return frozenset(each.page for each in self.printings)


def survey(examples: Sequence[Example], words: Collection[str]) -> list[Seen]:
    """The labels of the pages, in the order in which pages print them.

    All pages vote on what is a label. words: what sites often call a field; a page is then read once more around all
    of them, as a source that knows them would read it.
    """
    roots = [example.root for example in examples]
    keys = frozenset(map(label_key, words))
    guessed = _recurring(read_labels(roots), len(roots))
    found: dict[str, list[Printing]] = {}
    for number, pairs in enumerate(read_labels(roots, [*guessed, *keys])):
        own = list(_own_pairs(roots[number], pairs, guessed))
        values = {node for pair in own if pair.relation in _MARKED for node in pair.nodes}
        for pair in own:
            nested = not values.isdisjoint(ancestors(pair.label_node))
            found.setdefault(label_key(pair.label), []).append(_printing(number, pair, nested))
    order = sorted(found, key=lambda key: (-len(found[key]), list(found).index(key)))
    places = {key: place for place, key in enumerate(order)}
    return [Seen(key, tuple(printings), places[key]) for key, printings in found.items()]


def is_marked(seen: Seen) -> bool:
    """Whether the markup itself says on most pages that it is a label."""
    return 2 * sum(each.relation in _MARKED for each in seen.printings) > len(seen.printings)


def _printing(page: int, pair: Pair, nested: bool) -> Printing:
    return Printing(page, pair.label, pair.value, pair.values, pair.relation, pair.votes, pair.nodes, nested)


def _recurring(pages: Sequence[Sequence[Pair]], count: int) -> dict[str, int]:
    """How many pages print each label that recurs."""
    printed: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    for pairs in pages:
        printed.update({label_key(pair.label) for pair in pairs})
        marked.update({label_key(pair.label) for pair in pairs if pair.relation in _MARKED})
    if count < _ENOUGH_PAGES:
        return dict(printed)
    return {key: pages for key, pages in printed.items() if pages >= _COMMON_SHARE * count or marked[key] > 1}


def _own_pairs(root: Node, pairs: Sequence[Pair], guessed: Mapping[str, int]) -> Iterator[Pair]:
    """The pairs of the page's own subject: its block with most labels, and what completes it without repeating it.

    What stands in a menu, a form or a footer is none, but where that holds the page's title too.
    """
    holders = {above for title in root.find("h1") for above in ancestors(title)}
    inside = [
        pair
        for pair in pairs
        if not any(above.tag in FURNITURE and above not in holders for above in ancestors(pair.label_node))
    ]
    blocks: dict[int, set[str]] = {}
    for pair in inside:
        blocks.setdefault(pair.block, set()).add(label_key(pair.label))
    if not blocks:
        return
    main = max(blocks, key=lambda block: len(blocks[block] & guessed.keys()))
    taken: set[str] = set()
    for pair in (*(each for each in inside if each.block == main), *(each for each in inside if each.block != main)):
        key = label_key(pair.label)
        repeats = pair.block != main and pair.relation != "section" and blocks[pair.block] & blocks[main]
        stray = pair.block != main and key not in guessed and pair.relation not in (*_MARKED, "section")
        if key not in taken and not repeats and not stray:
            taken.add(key)
            yield pair
