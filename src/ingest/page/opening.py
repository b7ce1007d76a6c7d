"""A response body to a page: what is one, and what is not."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from ingest.page.encoding import decode
from ingest.page.node import Node
from ingest.page.tree import PageError, parse_html

MAX_BYTES: Final = 5_000_000

_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_BINARY_FILE: Final = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF....WEBP|PK[\x03\x05\x07]|\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|"
    rb"\x28\xb5\x2f\xfd|....ftyp|OggS|ID3|wOF[F2]|\x00\x00\x01\x00|\x7fELF|SQLite format 3",
    re.DOTALL,
)
_CONTROLS: Final = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_JSON: Final = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_XML: Final = re.compile(r"\s*(?:<\?xml|<(?:rss|feed|urlset|sitemapindex|rdf:rdf|opml|svg)\b)", re.IGNORECASE)
_HTML: Final = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"<!doctype\b|</?(?:html|head|title|meta|link|base|body|div|p|span|a|b|i|em|strong|h[1-6]|br|hr|table|tr|td|th|ul|"
    r"ol|li|dl|dt|dd|section|article|main|header|footer|nav|aside|form|img|pre|blockquote|font|center|script|style)\b",
    re.IGNORECASE,
)
_HEAD_CHARACTERS: Final = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be read. root is None for a text capture; text is then the whole capture, and else empty.

    replaced counts the U+FFFD of the source: characters that its encoding could not give.
    """

    url: str | None
    text: str
    root: Node | None
    encoding: str
    replaced: int = 0


def open_page(body: bytes, content_type: str | None = None, url: str | None = None) -> Page:
    """Read a response body as a page, or as a text capture of one: text/plain, or a body without any markup.

    content_type is the header's value. Raises PageError for what is no page, whatever its type says, and for what is
    over 5 MB, 100,000 elements and texts, or 400 levels. NUL characters are dropped.
    """
    if len(body) > MAX_BYTES:
        raise PageError("too_large", f"The body has {len(body):,} bytes; a page may have {MAX_BYTES:,}.")
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if not body.strip():
        raise PageError("empty_body", "The body is empty.")
    if media_type and media_type not in _PAGE_TYPES:
        raise PageError("not_html", f"The body's type is {media_type[:80]}, not HTML or plain text.")
    if _BINARY_FILE.match(body):
        raise PageError("not_html", f"The body is a binary file, not HTML: it starts with {body[:8]!r}.")
    text, encoding = decode(body, content_type)
    if _is_binary(text[:_HEAD_CHARACTERS].encode("ascii", "replace")):
        raise PageError("not_html", "The body is binary: one character in fifty is a control character.")
    if "\0" in text:  # looking is far cheaper than replacing
        text = text.replace("\0", "")
    if not text or text.isspace():
        raise PageError("empty_body", "The body is empty.")
    replaced = text.count("\ufffd")
    if media_type == "text/plain" or not _is_markup(text):
        return Page(url, text.replace("\r\n", "\n").replace("\r", "\n"), None, encoding, replaced)
    is_text = encoding == "utf-8" and not (b"\0" in body or body.startswith(codecs.BOM_UTF8))
    return Page(url, "", parse_html(body if is_text else text.encode()), encoding, replaced)


def _is_binary(head: bytes) -> bool:
    """Whether more than one character in fifty is a control character."""
    if not any(control in head for control in _CONTROLS):  # as is the rule; counting is slower
        return False
    return (len(head) - len(head.translate(None, _CONTROLS))) * 50 > len(head)


def _is_markup(text: str) -> bool:
    """Whether a text is HTML and not a capture of its text. Raises PageError for JSON and for other XML."""
    if _JSON.match(text):
        raise PageError("not_html", "The body is JSON, not HTML.")
    if _XML.match(text) and not _HTML.search(text, 0, _HEAD_CHARACTERS):
        raise PageError("not_html", "The body is an XML document (a feed or a sitemap), not HTML.")
    return _MARKUP.search(text) is not None
