"""Lists of sources in many markups, and which part of an entry says what."""

from __future__ import annotations

import pytest

from ingest.extraction import PrintedCitation
from ingest.page import Page, open_page
from parsers import load_source
from parsers.citations import read_citation_lines
from parsers.entries import read_citations
from parsers.links import Links

ONE = PrintedCitation("Title one", "Desk One", "Dec 19, 2024", "academic paper", "https://provyn.dev/a")
TWO = PrintedCitation("Title two", "Desk Two", None, "news", "https://provyn.dev/b")
META = ("Desk One · Dec 19, 2024 · academic paper", "Desk Two · news")


def read(html: str, url: str | None = "https://provyn.dev/incidents/x") -> tuple[PrintedCitation, ...]:
    page = open_page(f"<!doctype html><html><body><div>{html}</div>".encode(), "text/html", url)
    assert page.root is not None
    holder = next(page.root.find("div"))
    return read_citations(holder.children, Links(Page(url, "", page.root, "utf-8"), load_source("provyn")))


def links(pattern: str) -> str:
    return "".join(
        pattern.format(url=url, title=title, meta=meta)
        for url, title, meta in zip(("/a", "/b"), ("Title one", "Title two"), META, strict=True)
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "<li><a href={url}>{title}</a><p>{meta}</p></li>",
        "<li><a href={url}>{title}</a> · {meta}</li>",
        "<li><p><a href={url}>{title}</a></p><p>{meta}</p></li>",
        "<div><a href={url}>{title}</a><div>{meta}</div></div>",
        "<div><div><div><a href={url}>{title}<svg></svg></a></div></div><div>{meta}</div></div>",
        "<p><a href={url}>{title}</a></p><p>{meta}</p>",
        "<p><a href={url}>{title}</a><br>{meta}</p>",
        "<a href={url}><h4>{title}</h4><p>{meta}</p></a>",
        "<a href={url}>{title}</a><span>{meta}</span>",
        "<article><h4>{title}</h4><p>{meta}</p><a href={url}>Read more ↗</a></article>",
        "<div><h4>{title}</h4><p>{meta}</p><a href={url}>{url}</a></div>",
        "<div><a href={url}>{title}</a><p>{meta}</p><a href=/archive>Archived copy</a></div>",
        "<li>1. <a href={url}>{title} (opens in a new tab)</a> <small>{meta}</small></li>",
        "<tr><td><a href={url}>{title}</a></td><td>{meta}</td></tr>",
    ],
)
def test_two_entries_are_told_apart_in_any_markup(pattern: str) -> None:
    assert read(links(pattern) if "<tr>" not in pattern else f"<table>{links(pattern)}</table>") == (ONE, TWO)
    assert read(f"<div><div>{links(pattern)}</div></div>" if "<tr>" not in pattern else "") in ((ONE, TWO), ())


@pytest.mark.parametrize(
    "pattern",
    [
        "<div><a href={url}><h5>{title}</h5></a><div>{meta}</div><p>{text}</p><a href={url}>Read more</a></div>",
        "<li><a href={url}>{title}</a><p>{text}</p><p>{text}</p><p>{meta}</p></li>",
        "<p><a href={url}>{title}</a></p><p>{meta}</p><p>{text}</p>",
        "<article><h4><a href={url}>{title}</a></h4><span>{meta}</span><div><p>{text}</p><p>{text}</p></div></article>",
    ],
)
def test_the_text_of_a_source_is_no_part_of_its_entry(pattern: str) -> None:
    text = "A plate reader took the letters on a wreath for a number plate, and the town sent a bill."
    assert read(links(pattern.replace("{text}", text))) == (ONE, TWO)


@pytest.mark.parametrize(
    "parts",
    [
        "<span>Desk One</span><time>Dec 19, 2024</time><span>academic paper</span>",
        "<span>Desk One</span><span> · </span><span>Dec 19, 2024</span><span> · </span><span>academic paper</span>",
        "Desk One<!-- --> · <!-- -->Dec 19, 2024<!-- --> · <!-- -->academic paper",
        "Desk One | Dec 19, 2024 | academic paper",
        "<p>Desk One</p><p>Dec 19, 2024</p><p>academic paper</p>",
        "Desk One<br>Dec 19, 2024<br>(academic paper)",
        "<i>Desk</i> One • Dec 19, 2024 • academic paper",
    ],
)
def test_what_stands_under_a_title_is_told_apart_by_its_date(parts: str) -> None:
    assert read(f"<ul><li><a href=/a>Title one</a><div>{parts}</div></li></ul>") == (ONE,)


@pytest.mark.parametrize(
    ("meta", "publisher", "date", "kind"),
    [
        ("Desk · Dec 19, 2024 · news", "Desk", "Dec 19, 2024", "news"),
        ("Desk · Weekend · 2024 · long read", "Desk · Weekend", "2024", "long read"),
        ("Dec 19, 2024 · news", None, "Dec 19, 2024", "news"),
        ("Desk · Dec 19, 2024", "Desk", "Dec 19, 2024", None),
        ("Dec 2024", None, "Dec 2024", None),
        ("Desk · news", "Desk", None, "news"),
        ("Desk · Weekend · News", "Desk · Weekend", None, "News"),
        ("Desk", "Desk", None, None),
        ("blog post", None, None, "blog post"),
        ("Desk · Dec 2024 · article", "Desk", "Dec 2024", "article"),
        ("source", None, None, "source"),
        ("Desk · 01/02/2024 · news", "Desk", "01/02/2024", "news"),
        ("Desk · — · news", "Desk", None, "news"),
        ("Unknown · Dec 19, 2024 · N/A", None, "Dec 19, 2024", None),
        ("", None, None, None),
    ],
)
def test_the_rule_of_an_entrys_parts(meta: str, publisher: str | None, date: str | None, kind: str | None) -> None:
    expected = PrintedCitation("Title one", publisher, date, kind, "https://provyn.dev/a")
    assert read(f"<ul><li><a href=/a>Title one</a><p>{meta}</p></li></ul>") == (expected,)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("https://desk.example/a#b", "https://desk.example/a#b"),
        ("//desk.example/a", "https://desk.example/a"),
        ("a", "https://provyn.dev/incidents/a"),
        ("?a=1", "https://provyn.dev/incidents/x?a=1"),
        ("HTTPS://desk.example/a b", "https://desk.example/a%20b"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:desk@desk.example", None),
        ("ftp://desk.example/a", None),
        ("http://[::1", None),
        ("https://", None),
        ("https://desk.example/" + "a" * 3000, None),
    ],
)
def test_only_web_addresses_are_kept(reference: str, url: str | None) -> None:
    (citation,) = read(f'<ul><li><a href="{reference}">Title one</a><p>news</p></li></ul>')
    assert citation == PrintedCitation("Title one", None, None, "news", url)


def test_a_relative_address_on_a_page_without_one_is_none() -> None:
    assert read("<ul><li><a href=/a>Title one</a></li></ul>", url=None)[0].url is None


def test_an_address_alone_is_the_title_however_the_source_is_laid_out() -> None:
    address = "https://news.example/a"
    link = f"<a href={address}>\n  {address}\n</a>"
    for html in (f"<ul><li>\n  {link}\n</li></ul>", f"<ul><li> {link}<br> </li></ul>", f"<ul><li>{link}</li></ul>"):
        assert read(html) == (PrintedCitation(address, None, None, None, address),)


@pytest.mark.parametrize("html", ["", "<p>No sources listed.</p>", "<ul><li></li></ul>", "<p>—</p>"])
def test_no_entry_is_none(html: str) -> None:
    assert read(html) == ()


def test_lines_of_a_capture_are_entries_too() -> None:
    bare = [PrintedCitation(c.title, c.publisher, c.date, c.kind, None) for c in (ONE, TWO)]
    assert list(read_citation_lines(["Title one", META[0], "Title two", META[1]])) == bare
    assert list(read_citation_lines(["", "Title one", META[0], "", "Title two", META[1], ""])) == bare
    assert read_citation_lines(["Title one", "Title two", META[1]])[0] == PrintedCitation("Title one", *[None] * 4)


def test_a_list_of_thousands_is_cut() -> None:
    assert len(read("<ul>" + "<li><a href=/a>Title one</a></li>" * 3_000 + "</ul>")) == 1_000
    assert len(read("<span>x y</span>" * 20_000)) <= 1_000


def test_a_link_without_a_text_in_an_element_without_one_is_the_address_of_its_entry() -> None:
    (citation,) = read("<ul><li><p><a href=/a></a></p><p>Title one</p><p>news</p></li></ul>")
    assert citation == PrintedCitation("Title one", None, None, "news", "https://provyn.dev/a")


def test_a_control_between_words_keeps_them_apart() -> None:
    [citation] = read("<ul><li><span>Title</span><p>Desk · news<select><option>All</select>letter</p></li></ul>")
    assert (citation.publisher, citation.kind) == ("Desk", "news letter")
