"""Lines that the source's file describes, wherever they stand on a page: the heading's, bylines, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from ingest.extraction import Observation
from ingest.page import INLINE, TEXT, Node, fold
from ingest.sources import Source
from ingest.sources.lines import MAX_CHARACTERS, SEPARATOR, Line, Match
from parsers.claims import Claims, Setting, is_furniture, is_in_card
from parsers.outline import content, holders_of

MAX_PLACES: Final = 200
"""Texts of a page that may belong to a line."""
_LEVELS: Final = 6
"""How far above one of its words the whole of a line may stand."""

NOT_READ: Final = "no line of the file reads it"
"""What an assertion says of a text that a line should have read."""
NOT_WHOLE: Final = "a part is new"
"""What an assertion says of a byline with a part that its template lacks."""


@dataclass(frozen=True, slots=True)
class PrintedLines:
    """What the lines of one page say: texts by field or name under `extra`, the nearest to the title first.

    raw: the label that a line begins with -> the rest of it. extra: such a label where no template fits.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    nodes: frozenset[Node] = frozenset()
    observations: tuple[Observation, ...] = ()


def read_line(text: str, source: Source, pieces: tuple[str, ...] = ()) -> tuple[Line, Match] | None:
    """The line that a text is, and what it says; pieces are the texts of its elements where nothing else parts them."""
    readings = (
        (line, line.read_parts(pieces) if pieces and len(line.parts) > 1 else line.read(" ".join(pieces) or text))
        for line in source.line_templates
        if "title" not in line.names
    )
    return next(((line, match) for line, match in readings if match is not None), None)


def read_title(title: str, source: Source) -> tuple[Mapping[str, str], tuple[Observation, ...]]:
    """What a title says by the lines that have one: the title alone where none fits, which is observed."""
    lines = [line for line in source.line_templates if "title" in line.names]
    matches = (line.read(title) for line in lines)
    match = next((match for match in matches if match is not None), None)
    if match is None:
        return {"title": title}, (Observation("assertion", "title", NOT_READ),) if lines else ()
    return match.texts, ()


def gather(matches: Iterable[tuple[Line, Match]]) -> tuple[dict[str, str], tuple[Observation, ...]]:
    """What several lines say together, the first of two that fill one field; and what none of them foresees."""
    texts: dict[str, str] = {}
    new: dict[Observation, None] = {}
    for line, match in matches:
        texts = {**match.texts, **texts}
        if match.rest:
            new[Observation("assertion", line.template, NOT_WHOLE)] = None
    return texts, tuple(new)


def find_lines(source: Source, setting: Setting, claims: Claims) -> PrintedLines:
    """The lines of a page; those of other incidents' cards and of the site's furniture are none."""
    if not source.line_templates:
        return PrintedLines()
    found: list[tuple[Line, Match]] = []
    raw: dict[str, str] = {}
    extra: dict[str, str] = {}
    for pair in claims.lines:
        reading = read_line(f"{pair.label}: {pair.value}", source)
        if reading is not None:
            found.append(reading)
        (extra if reading is None else raw).setdefault(pair.label, pair.value)
    nodes: list[Node] = []
    for node, line, match in sorted(_find_free(source, setting, claims), key=lambda each: _distance(each[0], setting)):
        nodes.append(node)
        found.append((line, match))
        if line.label is not None:
            raw.setdefault(line.label, node.whole_text().partition(":")[2].strip())
    texts, new = gather(found)
    unread = (Observation("assertion", label, NOT_READ) for label in extra)
    return PrintedLines(texts, raw, extra, frozenset(nodes), (*unread, *new))


def _distance(node: Node, setting: Setting) -> int:
    """How far from the title a node stands."""
    place = setting.outline.start(node)
    return place if setting.title is None else abs(place - setting.outline.start(setting.title))


def _find_free(source: Source, setting: Setting, claims: Claims) -> Iterator[tuple[Node, Line, Match]]:
    """The nodes that are a line by their whole text, each the one with most parts around a word of it."""
    outline = setting.outline
    label_nodes = {node for pair in claims.pairs() for node in (pair.label_node, *pair.nodes)}
    sections = {node for pair in claims.sections.values() for node in pair.nodes}
    covered = outline.cover(label_nodes - sections)
    closed = holders_of(pair.label_node for pair in claims.pairs()) | ({setting.title} if setting.title else set())
    taken: set[Node] = set()
    places = (node for node in outline.nodes if node.tag == TEXT and source.line_anchors.search(node.text))
    for text in islice(places, MAX_PLACES):
        if covered[outline.start(text)] or is_in_card(text, setting) or is_furniture(text, setting):
            continue
        best: tuple[Node, Line, Match] | None = None
        for node in outline.branch(text, setting.title)[:_LEVELS]:
            if node in taken or node in closed or node.length > MAX_CHARACTERS:
                break
            whole = node.whole_text()
            reading = read_line(whole, source, _pieces(node, whole)) if _is_whole(node) else None
            if reading is not None and (best is None or reading[1].parts > best[2].parts):
                best = (node, *reading)
        if best is not None:
            taken.update(best[0].walk())
            yield best


def _is_whole(node: Node) -> bool:
    """Whether a node is a line by itself: a block, or a text with no inline neighbour."""
    if node.tag not in INLINE:
        return True
    if node.tag != TEXT or node.parent is None or node.parent.tag in INLINE:
        return False
    place = node.parent.children.index(node)
    beside = (*node.parent.children[max(place - 1, 0) : place], *node.parent.children[place + 1 : place + 2])
    return not any(each.tag in INLINE for each in beside)


def _pieces(node: Node, whole: str) -> tuple[str, ...]:
    """The texts of a node's elements where nothing but its markup sets them apart."""
    children = content(node.children)
    if len(children) < 2 or any(child.tag == TEXT for child in children) or SEPARATOR.search(whole):
        return ()
    return tuple(text for child in children if (text := child.whole_text()))


def without(nodes: Iterable[Node], taken: frozenset[Node]) -> tuple[Node, ...]:
    """The nodes but for what is taken; what holds something taken is opened."""
    if not taken:
        return tuple(nodes)
    holders = holders_of(taken)
    rest: list[Node] = []
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if node in holders:
            stack += node.children[::-1]
        elif node not in taken:
            rest.append(node)
    return tuple(rest)


def take_lines(texts: Iterable[str], source: Source) -> tuple[list[str], PrintedLines]:
    """The lines of a text capture without those that the file describes, and what those say."""
    rest: list[str] = []
    found: list[tuple[Line, Match]] = []
    raw: dict[str, str] = {}
    for text in texts:
        folded = fold(text) if source.line_templates and source.line_anchors.search(text) else ""
        reading = read_line(folded, source) if folded else None
        if reading is None:
            rest.append(text)
        else:
            found.append(reading)
            if reading[0].label is not None:
                raw.setdefault(reading[0].label, folded.partition(":")[2].strip())
    gathered, new = gather(found)
    return rest, PrintedLines(gathered, raw, {}, frozenset(), new)
