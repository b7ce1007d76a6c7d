"""The list of sources that a page prints: its entries, and title, address and parts of each, in any markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from ingest.dates import looks_like_date
from ingest.extraction import PrintedCitation
from ingest.page import INLINE, TEXT, Node, fold
from ingest.page.node import UNREAD
from ingest.sources.lines import SEPARATOR
from parsers.citations import MAX_CITATIONS, TITLE_WORDS, has_meta, is_meta, is_prose, make_citation, strip_arrow
from parsers.links import Links, find_links

MAX_PIECES: Final = 12
"""Nodes that one entry may have beside each other."""

_GENERIC_CHARACTERS: Final = 100
Line = list[str]
"""The texts of a line; what stands in different elements is apart."""

_GENERIC_LINK: Final = re.compile(
    r"(?:(?:view|read|open|visit|see|go to)\s+)?(?:the\s+)?(?:full\s+)?"
    r"(?:link|source|original|article|more|here|url|pdf|archived?(?: copy| version)?)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"/\S*|(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?")
_EDGE: Final = Node("br", None)
_PLACE: Final = "\0"


def read_citations(nodes: Sequence[Node], links: Links) -> tuple[PrintedCitation, ...]:
    """The entries of a list of sources in page order, of any markup: list items, cards, rows or bare lines."""
    entries = list(_find_entries(list(nodes)))[:MAX_CITATIONS]
    return tuple(citation for entry in entries if (citation := _read_entry(entry, links)) is not None)


def _find_entries(nodes: list[Node]) -> Iterator[list[Node]]:
    """The nodes of each entry: a list item, a row, or what stands beside its like."""
    level = [node for node in _unwrap(nodes) if not _is_head(node)]
    entry: list[Node] = []
    for node in level:
        holds_more = node.tag not in ("a", "li", "tr") and len(list(islice(_title_links(node), 2))) > 1
        if node.tag in ("ul", "ol", "table", "thead", "tbody") or holds_more:
            if entry:
                yield entry
            yield from _find_entries(node.children)
            entry = []
        elif entry and _continues(node, entry):
            entry.append(node)
        else:
            if entry:
                yield entry
            entry = [node]
    if entry:
        yield entry


def _has_content(node: Node) -> bool:
    return any((each.tag == TEXT and fold(each.text)) or each.tag == "a" for each in node.walk())


def _title_links(node: Node) -> Iterator[Node]:
    """The links of a node whose texts may be titles."""
    return (link for link in find_links(node) if not _is_generic(link))


def _is_titled(node: Node) -> bool:
    return next(_title_links(node), None) is not None


def _is_generic(node: Node) -> bool:
    """Whether a node is a link whose text says only that it is one."""
    if node.tag != "a":
        return False
    text = node.whole_text()
    return len(text) <= _GENERIC_CHARACTERS and _GENERIC_LINK.fullmatch(strip_arrow(text)) is not None


def _is_head(node: Node) -> bool:
    """Whether a row names the columns below it."""
    return node.tag == "tr" and all(child.tag == "th" for child in node.children)


def _unwrap(nodes: list[Node]) -> list[Node]:
    level = [node for node in nodes if _has_content(node)]
    while len(level) == 1 and level[0].tag not in (TEXT, "a", "li", "tr"):
        inner = [node for node in level[0].children if _has_content(node)]
        if not inner:
            break
        level = inner
    return level


def _continues(node: Node, entry: list[Node]) -> bool:
    """Whether a node goes on with the entry before it: another kind of node, or a line that is no title."""
    if node.tag in ("li", "tr") or len(entry) == MAX_PIECES:
        return False
    linked, entry_linked = _is_titled(node), any(map(_is_titled, entry))
    if linked and entry_linked:
        return False
    lines = [_text([line]) for line in _lines([node])]
    if not lines or (entry_linked and all(map(is_prose, lines))):
        return True
    if node.tag != entry[0].tag:
        return len(lines) == 1 or is_meta(lines[0]) or not has_meta([_text([line]) for line in _lines(entry)[1:]])
    if len(lines) != 1 or has_meta([each.whole_text() for each in entry[1:]]):
        return False
    return is_meta(node.whole_text()) or (entry_linked and len(entry) == 1)


def _read_entry(nodes: list[Node], links: Links) -> PrintedCitation | None:
    link = next((link for node in nodes for link in find_links(node)), None)
    if link is None:
        title, rest = _take_title(_lines(nodes))
        return make_citation(title, _parts(rest), None)
    before, after = _around(nodes, link)
    inside = _lines([link])
    name = _text(inside)
    if not name or _is_generic(link) or ((before or after) and _ADDRESS.fullmatch(name)):
        title, rest = _take_title([*before, *after])
    elif len(inside) > 1 or not (before or after):
        title, rest = _take_title(inside)
        rest = [*rest, *before, *after]
    elif _text(before).count(" ") >= TITLE_WORDS - 1 and not is_meta(_text(before)):
        title, rest = _text(before), [*inside, *after]
    else:
        title, rest = name, [*before, *after]
    return make_citation(title, _parts(rest), links.resolve(link.attributes["href"]))


def _around(nodes: list[Node], link: Node) -> tuple[list[Line], list[Line]]:
    """The lines before a link and those after it, without its own text."""
    lines = _lines(nodes, link)
    row = next((index for index, line in enumerate(lines) if _PLACE in line), None)
    if row is None:  # a link without a text, in an element without one
        return lines, []
    column = lines[row].index(_PLACE)
    before, after = [*lines[:row], lines[row][:column]], [lines[row][column + 1 :], *lines[row + 1 :]]
    return _spoken(before), _spoken(after)


def _spoken(lines: Iterable[Line]) -> list[Line]:
    """The lines that print something."""
    return [line for line in lines if fold("".join(line))]


def _take_title(lines: list[Line]) -> tuple[str, list[Line]]:
    """The first line, or where there is but one the first of its parts; none where it says where and when."""
    if not lines:
        return "", []
    first = "".join(lines[0])
    if len(lines) > 1:
        return ("", list(lines)) if is_meta(fold(first)) else (first, list(lines[1:]))
    parts = [part for part in SEPARATOR.split(first) if part.strip()] if len(lines[0]) == 1 else lines[0]
    place = next((index for index, part in enumerate(parts) if looks_like_date(part)), len(parts))
    if len(parts) > 1 and place < 2:
        return "", [parts]
    return parts[0], [list(parts[1:])]


def _parts(lines: list[Line]) -> list[str]:
    """The parts of some lines: what separators part, else what stands in elements of its own."""
    whole = ["".join(line) for line in lines]
    if any(map(SEPARATOR.search, whole)):
        return [part for line in whole for part in SEPARATOR.split(line)]
    return [piece for line in lines for piece in line]


def _text(lines: Iterable[Line]) -> str:
    return fold(" ".join("".join(line) for line in lines))


def _lines(nodes: Iterable[Node], link: Node | None = None) -> list[Line]:
    """The texts of some nodes by line; blocks and `<br>` end a line. A place stands for the link.

    A control keeps the words on both sides of it apart, as it does for a reader.
    """
    lines: list[Line] = [[]]
    stack = list(reversed(list(nodes)))
    while stack:
        node = stack.pop()
        if node is link:
            lines[-1].append(_PLACE)
        elif node.tag == TEXT:
            lines[-1].append(node.text)
        elif (node.seen or node.tag == "br") and not _is_generic(node):
            if node.tag not in INLINE:
                lines.append([])
                if node is not _EDGE:
                    stack.append(_EDGE)
            stack.extend(reversed(node.children))
        elif node.tag in UNREAD:
            lines[-1].append(" ")
    return _spoken(lines)
