"""The items of a value, and its whole text."""

from __future__ import annotations

import pytest

from ingest.labels import label_key
from tests.labels.helpers import main_pairs

WORDS = ("Industry", "Status")


@pytest.mark.parametrize(
    ("inner", "value", "items"),
    [
        ("Retail", "Retail", ("Retail",)),
        ("<ul><li>Retail</li><li>Law, tax</li></ul>", "Retail Law, tax", ("Retail", "Law, tax")),
        ("<div><ol><li><a>Retail</a></li><li><b>Law</b></li></ol></div>", "Retail Law", ("Retail", "Law")),
        ("<span>Retail</span><span>Law</span>", "Retail Law", ("Retail", "Law")),
        ("<div><span>Retail</span> <span>Law</span></div>", "Retail Law", ("Retail", "Law")),
        ("<a>Retail</a>, <a>Law</a>", "Retail, Law", ("Retail", "Law")),
        ("<a>Retail</a> · <a>Law</a> | <a>Tax</a>", "Retail · Law | Tax", ("Retail", "Law", "Tax")),
        ("<div>Retail</div><div>Law</div>", "Retail Law", ("Retail", "Law")),
        ("<ul><li>Retail</li></ul>", "Retail", ("Retail",)),
        ("<b>Re</b>tail", "Retail", ("Retail",)),
        ("<b>Retail</b> <i>(shops)</i>", "Retail (shops)", ("Retail (shops)",)),
        ("<a>Retail</a> (<a>shops</a>)", "Retail (shops)", ("Retail (shops)",)),
        ("mostly <a>Retail</a> and <a>Law</a>", "mostly Retail and Law", ("mostly Retail and Law",)),
        ("Retail; Law", "Retail; Law", ("Retail; Law",)),
        ("Retail<br>Law", "Retail Law", ("Retail Law",)),
        (f"<p>{'long ' * 30}</p><p>b</p>", f"{'long ' * 30}b", (f"{'long ' * 30}b",)),
        ("", "", ()),
    ],
)
def test_items_are_what_stands_there_one_by_one(inner: str, value: str, items: tuple[str, ...]) -> None:
    html = f"<dl><dt>Industry</dt><dd>{inner}</dd><dt>Status</dt><dd>Open</dd></dl>"
    pair = main_pairs(html, WORDS)["industry"]
    assert (pair.value, pair.values) == (value, items)


def test_chips_of_a_row_are_the_items_of_its_label() -> None:
    html = (
        "<div><div><b>Industry</b><span>Retail</span><span>Law</span></div>"
        "<div><b>Status</b><span>Open</span></div></div>"
    )
    assert main_pairs(html, WORDS)["industry"].values == ("Retail", "Law")


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("AI Provider", "ai provider"),
        ("  ai\u00a0PROVIDER : ", "ai provider"),
        ("ＡＩ Provider：", "ai provider"),
        ("🔍 AI Provider", "ai provider"),
        ("AI\u200b Provi\u00adder", "ai provider"),
        ("• AI Provider*", "ai provider"),
        ("3P%", "3p%"),
        ("Straße", "strasse"),
        ("उपयोगकर्ता", "उपयोगकर्ता"),
        (":", ""),
        ("", ""),
    ],
)
def test_labels_compare_by_their_words(printed: str, key: str) -> None:
    assert label_key(printed) == key
    assert label_key(key) == key
