"""Parties with their roles: `Amazon (developer, deployer); Acme (victim)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ingest.extraction import Observation, Witness
from ingest.labels import label_key
from ingest.sources import Source
from ingest.words import BETWEEN_VALUES, VALUE_SEPARATOR, is_absent

_PARTY: Final = re.compile(r"([^()]+)(?:\(([^()]*)\)|\Z)")
_BETWEEN_PARTIES: Final = re.compile(r"^(?:\s*[,·•&]\s*|\s*and\s+)|[\s,·•&]+$")
_BETWEEN_ROLES: Final = re.compile(r"\s*[,;/&]\s*|\s+and\s+")

WITHOUT_ROLE: Final = "a party has no role"
"""What an assertion says of a label under `roles` with a value that names none."""


def read_parties(texts: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each party's name and its roles, in page order."""
    for text in texts:
        for name, roles in _PARTY.findall(text):
            bare = _BETWEEN_PARTIES.sub("", name).strip()
            if not is_absent(bare):
                yield bare, tuple(role for role in _BETWEEN_ROLES.split(roles) if role.strip())


def hear_roles(
    labels: Iterable[tuple[str, Sequence[str]]], source: Source
) -> tuple[tuple[Witness, ...], tuple[Observation, ...]]:
    """What the labels under `roles` say of fields, by their names and values; and what the file does not foresee."""
    witnesses: list[Witness] = []
    strange: list[Observation] = []
    for label, items in labels:
        if label in source.roles:
            filled, new = read_roles(label, items, source)
            witnesses += (Witness("roles", field, VALUE_SEPARATOR.join(names)) for field, names in filled.items())
            strange += new
    return tuple(witnesses), tuple(strange)


def read_roles(
    label: str, items: Sequence[str], source: Source
) -> tuple[dict[str, tuple[str, ...]], list[Observation]]:
    """The parties that fill each field by the roles of a label, and the roles that the file does not name."""
    fields = {label_key(role): field for role, field in source.roles[label].items()}
    filled: dict[str, dict[str, None]] = {}
    strange: dict[Observation, None] = {}
    for name, roles in read_parties(part for item in items for part in BETWEEN_VALUES.split(item)):
        for role in roles:
            field = fields.get(label_key(role))
            if field is None:
                strange[Observation("unknown_value", label, role)] = None
            elif field != "extra":
                filled.setdefault(field, {})[name] = None
        if not roles:
            strange[Observation("assertion", label, WITHOUT_ROLE)] = None
    return {field: tuple(names) for field, names in filled.items()}, list(strange)
