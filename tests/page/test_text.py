"""Text as a reader sees it: where words are kept apart, how blocks are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.page import Node, block_text, fold, parse_html


def body_of(html: str) -> Node:
    return next(parse_html(html.encode()).find("body"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>A</div><div>B</div>", "A B"),
        ("<b>A</b><i>B</i>", "AB"),
        ("A<br>B", "A B"),
        ("<td>A</td>", "A"),
        ("<table><tr><td>A<td>B</table>", "A B"),
        ("<p>x<sup>2</sup></p>", "x2"),
        ("<x-label>A</x-label><x-value>B</x-value>", "A B"),
        ("A&nbsp;\n  B", "A B"),
        ("zero\u200bwidth and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("<p>A<i aria-hidden='true'>event</i></p>", "A"),
        ("<div aria-hidden='true'>panel</div>", "panel"),
        ("<button>A</button><button>B</button>", "A B"),
    ],
)
def test_whole_text_breaks_where_a_reader_sees_a_break(html: str, text: str) -> None:
    assert body_of(html).whole_text() == text


PROSE_FORMS = [
    "<p>One <b>two</b>.</p><p>Three.</p>",
    "<div><p>One <b>two</b>.</p></div><div><p>Three.</p></div>",
    "<div><div><div><p>One <b>two</b>.</p></div></div><section><p>Three.</p></section></div>",
    "<div>One <b>two</b>.</div><div>Three.</div>",
    "One <b>two</b>.<br><br>Three.",
    "<p>One <b>two</b>.<br>\n<br/>Three.</p>",
    "<p>\n  One\n  <span><b>two</b></span>.\n</p>\n\n<p><span>Three.</span></p>",
    "<p>One <b>two</b><!-- -->.</p><p></p><p>&nbsp;</p><p>Three.</p>",
    "<blockquote>One <b>two</b>.</blockquote>Three.",
    "<p>One <b>two</b>.</p><hr>Three.",
]


@pytest.mark.parametrize("html", PROSE_FORMS)
def test_the_same_prose_gives_the_same_text_in_any_markup(html: str) -> None:
    assert block_text([body_of(html)]) == "One two.\n\nThree."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>In:</p><ul><li>a</li><li>b</li></ul><p>After</p>", "In:\n\na\nb\n\nAfter"),
        ("<ul><li><p>a</p></li><li><div><p>b</p></div></li></ul>", "a\nb"),
        ("<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>", "a\nb\nc\nd"),
        ("<ol><li><p>a</p><p>b</p></li></ol>", "a\nb"),
        ("<dl><dt>A</dt><dd>b</dd><dd>c</dd></dl>", "A\nb\nc"),
        ("one<br>two", "one\ntwo"),
        ("<pre>one\ntwo\n\nthree</pre>", "one\ntwo\n\nthree"),
        ("<p>x</p><table><tr><th><p>A</p><td><p>B</p></tr><tr><td>C<td>D</table>y", "x\n\nA\tB\nC\tD\n\ny"),
        ("<table><tr><td><td>B</table>", "B"),
        ("", ""),
    ],
)
def test_lists_lines_and_cells_keep_their_ends(html: str, text: str) -> None:
    assert block_text([body_of(html)]) == text


def test_nodes_that_stand_together_are_read_together() -> None:
    body = body_of("<h2>Title</h2>One <b>two</b>, three.<ul><li>a</li></ul>")
    assert block_text(body.children[1:]) == "One two, three.\n\na"


def test_a_wrapper_given_as_the_node_makes_no_difference() -> None:
    for tag in ("div", "dd", "td", "li", "section"):
        cell = Node(tag, None)
        cell.children = body_of("<p>A</p><p>B</p>").children
        assert block_text([cell]) == "A\n\nB"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded == folded.strip()
    assert "  " not in folded


SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
UNSEEN = "\u200b\u2060\ufeff\u00ad"


@pytest.mark.parametrize("length", [1, 90])
def test_every_white_space_becomes_a_space_in_short_texts_and_in_long_ones(length: int) -> None:
    word = "b" * length
    assert [char for char in SPACES if fold(word + char + "c") != f"{word} c"] == []
    assert [char for char in UNSEEN if fold(word + char + "c") != f"{word}c"] == []


@given(st.integers(0, 90), st.lists(st.text(SPACES + UNSEEN + "aé漢\0", max_size=3)))
def test_folding_leaves_words_with_a_space_between(length: int, pieces: list[str]) -> None:
    text = "b" * length + "b".join(pieces)
    seen = "".join(char for char in text if char not in UNSEEN)
    assert fold(text) == " ".join(seen.split())


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<ul>", "<li>", "</ul>", "<br>", "<td>", "<table>", "</table>", "a ", "b"])
    )
)
def test_no_markup_loses_a_word(pieces: list[str]) -> None:
    body = body_of("".join(pieces))
    words = "".join(body.whole_text().split())
    assert "".join(block_text([body]).split()) == words
    assert words == "".join(piece.strip() for piece in pieces if "<" not in piece)


@given(st.binary(max_size=400))
def test_any_bytes_open_or_are_refused(body: bytes) -> None:
    from ingest.page import PageError, open_page

    try:
        page = open_page(body)
    except PageError as error:
        assert error.kind in ("empty_body", "not_html")
    else:
        assert page.root is None or page.root.whole_text() == fold(page.root.whole_text())
