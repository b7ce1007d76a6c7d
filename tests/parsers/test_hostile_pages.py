"""Pages made to cost time: each is read to its end, and what is built from it stays bounded.

The sizes are chosen so that a step that is quadratic in them would take minutes.
"""

from __future__ import annotations

import pytest

from ingest.reading import Reading, read_body
from parsers import load_source, read
from tests.parsers.markups import CHIPS, HEADINGS, LABELS, SOURCES, TEXTS, labelled, page, sectioned

PROVYN = load_source("provyn")
MANY = 12_000


def reading(heading: str = "", labels: str = "", chips: str = "", source: str = "", end: str = "") -> Reading:
    text = sectioned(TEXTS[0], SOURCES[0] + source)
    html = page(
        "<main>{page}</main>", HEADINGS[0] + heading, labelled(LABELS[0]) + labels, CHIPS[0] + chips, text + end
    )
    return read_body(html.encode(), "text/html", "https://provyn.dev/incidents/a", PROVYN, read)


@pytest.mark.parametrize(
    "parts",
    [
        {"heading": "<p>w x y z</p>" * MANY},
        {"heading": "<div>" + "<span>High</span>" * MANY + "</div>"},
        {"heading": "<div>" * 300 + "<b>High</b>" * MANY + "</div>" * 300},
        {"heading": "<a href=/incidents/b>w</a>" * MANY},
        {"chips": "<div>" + "<span>tag</span>" * MANY + "</div>"},
        {"chips": "<div><a href=https://a.example/>ta</a><a href=https://a.example/>tb</a></div>" * (MANY // 2)},
        {"source": "<a href=/a>t</a>" + "<span>x y</span>" * MANY},
        {"source": "<div>" * 300 + "<a href=/a>t</a><a href=/b>u</a>" * (MANY // 4) + "</div>" * 300},
        {"source": "<p>" + "x · " * 100_000 + "</p>"},
        {"labels": "<dl>" + "<dt>Category<dd>x" * (MANY // 8) + "</dl>"},
        {"end": "<li><a href=/incidents/o>o</a><dl><dt>Category<dd>x<dt>Status<dd>y</dl></li>" * (MANY // 8)},
        {"end": "<div>" * 350 + "<p>w x y z</p>" * MANY + "</div>" * 350},
    ],
    ids=lambda parts: f"{next(iter(parts))}-{next(iter(parts.values()))[:24]}",
)
def test_a_page_of_one_endless_thing_is_read_to_its_end(parts: dict[str, str]) -> None:
    found = reading(**parts)
    assert found.refusal is None
    assert found.fields["category"] == "unsafe_behavior"
    assert len(found.fields["citations"]) <= 1_000


@pytest.mark.parametrize(
    "title", ["404 " + "x " * 50_000, "oops " * 50_000, "the page " + "you " * 50_000, "-" * 100_000]
)
def test_an_endless_title_is_judged(title: str) -> None:
    html = f"<main><h1>{title}</h1><p>text</p></main>"
    found = read_body(html.encode(), "text/html", "https://provyn.dev/incidents/a", PROVYN, read)
    assert found.refusal is not None


def test_markup_is_never_stored() -> None:
    source = '<ul><li><a href="https://a.example/">&lt;script&gt;</a><p>A · <script>x</script>news</p></li></ul>'
    found = reading(
        source=source, chips="", heading="<style>p{}</style><template><p>Hidden words of a page.</p></template>"
    )
    assert found.fields["citations"][-1]["title"] == "<script>"
    assert found.fields["citations"][-1]["kind"] == "news"
