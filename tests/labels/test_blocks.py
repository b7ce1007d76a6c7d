"""Labels that a page prints more than once: filters, cards, tables of contents, copies for other screens."""

from __future__ import annotations

import pytest

from tests.labels.helpers import FACTS, LONG, WORDS, pairs, values

GRID = "<dl>" + "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in FACTS) + "</dl>"
SECTIONS = "".join(f"<h2>{label}</h2><p>{' '.join(blocks)}</p>" for label, blocks in LONG)
MAIN = f"<h1>A title</h1>{GRID}{SECTIONS}"
EXPECTED = {**dict(FACTS), **{label: " ".join(blocks) for label, blocks in LONG}}

FILTERS = {
    "selects": "<form><label>Status</label><select><option>All</select><label>Industry</label><select></select></form>",
    "selects in labels": "<div><label>Status <select><option>Open</option></select></label></div>",
    "fields": "<form><p>Status</p><input name='s'><p>Model</p><input name='m'></form>",
    "lists of links": "<div><h3>Industry</h3><ul><li><a href='?1'>Banking</a><li><a href='?2'>Retail</a></ul></div>",
    "buttons": "<div><button>Status</button><button>Industry</button><button>Model</button></div>",
}
CARDS = {
    "rows": "<div><h3>Other {n}</h3><div><b>Status</b><i>Shut {n}</i></div><div><b>Model</b><i>M{n}</i></div></div>",
    "lists": "<li><a href='/{n}'>Other {n}</a><dl><dt>Status<dd>Shut {n}<dt>Model<dd>M{n}</dl></li>",
    "lines": "<article><h3>Other {n}</h3><p>Status: Shut {n}</p><p>Model: M{n}</p></article>",
    "one label": "<div><a href='/{n}'>Other {n}</a><p><b>Status</b> Shut {n}</p></div>",
    "alike": "<div><h3>Other {n}</h3><div><u>Status</u><i>Shut</i></div><div><u>Model</u><i>M</i></div></div>",
}
CONTENTS = {
    "a list": "<ul>" + "".join(f"<li><a href='#x'>{label}</a></li>" for label, _ in LONG) + "</ul>",
    "tabs": "<div role='tablist'>" + "".join(f"<button role='tab'>{label}</button>" for label, _ in LONG) + "</div>",
    "links": "<p>" + " · ".join(f"<a href='#x'>{label}</a>" for label, _ in LONG) + "</p>",
}


def other_cards(template: str, count: int) -> str:
    return "<section><h2>Related</h2><ul>" + "".join(template.format(n=n) for n in range(count)) + "</ul></section>"


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_filters_give_the_page_no_values(filters: str) -> None:
    for html in (f"<body>{filters}<main>{MAIN}</main></body>", f"<body><main>{MAIN}</main>{filters}</body>"):
        assert values(html) == EXPECTED


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_cards_stay_apart_from_the_page_they_stand_on(card: str, count: int) -> None:
    cards = other_cards(card, count)
    for html in (f"<body><main>{MAIN}</main>{cards}</body>", f"<body>{cards}<main>{MAIN}</main></body>"):
        assert values(html) == EXPECTED
    found = pairs(f"<body><main>{MAIN}</main>{cards}</body>")
    assert all(pair.block == found[0].block or pair.value.startswith(("Shut", "M")) for pair in found)


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_cards_beside_loose_labels_stay_apart_too(card: str) -> None:
    loose = "".join(f"<p><b>{label}:</b> {text}</p>" for label, text in FACTS)
    assert values(f"<main><h1>A title</h1>{loose}{other_cards(card, 3)}</main>") == dict(FACTS)


def test_several_cards_never_lend_a_label_that_the_page_lacks() -> None:
    grid = GRID.replace("<dt>Model</dt><dd>Till 2</dd>", "")
    html = f"<body><main><h1>A title</h1>{grid}</main>{other_cards(CARDS['rows'], 3)}</body>"
    assert "Model" not in values(html)


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=CONTENTS)
def test_a_table_of_contents_takes_no_section_away(contents: str) -> None:
    html = f"<body><main><h1>A title</h1>{contents}{GRID}{SECTIONS}</main></body>"
    assert values(html) == EXPECTED


def test_a_copy_for_narrow_screens_leaves_one_whole_page() -> None:
    copy = "<div>" + "".join(f"<div><b>{label}</b><i>{text}</i></div>" for label, text in FACTS) + "</div>"
    assert values(f"<body><main><h1>A title</h1>{copy}{GRID}{SECTIONS}</main></body>") == EXPECTED


def test_two_incidents_on_a_page_are_two_blocks() -> None:
    other = "".join(f"<dt>{label}</dt><dd>{text} too</dd>" for label, text in FACTS)
    found = pairs(f"<body><section>{GRID}</section><section><dl>{other}</dl></section></body>")
    assert len(found) == 2 * len(FACTS)
    assert {pair.block for pair in found if pair.value.endswith("too")} == {1}
    assert {pair.block for pair in found if not pair.value.endswith("too")} == {0}


def test_blocks_are_numbered_in_page_order() -> None:
    found = pairs(f"<body>{other_cards(CARDS['rows'], 2)}<main>{MAIN}</main></body>")
    blocks = [pair.block for pair in found]
    assert sorted(set(blocks)) == list(range(len(set(blocks))))
    assert blocks == sorted(blocks)


def test_labels_in_navigation_and_footer_are_blocks_of_their_own() -> None:
    html = f"<body><nav>Status: fine</nav><main>{MAIN}</main><footer><p>Model: Page 3</p></footer></body>"
    assert values(html) == EXPECTED
    assert len({pair.block for pair in pairs(html, WORDS)}) == 3
