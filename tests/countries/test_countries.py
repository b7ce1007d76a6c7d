"""A printed jurisdiction is a country where its name or code is exactly one of ISO 3166-1, and else nothing."""

from __future__ import annotations

import pytest

from ingest.countries import country_codes


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("Netherlands", ("NL",)),
        ("Norway; Sweden", ("NO", "SE")),
        ("USA; United States; US", ("US",)),
        ("Viet Nam; Vietnam", ("VN",)),
        ("Republic of Austria; Europe; AUT", ("AT",)),
        ("South Korea; North Korea", ("KR", "KP")),
        ("EU", ()),
        ("Europe", ()),
        ("International", ()),
        ("Korea", ()),
        ("in", ()),
        ("Germany (Berlin)", ()),
        ("Georgia", ()),
        ("", ()),
    ],
)
def test_only_exact_names_and_codes_count(printed: str, codes: tuple[str, ...]) -> None:
    assert country_codes(printed) == codes
