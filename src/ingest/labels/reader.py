"""Labels to pairs: readings, regions, votes, spans, one page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ingest.labels.guess import guess_labels
from ingest.labels.label import Label, find_labels, seek
from ingest.labels.pair import Pair
from ingest.labels.regions import find_regions, go_together
from ingest.labels.relations import FOLLOWING, Reading, readings
from ingest.labels.rows import infer_rows
from ingest.labels.spans import Span, read_container
from ingest.labels.values import value_of
from ingest.labels.view import View
from ingest.labels.votes import Choice, can_be_read, choose, is_explained
from ingest.page import Node, fold


def read_known(root: Node, words: Collection[str]) -> tuple[Pair, ...]:
    """The pairs of a page around the labels that are known."""
    view = View()
    return read_page(view, find_labels(view, root, seek(words)))


def read_labels(roots: Sequence[Node], words: Collection[str] = ()) -> list[tuple[Pair, ...]]:
    """The pairs that each page prints, in page order.

    words: known labels in any case. With them a page is read around those that it prints, and each page by itself; a
    page that prints none of them gives no pairs. Without them the labels are found by their markup, and pages of one
    site vote together on what is a label and what is furniture.
    """
    if words:
        return [read_known(root, words) for root in roots]
    views = [View() for _ in roots]
    labels = guess_labels(views, list(roots))
    pages = [read_page(view, found) for view, found in zip(views, labels, strict=True)]
    valued = {pair.key for page in pages for pair in page if pair.value}
    return [tuple(_without_doubtful(page, valued)) for page in pages]


def _without_doubtful(page: tuple[Pair, ...], valued: Collection[str]) -> Iterator[Pair]:
    """The pairs but for labels that no page gives a value, and for those within a value: `Costs | 2010 Fees: $50`."""
    values = {pair.value for pair in page}
    for pair in page:
        if pair.key in valued and not (pair.relation == "colon" and fold(pair.label_node.text) in values):
            yield pair


def read_page(view: View, labels: list[Label]) -> tuple[Pair, ...]:
    """The pairs of a page, in page order, around these labels."""
    labels_below = _count_below(labels)
    ways = {label: readings(view, label, labels_below) for label in labels}
    readable = [label for label in labels if can_be_read(view, label, ways[label], labels_below)]
    if len(readable) < len(labels):
        labels, labels_below = readable, _count_below(readable)
    if go_together(labels, labels_below):
        regions = [labels]
    else:
        starts = {label: _start_of_value(view, ways[label], labels_below) for label in labels}
        regions = find_regions(labels, starts)
    chosen: dict[Label, Choice] = {}
    blocks: dict[Label, int] = {}
    block = 0
    for region in regions:
        found = choose(view, region, ways, labels_below)
        blocks |= dict.fromkeys(found, block)
        block += bool(found)
        chosen |= found
    if len(chosen) < len(labels):
        labels_below = _count_below(chosen)
    spans = _read_spans(view, [choice.reading for choice in chosen.values()], labels_below)
    spans = [span for span in spans if span.reading.label.text]  # an element for a label may print none
    spans.sort(key=lambda span: span.reading.label.node.start)
    return tuple(_pair(view, span, chosen[span.like].votes, blocks[span.like]) for span in spans)


def _count_below(labels: Iterable[Label]) -> dict[Node, int]:
    """For every node, how many labels it holds."""
    counts: dict[Node, int] = {}
    for label in labels:
        node: Node | None = label.node
        while node is not None:
            counts[node] = counts.get(node, 0) + 1
            node = node.parent
    return counts


def _start_of_value(view: View, ways: list[Reading], labels_below: dict[Node, int]) -> str:
    """The start of what seems to be a label's value."""
    found = (way.first for way in ways if way.first is not None and is_explained(way, labels_below))
    first = next(found, None)
    return "" if first is None else view.start_of(first)


def _read_spans(view: View, readings: list[Reading], labels_below: dict[Node, int]) -> list[Span]:
    """The values of these labels, and of those that the layout around them shows to be labels too."""
    containers: dict[Node, list[Reading]] = {}
    spans: list[Span] = []
    for reading in readings:
        if reading.relation in FOLLOWING:
            containers.setdefault(reading.container, []).append(reading)
        else:
            nodes = () if reading.first is None else (reading.first,)
            spans.append(Span(reading, nodes, reading.label))
    for container, known in containers.items():
        spans += read_container(view, container, known, labels_below)
    return spans + infer_rows(view, spans, labels_below)


def _pair(view: View, span: Span, votes: int, block: int) -> Pair:
    label = span.reading.label
    value, values = value_of(view, span.nodes)
    section = view.text(label.heading) if label.heading is not None else None
    relation = span.reading.relation
    return Pair(label.text, label.key, value, values, section, relation, votes, block, label.node, span.nodes)
