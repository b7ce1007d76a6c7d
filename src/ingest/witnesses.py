"""What a page says of a field in other places than its label: it fills what no label says, and is heard against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ingest.dates import read_date
from ingest.extraction import (
    DATE_FIELDS,
    SLUG_FIELDS,
    YES_NO_FIELDS,
    Extraction,
    Observation,
    Witness,
    is_absent,
)
from ingest.labels import label_key
from ingest.sources import Source
from ingest.words import BETWEEN_VALUES, YES_NO, to_slug

_BETWEEN_TAGS = re.compile(r"\s*[,;|·•]\s*")


def hear(extraction: Extraction, source: Source) -> Extraction:
    """The extraction with each field that nothing fills filled by the first witness of it that can be read."""
    texts = dict(extraction.texts)
    for witness in extraction.witnesses:
        if is_absent(texts.get(witness.field, "")) and _can_be_read(witness, source):
            texts[witness.field] = witness.text
    return (
        extraction
        if len(texts) == len(extraction.texts) and texts == extraction.texts
        else replace(extraction, texts=texts)
    )


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
        return _overlap(read_date(text, source.date_order) or "", value)
    if witness.field in YES_NO_FIELDS:
        return YES_NO[text.casefold()] is value
    if witness.field in SLUG_FIELDS:
        words = {to_slug(item) for item in BETWEEN_VALUES.split(text)} - {""}
        own = set(value.split("; "))
        return words <= own or own <= words
    if witness.field == "tags":
        return {label_key(item) for item in _BETWEEN_TAGS.split(text)} == set(map(label_key, value))
    one, other = label_key(text), label_key(value)
    return one in other or other in one


def _overlap(one: str, other: str) -> bool:
    """Whether two EDTF dates can mean one day."""
    (start, end), (first, last) = _days(one), _days(other)
    return start <= last and first <= end


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
