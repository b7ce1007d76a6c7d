"""Bytes that differ without meaning give no version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ingest.changes import content_sha256, diff
from parsers import open_source
from tests.scrape.replica import Replica, incident_page

SOURCE = open_source("provyn")
URL = "https://provyn.dev/incidents/refund"
TAGS = "<ul><li>refund</li><li>chatbot</li><li>court</li></ul>"
CARDS = (
    "<aside><h2>Related</h2>"
    + "".join(
        f"<article><a href='/incidents/{slug}'><h3>{slug}</h3></a><dl><dt>Status</dt><dd>Resolved</dd></dl></article>"
        for slug in ("seat", "bag")
    )
    + "</aside>"
)
PAGE = incident_page("Refund promised & kept").replace("<dl>", f"{TAGS}<dl>", 1)

NOISE: Mapping[str, Callable[[str], str]] = {
    "a nonce": lambda page: page.replace("<title>", "<script nonce='8f2a'>var build = 'b91'</script><title>"),
    "a token in a form": lambda page: page.replace("</main>", "</main><form><input type=hidden value='k7'></form>"),
    "white space": lambda page: page.replace("<dd>", "<dd>\n\t ").replace("</p>", " \u00a0\n</p>"),
    "entity forms": lambda page: page.replace("&amp;", "&#38;").replace("refund", "&#x72;efund"),
    "attributes": lambda page: page.replace("<main>", "<main id='m' class='x y'>").replace("<dl>", "<dl class='q'>"),
    "comment nodes": lambda page: page.replace("<dt>", "<!-- 3 --><dt><!-- 4 -->").replace("</dd>", "<!-- --></dd>"),
    "the order of tags": lambda page: page.replace(TAGS, "<ul><li>court</li><li>refund</li><li>chatbot</li></ul>"),
    "an advertisement": lambda page: page.replace("<section>", "<div><iframe src='/ad?9'></iframe></div><section>", 1),
    "related cards": lambda page: page.replace("</main>", f"</main>{CARDS}"),
    "other related cards": lambda page: page.replace("</main>", f"</main>{CARDS.replace('seat', 'ticket')}"),
    "case of the markup": lambda page: page.replace("<dl>", "<DL>").replace("</dl>", "</DL>").replace("<dt>", "<DT>"),
}


@pytest.mark.parametrize("noise", NOISE)
def test_it_is_the_same_record(noise: str) -> None:
    page = NOISE[noise](PAGE)
    assert page != PAGE
    assert diff(record(PAGE), record(page)) == ()
    assert content_sha256(record(PAGE)) == content_sha256(record(page))


def test_a_value_that_differs_is_a_change() -> None:
    assert record(PAGE)["tags"] == ["refund", "chatbot", "court"]
    changed = diff(record(PAGE), record(PAGE.replace("Breeze 2", "Breeze 3")))
    assert [one.field for one in changed] == ["model"]


def test_all_of_it_at_once_gives_no_version_and_no_drift(replica: Replica) -> None:
    page = PAGE
    replica.publish(refund=page, seat=incident_page("Seat sold twice"), bag=incident_page("Bag lost"))
    replica.scrape()
    for change in NOISE.values():
        page = change(page)
    replica.publish(refund=page)
    replica.scrape()
    assert replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": 3}]
    assert replica.rows("SELECT * FROM drift") == []
    assert replica.rows("SELECT count(DISTINCT page_sha256) AS n FROM fetches WHERE url LIKE '%/refund'") == [{"n": 2}]


def record(page: str) -> dict[str, Any]:
    reading = SOURCE.read_page(page.encode(), "text/html; charset=utf-8", URL)
    assert reading.refusal is None, reading.refusal
    return dict(reading.fields)
