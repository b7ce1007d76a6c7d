"""HTML source to nodes, with caps. The one place that touches the HTML parser."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.page.node import INLINE, NO_ATTRIBUTES, TEXT, UNREAD, Node, fold, is_icon, names

MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 400
MAX_ATTRIBUTES: Final = 2_000
"""Attributes one element may have: their cost in the parser is quadratic (20,000 take 0.7 s)."""
MAX_UNCLOSED: Final = 5_000
"""Tags that may stand open at once in the source: so is the cost of nesting (20,000 levels take 0.5 s)."""
UNCHECKED_BYTES: Final = 50_000
"""A page up to this size can't cost the parser more than a second, so its source is not scanned first."""

KEPT_ATTRIBUTES: Final = names(
    """
    href src alt title lang datetime content name property itemprop itemtype itemscope role type hidden rel open
    aria-label aria-hidden aria-level aria-expanded http-equiv colspan rowspan value
    """
)
TEXT_TAG: Final = "-text"
NO_ELEMENT: Final = "-!"
"""What the parser's names for comments, documents and the like begin with; an element's begins with a letter."""
DROPPED: Final = names("style template noscript svg math canvas object embed iframe frame")
FIXED_NUMBERS: Final = 196
"""The parser's own numbers for the tags of HTML are below; what it does not know has another one on each page."""

_SOURCE: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?:script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?:script|style|textarea|title|xmp|iframe|"
    rb"noembed|noframes)\b|\Z)"
    rb"|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/>]*)"
    rb"(?P<attributes>[^>\"']*+(?:(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))[^>\"']*+)*+)(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, raw text, tags. Every branch can end where the text ends, so that the scan is linear on any input."""
_QUOTED: Final = re.compile(rb"\"[^\"]*+\"?|'[^']*+'?")
_NOT_NESTED: Final = frozenset(
    b"""
    area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th thead tbody
    tfoot colgroup caption a nobr html head body
    """.split()
)


class PageError(Exception):
    """The bytes are no page that can be read. kind: empty_body, not_html, too_large, too_many_nodes, too_deep."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


_names: Final[list[str | None]] = [None] * FIXED_NUMBERS
"""The names of the fixed numbers that pages have had; "" where what has it is dropped."""


def parse_html(source: bytes) -> Node:
    """The tree of an HTML source in UTF-8; its root is the `html` element.

    Raises PageError, kinds too_many_nodes and too_deep.
    """
    if len(source) > UNCHECKED_BYTES:
        _check_source(source)
    top = LexborHTMLParser(source).root
    if top is None:
        raise PageError("not_html", "The body holds no element.")
    return _copy_tree(top)


def _check_source(source: bytes) -> None:
    """Refuse source that is crafted to make parsing quadratic, without parsing it."""
    tags = 0
    depth = 0
    unclosed: dict[bytes, int] = {}
    for match in _SOURCE.finditer(source):
        tag = match["tag"]
        if tag is None:
            continue
        tags += 1
        attributes = match["attributes"]
        if len(attributes) > MAX_ATTRIBUTES and len(_QUOTED.sub(b'"', attributes).split()) > MAX_ATTRIBUTES:
            raise PageError("too_many_nodes", f"An element has more than {MAX_ATTRIBUTES:,} attributes.")
        tag = tag.lower()
        if tag in _NOT_NESTED or (b"svg" in unclosed and attributes.endswith(b"/")):
            continue
        if not match["close"]:
            unclosed[tag] = unclosed.get(tag, 0) + 1
            depth += 1
        elif tag in unclosed:
            unclosed[tag] -= 1
            depth -= 1
            if not unclosed[tag]:
                del unclosed[tag]
        if depth > MAX_UNCLOSED:
            raise PageError("too_deep", f"More than {MAX_UNCLOSED:,} elements stand open at once.")
    if tags > 2 * MAX_NODES:
        raise PageError("too_many_nodes", f"The page has {tags:,} tags; it may have {2 * MAX_NODES:,}.")


def _copy_tree(top: LexborNode) -> Node:
    """The parser's tree as nodes, in one pass; what is in a dropped element is dropped.

    Text on both sides of a comment, or of anything else that is dropped, becomes one text. White space that only lays
    out the source is dropped.
    """
    above = Node(top.tag or "html", None)
    above.attributes = _kept_attributes(top.attributes)
    order = above.order
    inside = above.children = list[Node]()
    above.length = above.seen = length = seen = count = 0
    following_above: list[LexborNode | None] = []
    source = top.first_child
    while True:
        if source is None:  # the element ends; until here it holds what stood before it
            above.stop = len(order)
            above.length = length - above.length
            if above.tag in UNREAD or (above.attributes and is_icon(above)):
                seen, above.seen = above.seen, 0
            else:
                above.seen = seen - above.seen
            if above.parent is None:
                return above
            above = above.parent
            inside = above.children
            source = following_above.pop()
            continue
        count += 1
        if count > MAX_NODES:
            raise PageError("too_many_nodes", f"The page has more than {MAX_NODES:,} elements and texts.")
        following = source.next
        number: int = source.tag_id
        tag = _names[number] if number < FIXED_NUMBERS else None
        if tag is None:
            tag = _name(source, number)
        if tag == TEXT_TAG:
            added = _add_text(above, inside, source.text_content or "")
            length += added
            seen += added
        elif tag:
            given = source.attributes
            if tag != "script" or (given.get("type") or "").strip().lower() == "application/ld+json":
                following_above.append(following)
                node = Node(tag, above, order=order)
                node.attributes = _kept_attributes(given) if given else NO_ATTRIBUTES
                node.place = len(inside)
                node.length, node.seen = length, seen
                inside.append(node)
                above = node
                inside = node.children = []
                if len(following_above) >= MAX_DEPTH:
                    raise PageError("too_deep", f"The page is nested more than {MAX_DEPTH} levels deep.")
                following = source.first_child
        source = following


def _name(source: LexborNode, number: int) -> str:
    """An element's tag, TEXT_TAG, or "" for what is dropped."""
    tag = source.tag or ""
    if tag != TEXT_TAG and (tag[:1] in NO_ELEMENT or tag in DROPPED):
        tag = ""
    if number < FIXED_NUMBERS:
        _names[number] = tag
    return tag


def _add_text(above: Node, inside: list[Node], text: str) -> int:
    """Add a text to what an element holds; the characters that its folded text is longer by."""
    last = inside[-1] if inside else None
    if last is not None and last.tag == TEXT:
        last.text += text
        last.folded = fold(last.text)
        added = len(last.folded) - last.length
        last.length = last.seen = len(last.folded)
        return added
    if above.tag == "script":
        above.text += text
        return 0
    folded = fold(text)
    if not folded and text.isspace() and (above if last is None else last).tag not in INLINE:
        return 0
    node = Node(TEXT, above, text, folded, above.order)
    node.place = len(inside)
    inside.append(node)
    return node.length


def _kept_attributes(given: dict[str, str | None]) -> dict[str, str]:
    kept = {name: value or "" for name, value in given.items() if name in KEPT_ATTRIBUTES}
    return kept or NO_ATTRIBUTES
