"""Printed jurisdictions to countries of ISO 3166-1, by exact names and codes; what is none is left alone."""

from __future__ import annotations

from functools import cache, lru_cache

import pycountry

from ingest.words import VALUE_SEPARATOR

_NAMES = ("name", "common_name", "official_name", "alpha_2", "alpha_3")
_AMBIGUOUS = frozenset({"Georgia"})
"""Names of a country that as often mean a state of another one."""


@lru_cache(maxsize=10_000)
def country_codes(jurisdiction: str) -> tuple[str, ...]:
    """`Norway; USA; Europe` -> `NO`, `US`: the two-letter codes of the values that name a country, in their order.

    A value counts as it is printed, in its case: `IN` is India and `in` is nothing. Nothing is guessed: regions, the
    European Union, `UK` and names that ISO 3166-1 has differently give no code.
    """
    codes = (_codes_by_name().get(value) for value in jurisdiction.split(VALUE_SEPARATOR))
    return tuple(dict.fromkeys(code for code in codes if code is not None))


@cache
def _codes_by_name() -> dict[str, str]:
    names = {getattr(country, name, None): country.alpha_2 for country in pycountry.countries for name in _NAMES}
    return {name: code for name, code in names.items() if name is not None and name not in _AMBIGUOUS}
