"""Every markup of short labels gives the same facts, unknown labels among them included."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.labels.helpers import FACTS, LONG, WORDS, pairs, values

Facts = Sequence[tuple[str, str]]
UNKNOWN = (("Estimated Cost", "NOK 12,000"), ("Near Miss", "No"))
ALL = (*FACTS[:3], UNKNOWN[0], *FACTS[3:6], UNKNOWN[1], *FACTS[6:])


def each(template: str, joint: str = "") -> Callable[[Facts], str]:
    return lambda facts: joint.join(template.format(label=label, value=value) for label, value in facts)


def within(outer: str, inner: Callable[[Facts], str]) -> Callable[[Facts], str]:
    return lambda facts: outer.format(inner(facts))


def columns(template: str) -> Callable[[Facts], str]:
    def render(facts: Facts) -> str:
        heads = "".join(f"<th>{label}</th>" for label, _ in facts)
        cells = "".join(f"<td>{value}</td>" for _, value in facts)
        return template.format(heads=heads, cells=cells)

    return render


def in_rows_of(count: int, template: str) -> Callable[[Facts], str]:
    def render(facts: Facts) -> str:
        rows = [facts[start : start + count] for start in range(0, len(facts), count)]
        return "<table>" + "".join(f"<tr>{each(template)(row)}</tr>" for row in rows) + "</table>"

    return render


def in_columns_of(count: int, table: Callable[[Facts], str]) -> Callable[[Facts], str]:
    def render(facts: Facts) -> str:
        parts = [facts[start : start + count] for start in range(0, len(facts), count)]
        return "<table><tr>" + "".join(f"<td>{table(part)}</td>" for part in parts) + "</tr></table>"

    return render


TELLING = {
    "definitions": within("<dl>{}</dl>", each("<dt>{label}</dt><dd>{value}</dd>")),
    "definitions in rows": within("<dl>{}</dl>", each("<div><dt>{label}</dt><dd><b>{value}</b></dd></div>")),
    "a list each": each("<dl><dt>{label}</dt><dd>{value}</dd></dl>"),
    "headed rows": within("<table>{}</table>", each("<tr><th>{label}</th><td>{value}</td></tr>")),
    "rows of two cells": within("<table>{}</table>", each("<tr><td>{label}</td><td>{value}</td></tr>")),
    "rows of four cells": in_rows_of(2, "<td>{label}:</td><td>{value}</td>"),
    "tables side by side": in_columns_of(4, in_rows_of(1, "<td><b>{label}</b></td><td>{value}</td>")),
    "rows of divs": within("<div>{}</div>", each("<div><div>{label}</div><div>{value}</div></div>")),
    "rows of spans": within("<ul>{}</ul>", each("<li><span>{label}</span><span>{value}</span></li>")),
    "a grid of divs": within("<div>{}</div>", each("<div>{label}</div><div>{value}</div>")),
    "a grid of spans": within("<div>{}</div>", each("<span>{label}</span><span>{value}</span>")),
    "a grid of items": within("<ul>{}</ul>", each("<li>{label}</li><li>{value}</li>")),
    "headings and paragraphs": within("<div>{}</div>", each("<h4>{label}</h4><p>{value}</p>")),
    "cards": within("<div>{}</div>", each("<div><h4>{label}</h4><p>{value}</p></div>")),
    "a heading and bare text": within("<div>{}</div>", each("<div><h3>{label}</h3>{value}</div>")),
    "bold with a colon": each("<p><strong>{label}:</strong> {value}</p>"),
    "bold, then a colon": within("<ul>{}</ul>", each("<li><b>{label}</b>: {value}</li>")),
    "bold alone": within("<ul>{}</ul>", each("<li><b>{label}</b> {value}</li>")),
    "text with a colon": within("<ul>{}</ul>", each("<li>{label}: {value}</li>")),
    "lines of text": within("<p>{}</p>", each("{label}: {value}", "<br>")),
    "lines with bold": within("<p>{}</p>", each("<b>{label}:</b> {value}", "<br>\n")),
    "a line each, a line between": within("<div>{}</div>", each("<strong>{label}</strong><br>{value}<br><br>")),
    "in one line": within("<p>{}</p>", each("<span>{label}:</span> {value}", " | ")),
    "a colon in a node of its own": within("<div>{}</div>", each("<p><b>{label}</b><i>:</i> <u>{value}</u></p>")),
    "label elements": each("<div><label>{label}</label> <output>{value}</output></div>"),
    "captions": each("<figure><figcaption>{label}</figcaption><div>{value}</div></figure>"),
    "elements of their own": within("<x-list>{}</x-list>", each("<x-row><x-k>{label}</x-k><x-v>{value}</x-v></x-row>")),
    "a value inside the label's element": within("<div>{}</div>", each("<div>{label}<div>{value}</div></div>")),
}
BY_THEIR_WORDS = {
    "a row of heads": columns("<table><tr>{heads}</tr><tr>{cells}</tr></table>"),
    "head and body": columns("<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"),
    "the value above": within("<div>{}</div>", each("<div><div>{value}</div><div>{label}</div></div>")),
    "the value before": within("<div>{}</div>", each("<div>{value}</div><div>{label}</div>")),
}


@pytest.mark.parametrize("render", [*TELLING.values(), *BY_THEIR_WORDS.values()], ids=[*TELLING, *BY_THEIR_WORDS])
def test_known_labels_are_read_in_any_markup(render: Callable[[Facts], str]) -> None:
    assert values(f"<main><h1>A title</h1>{render(FACTS)}</main>") == dict(FACTS)


@pytest.mark.parametrize("render", [*TELLING.values(), *BY_THEIR_WORDS.values()], ids=[*TELLING, *BY_THEIR_WORDS])
@pytest.mark.parametrize("count", [1, 3])
def test_known_labels_without_a_value_have_an_empty_one(render: Callable[[Facts], str], count: int) -> None:
    chips = "<div><span>till_error</span><span>cash</span></div>"
    for first in range(len(FACTS) - count + 1):
        empty = range(first, first + count)
        facts = [(label, "" if number in empty else text) for number, (label, text) in enumerate(FACTS)]
        html = f"<main><h1>A title</h1><p>A till.</p>{render(facts)}{chips}<h2>Root Cause</h2><p>Bad luck.</p></main>"
        assert values(html) == {**dict(facts), "Root Cause": "Bad luck."}


@pytest.mark.parametrize("render", TELLING.values(), ids=TELLING)
def test_unknown_labels_among_known_ones_fall_out_as_pairs(render: Callable[[Facts], str]) -> None:
    assert values(f"<main><h1>A title</h1>{render(ALL)}</main>") == dict(ALL)


@pytest.mark.parametrize("render", [*TELLING.values(), *BY_THEIR_WORDS.values()], ids=[*TELLING, *BY_THEIR_WORDS])
def test_labels_in_capitals_are_the_same_labels(render: Callable[[Facts], str]) -> None:
    facts = [(label.upper(), value) for label, value in FACTS]
    assert values(f"<main><h1>A title</h1>{render(facts)}</main>") == dict(facts)


def test_the_order_of_words_makes_no_difference() -> None:
    html = TELLING["rows of divs"](FACTS)
    assert values(html, WORDS[::-1]) == values(html, [word.upper() for word in WORDS]) == dict(FACTS)


def test_a_page_without_a_known_word_gives_no_pair() -> None:
    assert pairs("<dl><dt>Height</dt><dd>2 m</dd></dl>") == ()


def test_a_pair_says_how_it_was_read() -> None:
    found = pairs(f"<h1>Till trouble</h1>{TELLING['definitions'](FACTS)}")
    assert {(pair.relation, pair.votes, pair.section) for pair in found} == {("definition", len(FACTS), "Till trouble")}


def test_pairs_stand_in_page_order() -> None:
    html = f"<h1>x</h1>{TELLING['rows of divs'](ALL)}<h2>Root Cause</h2><p>{LONG[1][1][0]}</p>"
    assert [pair.label for pair in pairs(html)] == [label for label, _ in ALL] + ["Root Cause"]
