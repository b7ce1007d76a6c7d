"""Bytes to text, by the Encoding Standard (encoding.spec.whatwg.org) and by what the bytes bear out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from ingest.page.node import names

_ENCODINGS: Final = names(
    """
    utf-8 utf-16-le utf-16-be cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10
    iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253
    cp1254 cp1255 cp1256 cp1257 cp1258 gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949
    """
)
"""The encodings of the Encoding Standard, by Python's names; Python has codecs that no page may ask for."""

_WINDOWS_1252: Final = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
"""The five bytes that Python's cp1252 refuses are control characters in the Encoding Standard."""


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The body's text and the name of its encoding.

    A byte order mark decides; else the first that the bytes bear out of the header's charset, the page's own
    declaration and UTF-8; else windows-1252. Latin-1 and ASCII mean windows-1252, and UTF-16 without a mark is
    little-endian, as the Encoding Standard has it. The bytes bear an encoding out where all of them decode, or where
    more of the non-ASCII characters decode than fail: those that fail are then U+FFFD, and never a guess.
    """
    marked, mark = read_bom(body)
    if marked is not None and mark is not None:
        return body[len(mark) :].decode(marked, "replace"), marked
    for encoding in chain(_declared(body, content_type), ("utf-8",)):
        if encoding == "cp1252":
            break
        text = _decode_as(body, encoding)
        if text is not None:
            return text, encoding.replace("cp125", "windows-125")
    return body.decode("latin-1").translate(_WINDOWS_1252), "windows-1252"


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    header = http_content_type_encoding(content_type)
    if header == "utf-16":
        header = "utf-16-le"
    if header in _ENCODINGS:
        yield header
    own = html_body_declared_encoding(body)
    if own is not None and own.startswith("utf-16"):
        own = "utf-8"  # what can be read as ASCII is not in UTF-16
    if own in _ENCODINGS:
        yield own


def _decode_as(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    failed = text.count("\ufffd")
    decoded = len(text) - len(text.encode("ascii", "ignore")) - failed
    return text if decoded > failed else None
