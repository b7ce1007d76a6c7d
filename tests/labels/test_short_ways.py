"""Where it is plain how labels stand, less is looked at: that finds what the whole way finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.labels import Pair, read_labels, spans, votes
from ingest.labels import reader as labels_reader
from ingest.page import open_page
from parsers import load_source, source_names

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGES = sorted(
    path.with_name("page.html") for path in FIXTURES.glob("*/*/expected.json") if path.with_name("page.html").exists()
)


def read(body: bytes) -> Iterator[list[tuple[object, ...]]]:
    """The pairs of a page around the labels of each source, and those that its markup alone shows."""
    root = open_page(body).root
    assert root is not None
    for words in (*(load_source(name).words for name in source_names()), ()):
        yield [told(pair) for pair in read_labels([root], words)[0]]


def told(pair: Pair) -> tuple[object, ...]:
    return pair.label, pair.value, pair.values, pair.section, pair.relation, pair.votes, pair.block


@pytest.fixture
def whole_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels_reader, "go_together", lambda *_: False)
    monkeypatch.setattr(spans, "_are_pair", lambda *_: False)
    monkeypatch.setattr(votes, "_may_fill_row", lambda way, _: way.relation in votes._BESIDE and not way.outer)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parts[-3]}/{page.parts[-2]}")
def test_the_short_ways_lead_where_the_whole_way_leads(page: Path, request: pytest.FixtureRequest) -> None:
    body = page.read_bytes()
    short = list(read(body))
    request.getfixturevalue("whole_way")
    assert list(read(body)) == short
