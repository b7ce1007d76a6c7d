"""What counts as a change: the canonical form of a record, its hash, and the difference of two records. Pure.

A record is a dict of JSON values with every field present; null is a value like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

EVIDENCE = "raw"
"""The field that is kept with a version and never makes one."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs; the values are JSON values."""

    field: str
    old: Any
    new: Any


def content_sha256(record: Record) -> str:
    """The hash of a record's content, in hex: all fields but `raw`, tags as a set, keys in any order."""
    content = {name: value for name, value in record.items() if name != EVIDENCE}
    content["tags"] = sorted(set(content.get("tags") or ()))
    return hashlib.sha256(canonical_json(content)).hexdigest()


def canonical_json(value: Any) -> bytes:
    """One text for equal values: UTF-8, sorted keys, no spaces, no escapes but those that JSON asks for."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def to_json(value: Any) -> str:
    """A record as JSON text, its keys in their own order."""
    return orjson.dumps(value).decode()


def settle(old: Record, new: Record) -> dict[str, Any]:
    """The new record as it is to be stored after the old one: equal sets of tags keep the stored order."""
    settled = dict(new)
    if set(old["tags"]) == set(new["tags"]):
        settled["tags"] = list(old["tags"])
    return settled


def diff(old: Record, new: Record) -> tuple[FieldChange, ...]:
    """The fields that differ, in the new record's order. A field that one record lacks counts as null there."""
    settled = settle(old, new)
    names = [*settled, *(name for name in old if name not in settled)]
    return tuple(
        FieldChange(name, old.get(name), settled.get(name))
        for name in names
        if name != EVIDENCE and not _same(old.get(name), settled.get(name))
    )


def _same(one: Any, other: Any) -> bool:
    # 1 == True in Python; in a record they are two values.
    if type(one) is not type(other):
        return False
    return canonical_json(one) == canonical_json(other) if isinstance(one, (list, dict)) else bool(one == other)
