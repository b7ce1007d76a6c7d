"""What the values of a label look like: dates, answers, words of a list, running text, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.dates import DateOrder, looks_like_date, read_date
from ingest.extraction import DATE_FIELDS, LONG_FIELDS, SLUG_FIELDS, TEXT_FIELDS, YES_NO_FIELDS
from ingest.onboarding.survey import Printing, Seen
from ingest.words import BETWEEN_VALUES, YES_NO, is_absent, to_slug

_ORDERS: tuple[DateOrder | None, ...] = (None, "dmy", "mdy")
_WORD_CHARACTERS, _TEXT_CHARACTERS = 40, 80
_LONG_CHARACTERS, _LONG_WORDS = 120, 12
_SENTENCE = re.compile(r"[.!?…][\"'”’)]*$")
_KNOWN_WORDS = {
    "severity": frozenset(
        "low medium moderate high critical severe catastrophic minor major minimal serious fatal informational".split()
    ),
    "status": frozenset(
        "open closed resolved unresolved confirmed unconfirmed verified unverified reported ongoing active inactive "
        "pending settled dismissed investigating investigation review mitigated fixed new disputed alleged".split()
    ),
}
"""Words of which a list of severities or states has at least one."""
_PAGE_KINDS = frozenset({"incident", "case", "report", "event", "article", "page", "entry", "record"})


@dataclass(frozen=True, slots=True)
class Shape:
    """printed: pages with a value that is not absent; the others are shares of them, medians, and counts.

    orders: the ways to read days and months in numbers by which all values are dates, None for values without such;
    unreadable: values that are no date in the best of them.
    """

    printed: int
    dates: float
    orders: frozenset[DateOrder | None]
    unreadable: tuple[str, ...]
    answers: float
    characters: float
    item_characters: float
    sentences: float
    words: float
    several: float
    linked: float
    slugs: Mapping[str, int]

    @property
    def is_long(self) -> bool:
        """Whether the values are running text."""
        return self.characters >= _LONG_CHARACTERS


def shape_of(seen: Seen) -> Shape:
    """The shape of a label's values over all pages."""
    printings = [each for each in seen.printings if not is_absent(each.value)]
    values = [each.value for each in printings]
    orders, unreadable = _date_orders(values)
    count = len(values)
    items = [item.strip() for each in printings for value in each.values for item in BETWEEN_VALUES.split(value)]
    slugs = Counter(to_slug(item) for item in items if not is_absent(item))
    return Shape(
        printed=count,
        dates=sum(map(looks_like_date, values)) / max(count, 1),
        orders=orders,
        unreadable=unreadable,
        answers=sum(value.casefold() in YES_NO for value in values) / max(count, 1),
        characters=median(map(len, values)) if values else 0,
        item_characters=median(map(len, items)) if values else 0,
        sentences=sum(map(_is_text, values)) / max(count, 1),
        words=median(len(value.split()) for value in values) if values else 0,
        several=sum(len(each.values) > 1 for each in printings) / max(count, 1),
        linked=sum(map(_has_link, printings)) / max(count, 1),
        slugs=slugs,
    )


def _date_orders(values: Sequence[str]) -> tuple[frozenset[DateOrder | None], tuple[str, ...]]:
    """The orders in which all values are dates, and the values that are none in the order that reads most."""
    failing = {order: tuple(value for value in values if read_date(value, order) is None) for order in _ORDERS}
    return frozenset(order for order in _ORDERS if not failing[order]), min(failing.values(), key=len)


def _is_text(value: str) -> bool:
    """Whether a value is running text: it ends as a sentence does, or is long."""
    return _SENTENCE.search(value) is not None or value.count(" ") >= _LONG_WORDS


def _has_link(printing: Printing) -> bool:
    return any(
        node.tag == "a" and node.attributes.get("href", "").startswith(("http://", "https://"))
        for top in printing.nodes
        for node in top.walk()
    )


def is_likely(field: str, shape: Shape) -> bool:
    """Whether values look like a field's, where a label's words leave it open."""
    known = _KNOWN_WORDS.get(field)
    return known is None or any(part in known for slug in shape.slugs for part in (slug, *slug.split("_")))


def misfit(field: str, shape: Shape) -> str | None:
    """Why values of this shape can't fill a field; None where they can."""
    if not shape.printed:
        return None
    if field in DATE_FIELDS and shape.unreadable:
        return f"{_quote(shape.unreadable[0])} is no date that can be read for certain"
    if field in YES_NO_FIELDS and shape.answers < 1:
        return "its values are not all yes or no"
    if field in SLUG_FIELDS and (shape.item_characters > _WORD_CHARACTERS or not all(shape.slugs)):
        return "its values are no words of a list"
    if field == "category" and shape.slugs.keys() <= _PAGE_KINDS:
        return "its values say what kind of page it is"
    if field in SLUG_FIELDS and all(slug.replace("_", "").isdigit() for slug in shape.slugs):
        return "its values are numbers"
    if field in TEXT_FIELDS and shape.characters > _TEXT_CHARACTERS:
        return "its values are long"
    if field not in DATE_FIELDS and shape.dates > 1 / 2:
        return "its values are dates"
    if field not in YES_NO_FIELDS and shape.answers > 1 / 2:
        return "its values are yes and no"
    if field == "citations" and max(shape.linked, shape.several) < 1 / 2:
        return "its values hold no links"
    if field == "tags" and shape.is_long:
        return "its values are running text"
    if field in (*LONG_FIELDS, "summary") and shape.sentences < 1 / 2:
        return "its values are no running text"
    return None


def _quote(text: str) -> str:
    return repr(text if len(text) <= _WORD_CHARACTERS else f"{text[: _WORD_CHARACTERS - 1]}…")
