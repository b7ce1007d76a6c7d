"""Records as CSV and as JSON Schema. In CSV every cell is text that a spreadsheet does not run as a formula."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from ingest.records import Incident

RECORD_COLUMNS = ("id", "url", "version", "change", "valid_from", "valid_to")
"""What a row says besides the record."""

# What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection), the
# full-width forms included, also behind white space that it may strip; and a tab or line end, which some drop.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record, as `export` and `show` print it."""
    schema = Incident.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def record_fields() -> tuple[str, ...]:
    """The record's fields in their published order."""
    return tuple(json_schema()["properties"])


def flatten_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the record's fields beside its own."""
    return {**{name: row[name] for name in RECORD_COLUMNS}, **row["record"]}


def write_csv(
    file: IO[str], columns: Iterable[str], rows: Iterable[Mapping[str, Any]], defuse: Callable[[str], str]
) -> None:
    """Rows of JSON values as CSV by RFC 4180: null is empty, true and false are words, lists and objects are JSON.

    defuse is applied to every text: `defuse_formula`, or `str` for the text as it is.
    """
    names = list(columns)
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_cell(row[name], defuse) for name in names] for row in rows)


def defuse_formula(text: str) -> str:
    """A text that a spreadsheet shows and does not run, and that does not control a terminal."""
    safe = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return f"'{safe}" if _FORMULA.match(text) else safe


def _cell(value: object, defuse: Callable[[str], str]) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return defuse(json.dumps(value, ensure_ascii=False))
    return defuse(value) if isinstance(value, str) else value
