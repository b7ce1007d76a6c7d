"""Bytes to text to a tree of plain nodes, with caps.

The tree keeps what a reader sees: elements, text, and the few attributes that carry meaning. Class names and ids never
enter it, so no reader of it can depend on them.
"""

from ingest.page.blocks import block_text
from ingest.page.encoding import decode
from ingest.page.node import INLINE, TEXT, Node, fold, is_icon, text_of
from ingest.page.opening import MAX_BYTES, Page, open_page
from ingest.page.tree import MAX_DEPTH, MAX_NODES, PageError, parse_html

__all__ = [
    "INLINE",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "TEXT",
    "Node",
    "Page",
    "PageError",
    "block_text",
    "decode",
    "fold",
    "is_icon",
    "open_page",
    "parse_html",
    "text_of",
]
