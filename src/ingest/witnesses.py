"""What a page says of a field in other places than its label: it fills what no label says, and is heard against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from ingest.dates import read_date
from ingest.extraction import (
    DATE_FIELDS,
    SLUG_FIELDS,
    YES_NO_FIELDS,
    Extraction,
    Observation,
    Witness,
)
from ingest.labels import label_key
from ingest.sources import Source
from ingest.words import BETWEEN_VALUES, YES_NO, is_absent, to_slug

_NUMBER: Final = re.compile(r"\d{1,4}", re.ASCII)
_MONTH_NAME: Final = re.compile(r"[^\W\d_]{3,}")
_EDGE: Final = re.compile(r"\s*[|–—:·»-]\s*|\s*\Z")
_CUT: Final = 20
"""Characters that are left of a title whose end is cut off."""
_BETWEEN_TAGS: Final = re.compile(r"\s*[,;|·•]\s*")


def hear(extraction: Extraction, source: Source) -> Extraction:
    """The extraction with each field that nothing fills filled by the first witness of it that can be read.

    A date that is printed and can't be read is what its own `datetime` says where that has the printed numbers.
    """
    if not extraction.witnesses:
        return extraction
    texts = dict(extraction.texts)
    for witness in extraction.witnesses:
        printed = texts.get(witness.field, "")
        if _can_be_read(witness, source) and (is_absent(printed) or _spells_out(witness, printed, source)):
            texts[witness.field] = witness.text
    return replace(extraction, texts=texts) if texts != extraction.texts else extraction


def _spells_out(witness: Witness, printed: str, source: Source) -> bool:
    """Whether a `datetime` says what `01/02/2024` or `1. Februar 2024` means, and no more than it."""
    if witness.place != "time" or read_date(source.correct(witness.field, printed), source.date_order) is not None:
        return False
    day = [int(number) for number in (read_date(witness.text) or "").split("-")]
    numbers = sorted(int(number) for number in _NUMBER.findall(printed))
    worded = _MONTH_NAME.search(printed) is not None and numbers == sorted(day[::2])
    return len(day) == 3 and (worded or numbers == sorted(day))


def contradictions(witnesses: tuple[Witness, ...], record: Mapping[str, Any], source: Source) -> Iterator[Observation]:
    """An observation for every place that says something else than the record, once for each field."""
    said: dict[Observation, None] = {}
    for witness in witnesses:
        value = record[witness.field]
        if _can_be_read(witness, source) and value is not None and not _agree(witness, value, source):
            said[Observation("assertion", witness.field, f"{witness.place} disagrees")] = None
    yield from said


def _can_be_read(witness: Witness, source: Source) -> bool:
    text = source.correct(witness.field, witness.text)
    if is_absent(text):
        return False
    if witness.field in DATE_FIELDS:
        return read_date(text, source.date_order) is not None
    if witness.field in YES_NO_FIELDS:
        return text.casefold() in YES_NO
    return bool(to_slug(text)) if witness.field in SLUG_FIELDS else True


def _agree(witness: Witness, value: Any, source: Source) -> bool:
    """Whether a witness that can be read says what the record does, more or less precisely."""
    text = source.correct(witness.field, witness.text)
    if witness.field in DATE_FIELDS:
        return _overlap(read_date(text, source.date_order) or "", value, timedelta(days="T" in text))
    if witness.field in YES_NO_FIELDS:
        return YES_NO[text.casefold()] is value
    if witness.field in SLUG_FIELDS:
        words = {to_slug(item) for item in BETWEEN_VALUES.split(text)} - {""}
        own = set(value.split("; "))
        return words <= own or own <= words
    if witness.field == "tags":
        return {label_key(item) for item in _BETWEEN_TAGS.split(text)} == set(map(label_key, value))
    if witness.field == "title":
        return same_title(text, value)
    one, other = label_key(text).rstrip("…."), label_key(value).rstrip("….")
    return one in other or other in one


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one but for a site's name beside it, or an end that is cut off."""
    short, long = sorted((label_key(one), label_key(other)), key=len)
    if short.endswith(("…", "...")):
        return long.startswith(short.rstrip(".… ")) and len(short) > _CUT
    before, found, after = long.partition(short) if short else ("", "", "")
    return bool(found) and _EDGE.match(after) is not None and _EDGE.match(before[::-1]) is not None


def _overlap(one: str, other: str, slack: timedelta) -> bool:
    """Whether two EDTF dates can mean one day, or days that are no further apart: an instant has a day in each zone."""
    (start, end), (first, last) = _days(one), _days(other)
    return start <= last + slack and first <= end + slack


def _days(edtf: str) -> tuple[date, date]:
    """The first and the last day of an EDTF date."""
    start, _, end = edtf.partition("/")
    return _day(start, last=False), _day(end or start, last=True)


def _day(text: str, last: bool) -> date:
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    after = date(year + (month in (0, 12)), month % 12 + 1, 1) if year < 9999 else date.max
    return after - timedelta(days=1) if year < 9999 else after
