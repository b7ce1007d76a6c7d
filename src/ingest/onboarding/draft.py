"""The draft of a source: what its file is to say, and why a person should look at a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.dates import DateOrder
from ingest.extraction import DATE_FIELDS, SLUG_FIELDS
from ingest.onboarding.addresses import Addresses
from ingest.onboarding.mapping import FieldMap, Mapped

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
SEVERITIES = ("low", "medium", "high", "critical")
_ENOUGH_PAGES = 3
_REPEATED_SHARE = 0.5
"""The share of different words among pages up to which a field's words are taken for all that there are."""
_OPTIONAL_SHARE = 0.8
"""A label on fewer pages than this is one that a page may do without."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A label that fills no field: on how many pages, an example, and the field that it might fill."""

    label: str
    pages: int
    example: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A source that is being made of so many pages."""

    name: str
    title: str
    pages: int
    addresses: Addresses
    licence: str | None
    fields: FieldMap
    badge: str | None = None
    badge_words: tuple[str, ...] = ()
    chips: bool = False
    lead: str | None = None
    lines: tuple[str, ...] = ()
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extra: tuple[Beside, ...] = ()
    ignore: tuple[Beside, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    """By key of the file."""

    @property
    def labels(self) -> tuple[Mapped, ...]:
        return tuple(each for each in self.fields.mapped if not each.is_section)

    @property
    def sections(self) -> tuple[Mapped, ...]:
        return tuple(each for each in self.fields.mapped if each.is_section)

    @property
    def optional(self) -> tuple[Mapped, ...]:
        """The labels that not nearly every page prints, and tags, which few sites have everywhere; never all."""
        least = _OPTIONAL_SHARE * self.pages
        rare = tuple(each for each in self.labels if len(each.pages) < least or each.field == "tags")
        return rare if len(rare) < len(self.labels) else ()

    @property
    def date_orders(self) -> tuple[DateOrder, ...]:
        """How the site may write day and month in numbers; none where no date needs to know it."""
        dates = [each.shape.orders for each in self.labels if each.field in DATE_FIELDS and each.shape.printed]
        needing = [orders for orders in dates if None not in orders]
        return tuple(order for order in _ORDERS if needing and all(order in orders for orders in needing))

    def vocabulary(self, mapped: Mapped) -> tuple[str, ...]:
        """The words of a field, where pages repeat them so often that they seem to be all; else none."""
        slugs = mapped.shape.slugs
        if mapped.field not in SLUG_FIELDS or not slugs:
            return ()
        if mapped.field == "severity" and set(slugs) <= set(SEVERITIES):
            return SEVERITIES
        total = sum(slugs.values())
        complete = total >= _ENOUGH_PAGES and 1 < len(slugs) <= _REPEATED_SHARE * total
        return tuple(sorted(slugs)) if complete else ()
