"""XML as it streams by: no document type, so no entities; bounded in depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol
from xml.parsers import expat

MAX_DEPTH: Final = 100
_CHUNK_CHARACTERS: Final = 65_536


class XmlError(Exception):
    """The XML is broken, hostile, or not what its reader is for."""


class Handler(Protocol):
    """Is told of the elements and texts of a document, in order; tags are without their namespace."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def text(self, text: str) -> None: ...
    def end(self) -> None: ...


def stream_xml(text: str, handler: Handler) -> None:
    """Read a document to its end. Raises XmlError, and lets through what the handler raises."""
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise XmlError(f"it is nested more than {MAX_DEPTH} levels deep")
        handler.start(name.rpartition(" ")[2], attributes)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end()

    def refuse_doctype(*_: object) -> None:
        raise XmlError("it declares a document type, and with it entities")

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        for place in range(0, len(text), _CHUNK_CHARACTERS):
            parser.Parse(text[place : place + _CHUNK_CHARACTERS].encode("utf-8", "replace"), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from error
