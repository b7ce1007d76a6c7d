"""What a page prints to the values of a record: slugs, EDTF dates, yes and no. Pure; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.dates import read_date
from ingest.extraction import (
    DATE_FIELDS,
    LONG_FIELDS,
    SLUG_FIELDS,
    TEXT_FIELDS,
    YES_NO_FIELDS,
    Extraction,
    Observation,
    PrintedCitation,
)
from ingest.sources import Source
from ingest.words import BETWEEN_VALUES, VALUE_SEPARATOR, YES_NO, is_absent, to_slug


class UnreadableError(Exception):
    """A field is printed, and its text is none of what is wanted."""

    def __init__(self, field: str, text: str, wanted: str) -> None:
        super().__init__(field)
        self.field = field
        self.text = text
        self.wanted = wanted


def read_values(extraction: Extraction, source: Source) -> dict[str, Any]:
    """The record's fields, each citation by its parts. Raises UnreadableError for a date or a yes/no that is none."""
    printed = dict(extraction.texts)
    texts = _correct(printed, source)
    values: dict[str, Any] = {"title": printed["title"]}
    values |= {name: _text(printed.get(name, "")) for name in ("summary", *LONG_FIELDS)}
    values |= {name: _join(_items(extraction, texts, source, name)) for name in TEXT_FIELDS}
    values |= {name: _read_slugs(_items(extraction, texts, source, name), name) for name in SLUG_FIELDS}
    values |= {name: _to_edtf(texts.get(name, ""), source, name) for name in DATE_FIELDS}
    values |= {name: _read_yes_no(texts.get(name, ""), name) for name in YES_NO_FIELDS}
    values["citations"] = [_read_citation(citation, source) for citation in extraction.citations]
    values["tags"] = tuple(dict.fromkeys([tag for tag in extraction.tags if not is_absent(tag)]))
    return values | {"raw": dict(extraction.raw), "extra": dict(extraction.extra)}


def _correct(printed: dict[str, str], source: Source) -> dict[str, str]:
    """The texts that the record is made from."""
    if not source.corrections:
        return printed
    return {field: source.correct(field, text) for field, text in printed.items()}


def _text(text: str) -> str | None:
    return None if is_absent(text) else text


def _items(extraction: Extraction, texts: dict[str, str], source: Source, field: str) -> tuple[str, ...]:
    """The field's values as printed, corrected, without those that say that there is none. texts: corrected."""
    text = texts.get(field, "")
    items: tuple[str, ...] | list[str] = extraction.values.get(field, ())
    if len(items) < 2 or text != extraction.texts.get(field, ""):
        items = BETWEEN_VALUES.split(text) if field in SLUG_FIELDS else [text]
    present = [item.strip() for item in items]
    if source.corrections:
        present = [source.correct(field, item) for item in present]
    return tuple(dict.fromkeys([item for item in present if not is_absent(item)]))


def _join(items: Iterable[str]) -> str | None:
    return VALUE_SEPARATOR.join(dict.fromkeys(items)) or None


def _read_slugs(items: tuple[str, ...], field: str) -> str | None:
    for item in items:
        if not to_slug(item):
            raise UnreadableError(field, item, "word")
    return _join(map(to_slug, items))


def _to_edtf(text: str, source: Source, field: str) -> str | None:
    if is_absent(text):
        return None
    date = read_date(text, source.date_order)
    if date is None:
        raise UnreadableError(field, text, "date that can be read for certain")
    return date


def _read_yes_no(text: str, field: str) -> bool | None:
    if is_absent(text):
        return None
    answer = YES_NO.get(text.casefold())
    if answer is None:
        raise UnreadableError(field, text, "yes or no")
    return answer


def _read_citation(printed: PrintedCitation, source: Source) -> dict[str, str | None]:
    parts = {"title": printed.title, "publisher": printed.publisher, "kind": printed.kind, "url": printed.url}
    date = _to_edtf(source.correct("citations", printed.date or ""), source, "citations")
    return {"date": date, **{name: part if part and not is_absent(part) else None for name, part in parts.items()}}


def find_unknown(extraction: Extraction, values: Mapping[str, Any], source: Source) -> Iterator[Observation]:
    """The words that the vocabulary of their field lacks. values: what read_values has made of the extraction."""
    for field, vocabulary in source.vocabularies.items():
        slugs = values[field]
        if slugs is None or all(slug in vocabulary for slug in slugs.split(VALUE_SEPARATOR)):
            continue
        for item in _items(extraction, _correct(dict(extraction.texts), source), source, field):
            if to_slug(item) not in vocabulary:
                yield Observation("unknown_value", field, item)
