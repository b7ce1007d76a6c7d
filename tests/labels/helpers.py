"""What the tests of the label reader share: words, facts, and short ways to read a page."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.labels import Pair, label_key, read_labels
from ingest.page import Node, parse_html

FACTS = (
    ("Category", "unsafe_output"),
    ("Industry", "Retail"),
    ("Status", "Under Review"),
    ("Date Occurred", "Mar 3, 2025"),
    ("Date Reported", "Mar 9, 2025"),
    ("Jurisdiction", "Norway"),
    ("Model", "Till 2"),
    ("Human Review in Place", "Yes"),
)
LONG = (
    ("Full Description", ("The till gave change for coins that nobody had paid.", "It did so for a week.")),
    ("Root Cause", ("It had learned from receipts, and not from the drawer.",)),
    ("Lessons Learned", ("Count the drawer.", "Then count it again.")),
)
WORDS = (*(label for label, _ in FACTS), *(label for label, _ in LONG), "Sources")


def tree(html: str) -> Node:
    """The tree of a page."""
    return parse_html(html.encode())


def pairs(html: str, words: Iterable[str] = WORDS) -> tuple[Pair, ...]:
    """The pairs of one page."""
    return read_labels([tree(html)], tuple(words))[0]


def main_pairs(html: str, words: Iterable[str] = WORDS) -> dict[str, Pair]:
    """The pairs of the block with most known labels, by their labels' keys."""
    known = set(map(label_key, words))
    found = pairs(html, words)
    sizes: dict[int, int] = {}
    for pair in found:
        sizes[pair.block] = sizes.get(pair.block, 0) + (label_key(pair.label) in known)
    block = max(sorted(sizes), key=sizes.__getitem__, default=-1)
    return {label_key(pair.label): pair for pair in reversed(found) if pair.block == block}


def values(html: str, words: Iterable[str] = WORDS) -> dict[str, str]:
    """Label -> value of the main block, labels as printed."""
    return {pair.label: pair.value for pair in main_pairs(html, words).values()}


def value(html: str, label: str, words: Iterable[str] = WORDS) -> str | None:
    """One label's value in the main block, None where the page gives no pair for it."""
    pair = main_pairs(html, words).get(label_key(label))
    return None if pair is None else pair.value


def first(html: str, tag: str) -> Node:
    """The first element of a tag."""
    return next(tree(html).find(tag))
