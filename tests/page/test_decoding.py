"""Bytes to text: what declares the encoding, and what the bytes bear out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.page import Node, decode, open_page, parse_html

PROSE = "Zürich – café"


def test_a_byte_order_mark_outranks_header_and_page() -> None:
    body = b"\xef\xbb\xbf" + b'<meta charset="koi8-r">' + PROSE.encode()
    text, encoding = decode(body, "text/html; charset=windows-1251")
    assert text.endswith(PROSE)
    assert text.startswith("<meta")
    assert encoding == "utf-8"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_utf_16_mark_is_obeyed(codec: str) -> None:
    assert decode(("\ufeff" + PROSE).encode(codec)) == (PROSE, codec)


def test_the_header_outranks_the_page() -> None:
    body = '<meta charset="windows-1251"><p>naïve'.encode()
    assert decode(body, "text/html; charset=utf-8")[0].endswith("naïve")


def test_the_page_declares_its_encoding() -> None:
    body = '<meta charset="windows-1251"><p>Привет'.encode("windows-1251")
    assert decode(body, "text/html") == ('<meta charset="windows-1251"><p>Привет', "windows-1251")


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii", "ISO_8859-1", "windows-1252"])
def test_latin_1_and_ascii_mean_windows_1252(label: str) -> None:
    assert decode(b"\x93quoted\x94", f"text/html; charset={label}") == ("“quoted”", "windows-1252")


def test_windows_1252_gives_its_unused_bytes_to_control_characters() -> None:
    assert decode(b"a\x81b\x8d", "text/html; charset=windows-1252")[0] == "a\x81b\x8d"


def test_undeclared_bytes_are_utf_8_where_they_can_be() -> None:
    assert decode(PROSE.encode()) == (PROSE, "utf-8")


def test_undeclared_bytes_that_are_no_utf_8_are_windows_1252() -> None:
    assert decode("café".encode("latin-1")) == ("café", "windows-1252")


def test_a_declaration_that_no_byte_bears_out_gives_way() -> None:
    assert decode("café".encode("latin-1"), "text/html; charset=utf-8") == ("café", "windows-1252")
    assert decode(PROSE.encode(), "text/html; charset=euc-jp") == (PROSE, "utf-8")


def test_damage_in_an_encoding_that_most_bytes_bear_out_is_marked_and_not_guessed() -> None:
    text, encoding = decode("Zürich, Genève, ".encode() + b"\xff", "text/html; charset=utf-8")
    assert text == "Zürich, Genève, \ufffd"
    assert encoding == "utf-8"


@pytest.mark.parametrize("label", ["utf-7", "rot13", "idna", "unicode_escape", "zlib", "no-such-thing", ""])
def test_a_page_cant_ask_for_a_codec_that_is_no_encoding_of_the_web(label: str) -> None:
    body = b"+ADw-b+AD4- \\u0041 caf\xc3\xa9"
    assert decode(body, f"text/html; charset={label}") == (body.decode(), "utf-8")


def test_a_page_cant_declare_utf_16_in_ascii() -> None:
    body = '<meta charset="utf-16"><p>é'.encode()
    assert decode(body)[0] == body.decode()


def test_utf_16_in_the_header_is_little_endian() -> None:
    assert decode(PROSE.encode("utf-16-le"), "text/html; charset=utf-16") == (PROSE, "utf-16-le")


BROKEN = (b"\xff", b"\xe2\x82", b"\xf0\x9f\x98", b"<x\xff \xc3=1>", b"<a title=\xe2\x82>")
PIECES = ("<p>a", "</p>", "é", "“b”", "\ufffd", "\ufeff", "\0", "\xad", "<b>c</b>", "\r\n", "<a title='\0'>d</a>")


@given(
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    pieces=st.lists(st.sampled_from([*(piece.encode() for piece in PIECES), *BROKEN]), max_size=8),
)
def test_the_bytes_of_a_page_give_the_tree_of_its_text(mark: bytes, pieces: list[bytes]) -> None:
    body = mark + b"<p>" + 30 * "Zürich, Genève, Neuchâtel. ".encode() + b"".join(pieces)
    text, _ = decode(body)
    root = open_page(body).root
    assert root is not None
    assert shown(root) == shown(parse_html(text.replace("\0", "").encode()))


def shown(root: Node) -> list[tuple[str, str, dict[str, str]]]:
    return [(node.tag, node.text, node.attributes) for node in root.walk()]
