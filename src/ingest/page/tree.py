"""HTML source to nodes, with caps. The one place that touches the HTML parser."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.page.node import INLINE, TEXT, Node, names

MAX_NODES = 100_000
MAX_DEPTH = 400
MAX_ATTRIBUTES = 2_000
"""Attributes one element may have: their cost in the parser is quadratic (20,000 take 0.7 s)."""
MAX_UNCLOSED = 5_000
"""Tags that may stand open at once in the source: so is the cost of nesting (20,000 levels take 0.5 s)."""
UNCHECKED_CHARACTERS = 50_000
"""A page up to this size can't cost the parser more than a second, so its source is not scanned first."""

KEPT_ATTRIBUTES = names(
    """
    href src alt title lang datetime content name property itemprop itemtype itemscope role type hidden rel open
    aria-label aria-hidden aria-level aria-expanded http-equiv colspan rowspan value
    """
)
DROPPED = names("style template noscript svg math canvas object embed iframe frame")

_SOURCE = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?:script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?:script|style|textarea|title|xmp|iframe|"
    r"noembed|noframes)\b|\Z)"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/>]*)"
    r"(?P<attributes>[^>\"']*+(?:(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))[^>\"']*+)*+)(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, raw text, tags. Every branch can end where the text ends, so that the scan is linear on any input."""
_QUOTED = re.compile(r"\"[^\"]*+\"?|'[^']*+'?")
_NOT_NESTED = names(
    """
    area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th thead tbody
    tfoot colgroup caption a nobr html head body
    """
)


class PageError(Exception):
    """The bytes are no page that can be read. kind: empty_body, not_html, too_large, too_many_nodes, too_deep."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def parse_html(text: str) -> Node:
    """The tree of an HTML text; its root is the `html` element. Raises PageError, kinds too_many_nodes and too_deep."""
    if len(text) > UNCHECKED_CHARACTERS or text.count("<") > MAX_UNCLOSED:
        _check_source(text)
    top = LexborHTMLParser(text).root
    if top is None:
        raise PageError("not_html", "The body holds no element.")
    return _copy_tree(top)


def _check_source(text: str) -> None:
    """Refuse source that is crafted to make parsing quadratic, without parsing it."""
    tags = 0
    depth = 0
    unclosed: dict[str, int] = {}
    for match in _SOURCE.finditer(text):
        tag = match["tag"]
        if tag is None:
            continue
        tags += 1
        attributes = match["attributes"]
        if len(attributes) > MAX_ATTRIBUTES and len(_QUOTED.sub('"', attributes).split()) > MAX_ATTRIBUTES:
            raise PageError("too_many_nodes", f"An element has more than {MAX_ATTRIBUTES:,} attributes.")
        tag = tag.lower()
        if tag in _NOT_NESTED or ("svg" in unclosed and attributes.endswith("/")):
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
    """The parser's tree as nodes, in one pass; an element whose parent was dropped is dropped.

    Text on both sides of a comment, or of anything else that is dropped, becomes one text. White space that only lays
    out the source is dropped.
    """
    root = Node(top.tag or "html", None)
    root.attributes = _kept_attributes(top)
    copies = {top.mem_id: (root, 1)}
    count = 0
    for source in top.traverse(include_text=True):
        parent = source.parent
        entry = copies.get(parent.mem_id) if parent is not None else None
        if entry is None:
            continue
        above, depth = entry
        if source.is_text_node:
            _add_text(above, source.text_content or "")
        elif source.is_element_node and (node := _copy_element(source, above)) is not None:
            above.children.append(node)
            copies[source.mem_id] = (node, depth + 1)
            if depth >= MAX_DEPTH:
                raise PageError("too_deep", f"The page is nested more than {MAX_DEPTH} levels deep.")
        count += 1
        if count > MAX_NODES:
            raise PageError("too_many_nodes", f"The page has more than {MAX_NODES:,} elements and texts.")
    return root


def _add_text(above: Node, text: str) -> None:
    last = above.children[-1] if above.children else None
    if last is not None and last.tag == TEXT:
        last.text += text
    elif above.tag == "script":
        above.text += text
    elif not text.isspace() or (above if last is None else last).tag in INLINE:
        above.children.append(Node(TEXT, above, text))


def _copy_element(source: LexborNode, above: Node) -> Node | None:
    tag = source.tag
    if tag is None or tag in DROPPED:
        return None
    attributes = _kept_attributes(source)
    if tag == "script" and attributes.get("type", "").strip().lower() != "application/ld+json":
        return None
    node = Node(tag, above)
    node.attributes = attributes
    return node


def _kept_attributes(source: LexborNode) -> dict[str, str]:
    attributes = source.attributes
    return {name: attributes[name] or "" for name in attributes.keys() & KEPT_ATTRIBUTES}
