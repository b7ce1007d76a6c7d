"""What a page says of its incident for machines, as witnesses of the record's fields.

Only what a vocabulary defines to be the same thing is heard, and only of an item that is this page's: by its name, or
by its address. By https://schema.org: `name` and `headline` are the title, `abstract` and `description` a short text of
the item, `startDate` and `endDate` of an event when it happened, `temporalCoverage` the period that a text describes,
and a PropertyValue has a name as a label has. `datePublished` is when the page appeared, not when anything happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ingest.extraction import DATE_FIELDS, Witness
from ingest.labels import Pair, label_key
from ingest.page import Page
from ingest.sources import Source
from ingest.witnesses import same_title
from parsers.outline import Outline
from parsers.structured import Item, read_json_ld, read_microdata, read_open_graph

_WORKS: Final = frozenset(
    """article newsarticle report techarticle scholarlyarticle blogposting analysisnewsarticle creativework webpage
    itempage thing""".split()
)
_PERIOD: Final = re.compile(r"[\d-]{4,10}(?:/[\d-]{4,10})?")
_ADDRESSES: Final = ("url", "@id", "mainEntityOfPage")
_MAX_EXCERPT: Final = 80
"""Characters at the start of a text by which it is known again in a longer one."""


def hear_page(page: Page, outline: Outline, texts: Mapping[str, str], source: Source) -> tuple[Witness, ...]:
    """What JSON-LD, microdata and Open Graph say of the incident; texts are what the page prints of it."""
    tagged = outline.tagged
    if not (tagged["script"] or tagged["itemscope"] or tagged["meta"]):
        return ()
    items = [*read_json_ld(tagged["script"]), *read_microdata(tagged["itemscope"])]
    own = [item for item in items if _is_own(item, page, texts["title"], source)]
    graph = read_open_graph(tagged["meta"])
    said = [witness for item in own for witness in _hear_item(item, texts, source)]
    return (*said, *_hear_graph(graph, texts, source))


def _is_own(item: Item, page: Page, title: str, source: Source) -> bool:
    """Whether an item is what the page is about: a work or an event of its name or its address."""
    if not (item.types & _WORKS or any(kind.endswith("event") for kind in item.types)):
        return False
    names = (*item.texts.get("headline", ()), *item.texts.get("name", ()))
    if any(same_title(name, title) for name in names):
        return True
    own = source.identify(page.url) if page.url is not None else None
    addresses = (url for name in _ADDRESSES for url in item.texts.get(name, ()))
    return own is not None and any(source.identify(url) == own for url in addresses)


def _hear_item(item: Item, texts: Mapping[str, str], source: Source) -> Iterator[Witness]:
    for name in ("headline", "name"):
        if text := item.only(name):
            yield Witness(f"{item.place} {name}", "title", text)
    for name in ("abstract", "description"):
        if (text := item.only(name)) and _may_be_summary(text, texts, source):
            yield Witness(f"{item.place} {name}", "summary", text)
            break
    start, end = item.only("startDate"), item.only("endDate")
    if start and any(kind.endswith("event") for kind in item.types):
        yield Witness(f"{item.place} startDate", "date_occurred", f"{_day(start)}/{_day(end)}" if end else start)
    if (period := item.only("temporalCoverage")) and _PERIOD.fullmatch(period):
        yield Witness(f"{item.place} temporalCoverage", "date_occurred", period)
    for printed, value in item.pairs:
        if label := source.label_names.get(label_key(printed)):
            yield Witness(f"{item.place} {label}", source.labels[label], value)


def _day(text: str) -> str:
    """A date without its time of day, as a range wants it."""
    return text.partition("T")[0]


def _hear_graph(graph: Item, texts: Mapping[str, str], source: Source) -> Iterator[Witness]:
    title, text = graph.only("og:title"), graph.only("og:description")
    if title is None:
        return
    yield Witness("Open Graph title", "title", title)
    named = label_key(source.title) in label_key(text or "")
    if text and same_title(title, texts["title"]) and not named and _may_be_summary(text, texts, source):
        yield Witness("Open Graph description", "summary", text)


def _may_be_summary(text: str, texts: Mapping[str, str], source: Source) -> bool:
    """Whether a text says something of its own: no beginning of a text that the page prints, but for the summary's."""
    if source.lead != "summary":
        return False
    start = label_key(text)[:_MAX_EXCERPT].rstrip(".… ")
    return not any(start in label_key(printed) for field, printed in texts.items() if field != "summary")


def hear_times(pairs: Iterable[tuple[str, Pair]], source: Source) -> Iterator[Witness]:
    """What the `datetime` of the times in a date's value says: one date, or start and end of a range."""
    for name, pair in pairs:
        if source.labels[name] in DATE_FIELDS:
            times = [node for top in pair.nodes for node in top.walk() if node.tag == "time"]
            dates = [node.attributes.get("datetime", "").strip() for node in times]
            if dates and all(dates) and len(dates) < 3:
                yield Witness("time", source.labels[name], _span(dates))


def _span(dates: Sequence[str]) -> str:
    return dates[0] if len(set(dates)) == 1 else "/".join(map(_day, dates))
