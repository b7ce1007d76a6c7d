"""Crafted pages are refused before they cost anything."""

from __future__ import annotations

import pytest

from ingest.page import MAX_DEPTH, MAX_NODES, PageError, open_page


def kind_of(html: str) -> str:
    with pytest.raises(PageError) as caught:
        open_page(html.encode())
    return caught.value.kind


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * (MAX_DEPTH + 1) + "x",
        "<div>" * 400_000 + "x",
        "<p>" + "<b><i>" * 300_000,
        "<!-- </div> -->".join(["<div>"] * 20_000),
        "<div title='</div></div>'>" * 20_000,
        "<script></div></script><div>" * 20_000,
    ],
)
def test_deep_nesting_is_refused(html: str) -> None:
    assert kind_of(html) == "too_deep"


def test_many_nodes_are_refused() -> None:
    assert kind_of("<p>x" * MAX_NODES) == "too_many_nodes"
    assert kind_of("<br>" * (3 * MAX_NODES)) == "too_many_nodes"


def test_many_attributes_of_one_element_are_refused() -> None:
    assert kind_of("<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">x") == "too_many_nodes"


def test_depth_and_size_of_real_pages_pass() -> None:
    nested = "<div>" * (MAX_DEPTH - 10) + "x" + "</div>" * (MAX_DEPTH - 10)
    rows = "<tr><td><font>a<td>b" * 2_000
    picture = f"<img src='data:image/png;base64,{'A' * 300_000}'>"
    assert open_page(f"{nested}<table>{rows}</table>{picture}".encode()).root is not None


@pytest.mark.parametrize(
    "piece", ["<a '", '<a "', "<!--", "<script", "<a ", "<", "<a 'b>\"", "</", "<p><svg/>", "&#0;<p "]
)
def test_source_that_never_closes_is_scanned_once(piece: str) -> None:
    body = (piece * (1_000_000 // len(piece))).encode()
    try:
        open_page(body)
    except PageError as error:
        assert error.kind in ("too_deep", "too_many_nodes")
