"""What opens as a page, what as a text capture, and what is refused, with which kind."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from ingest.page import MAX_BYTES, PageError, open_page


def kind_of(body: bytes, content_type: str | None = None) -> str:
    with pytest.raises(PageError) as caught:
        open_page(body, content_type)
    assert str(caught.value).endswith(".")
    return caught.value.kind


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("page.html", "<p>x</p>")
    return buffer.getvalue()


def test_html_opens_as_a_tree() -> None:
    page = open_page(b"<!doctype html><p>A page", "text/html; charset=utf-8", "https://a.example/x")
    assert page.root is not None
    assert page.root.whole_text() == "A page"
    assert (page.url, page.text, page.encoding, page.replaced) == ("https://a.example/x", "", "utf-8", 0)


def test_xhtml_with_an_xml_declaration_is_html() -> None:
    body = b'<?xml version="1.0"?>\n<!DOCTYPE html><html><body><p>A page</p></body></html>'
    assert open_page(body, "application/xhtml+xml").root is not None


def test_plain_text_is_a_capture_even_with_markup_in_it() -> None:
    page = open_page(b"<p>Status\r\nReported\rYes", "text/plain")
    assert page.root is None
    assert page.text == "<p>Status\nReported\nYes"


def test_a_body_without_markup_is_a_capture() -> None:
    page = open_page(b"Status\nReported, x < y & <ada@mail.example>")
    assert page.root is None
    assert page.text.startswith("Status\nReported")


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\0"])
def test_an_empty_body_is_refused(body: bytes) -> None:
    assert kind_of(body) in ("empty_body", "not_html")
    if b"\0" not in body:
        assert kind_of(body, "text/html") == "empty_body"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
        b"GIF89a" + b"\0" * 20,
        b"\xff\xd8\xff\xe0" + b"\0" * 20,
        zipped(),
        gzip.compress(b"<p>x</p>"),
        b'{"status": "ok"}',
        b' [{"a": 1}]',
        b"[]",
        b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
        b'<?xml version="1.0"?><urlset><url><loc>https://a.example/</loc></url></urlset>',
        b"<feed><entry/></feed>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><path/></svg>",
        bytes(range(256)) * 4,
    ],
    ids=lambda body: repr(body[:12]),
)
@pytest.mark.parametrize("content_type", [None, "text/html"])
def test_what_is_no_page_is_refused_whatever_its_type_says(body: bytes, content_type: str | None) -> None:
    assert kind_of(body, content_type) == "not_html"


@pytest.mark.parametrize("content_type", ["application/json", "image/png", "application/pdf", "text/xml", "text/css"])
def test_another_type_is_refused_whatever_its_body_says(content_type: str) -> None:
    assert kind_of(b"<!doctype html><p>x", content_type) == "not_html"


def test_a_body_over_the_limit_is_refused() -> None:
    assert kind_of(b"<p>" + b"x" * MAX_BYTES) == "too_large"


def test_a_few_nul_characters_are_dropped() -> None:
    page = open_page(b"<p>Re\0ported</p>" + b"<p>x</p>" * 50)
    assert page.root is not None
    assert page.root.whole_text().startswith("Reported x")


def test_characters_that_the_encoding_could_not_give_are_counted() -> None:
    assert open_page("<p>Zürich, Genève ".encode() + b"\xff", "text/html; charset=utf-8").replaced == 1
