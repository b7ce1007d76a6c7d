"""Whatever the markup, a known label has its own value or none; whatever the input, reading ends and never raises."""

from __future__ import annotations

import sys
from random import Random
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.labels import label_key, read_labels
from ingest.page import Node, PageError, block_text, open_page
from tests.labels.helpers import main_pairs, tree
from tests.labels.markups import KNOWN, SECTIONS, Maker, Sample

WORDS = (*KNOWN, *SECTIONS)

samples = st.randoms(use_true_random=False).map(lambda random: Maker(random).page())


def joined(items: tuple[str, ...]) -> str:
    return "".join("".join(items).replace(",", "").split())


def wrong_and_missing(sample: Sample) -> tuple[list[str], list[str]]:
    """The labels that got a value which is not theirs, and those whose value was not found."""
    found = main_pairs(sample.html, WORDS)
    wrong, missing = [], []
    for label, items in sample.facts.items():
        pair = found.get(label_key(label))
        text = "" if pair is None else block_text(pair.nodes)
        right = text == "\n\n".join(items) if label in SECTIONS else joined((text,)) == joined(items)
        if not right:
            (wrong if text else missing).append(label)
    return wrong, missing


@settings(max_examples=200)
@given(samples)
def test_a_known_label_has_its_own_value_or_none(sample: Sample) -> None:
    wrong, _ = wrong_and_missing(sample)
    assert wrong == []


def test_hardly_a_value_is_missed() -> None:
    facts = wrong = missed = 0
    for seed in range(400):
        sample = Maker(Random(seed)).page()
        facts += len(sample.facts)
        bad, missing = wrong_and_missing(sample)
        wrong += len(bad)
        missed += len(missing)
    assert wrong == 0
    assert missed / facts < 0.002


@settings(max_examples=50)
@given(samples)
def test_a_page_is_read_the_same_alone_and_beside_others(sample: Sample) -> None:
    other = tree("<dl><dt>Status</dt><dd>Open</dd></dl>")
    alone = read_labels([tree(sample.html)], WORDS)[0]
    beside = read_labels([other, tree(sample.html), other], WORDS)[1]
    assert [(pair.label, pair.value, pair.block) for pair in alone] == [
        (pair.label, pair.value, pair.block) for pair in beside
    ]


TAGS = (
    "div",
    "span",
    "p",
    "b",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "ul",
    "li",
    "h2",
    "summary",
    "button",
    "a",
)
OTHERS = (
    "<br>",
    "<select>",
    "<input>",
    "<i aria-hidden=true>",
    "Status",
    "Model:",
    "Status: x",
    ":",
    " ",
    "—",
    "text ",
    "1",
)
pieces = st.sampled_from([*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), *OTHERS])


@settings(max_examples=200)
@given(st.lists(pieces, max_size=60))
def test_any_markup_is_read(markup: list[str]) -> None:
    root = tree("".join(markup))
    nodes = set(root.walk())
    for words in (("Status", "Model"), ()):
        for pair in read_labels([root, root], words)[0]:
            assert pair.label_node in nodes
            assert pair.label
            assert all(node in nodes or is_cut_from(node, nodes) for node in pair.nodes)
            assert bool(pair.values) == bool(pair.value)


def is_cut_from(node: Node, nodes: set[Node]) -> bool:
    """Whether a text is the rest of a text of the page, behind a label or before a separator."""
    return node.parent in nodes and any(node.text.strip() in child.text for child in node.parent.children)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    try:
        page = open_page(b"<p>Status: " + body)
    except PageError:
        return
    if page.root is not None:
        read_labels([page.root], ["Status"])
        read_labels([page.root])


HOSTILE = {
    "labels": lambda n: "<div>Status</div>" * n,
    "rows": lambda n: "<table>" + "<tr><td>Status</td><td>x</td></tr>" * n + "</table>",
    "unknown rows": lambda n: "<div>" + "<p><b>Foo:</b> x</p>" * n + "<p><b>Status:</b> x</p></div>",
    "definitions": lambda n: "<dl>" + "<dt>Status</dt><dd>x</dd>" * n + "</dl>",
    "lines": lambda n: "<p>" + "Status: x<br>" * n + "</p>",
    "inline": lambda n: "<p>" + "<b>Status</b> x " * n + "</p>",
    "columns": lambda n: f"<table><tr>{'<th>Status</th>' * n}</tr><tr>{'<td>x</td>' * n}</tr></table>",
    "blanks": lambda n: ("<span></span>" * 20 + "<b>Status</b>") * (n // 10),
    "labels, then blanks": lambda n: "<b>Status</b>" * n + "<span></span>" * n,
    "spread": lambda n: "<p>" + "<b>Date</b> <i>Occurred</i> " * n + "</p>",
    "headings": lambda n: "<h2>Status</h2><p>x</p>" * n,
    "values first": lambda n: "<div>" + "<div>x</div><div>Status</div>" * n + "</div>",
    "links": lambda n: "<div>" + "<a>Foo</a> | " * n + "</div>",
    "different labels": lambda n: "".join(f"<div><b>Model {number}:</b> v{number}</div>" for number in range(n)),
}


def count_calls(root: Node, words: tuple[str, ...]) -> int:
    """The calls of Python functions that reading a page takes: a measure of time that no other process changes."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        read_labels([root], words)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("words", [("Status", "Date Occurred"), ()], ids=["words", "no words"])
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_page_takes_twice_the_time(hostile: object, words: tuple[str, ...]) -> None:
    assert callable(hostile)
    small, large = (count_calls(tree(hostile(size)), words) for size in (200, 800))
    assert large < 5 * small + 1000


def test_a_page_as_deep_as_pages_may_be_is_read() -> None:
    html = "<div>" * 390 + "<b>Status:</b> Open"
    assert main_pairs(html, ["Status"])["status"].value == "Open"
    assert read_labels([tree("<div>" * 390 + "</div>" * 390 + "<p>x")]) == [()]
