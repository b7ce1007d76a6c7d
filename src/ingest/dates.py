"""Printed dates to EDTF level 0, exactly as precise as printed, or not at all.

Only forms with one reading are read: month names in English, ISO 8601, year first. `01/02/2024` has two readings and
needs the source's `date_order`. See https://www.loc.gov/standards/datetime/ for EDTF.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final, Literal

DateOrder = Literal["dmy", "mdy"]
Parts = tuple[int, ...]
"""Year; year and month; or year, month and day."""

MAX_LENGTH: Final = 80

_MONTHS: Final = "january february march april may june july august september october november december".split()
_MONTH_NUMBERS: Final = {name[:length]: index for index, name in enumerate(_MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBERS["sept"] = 9

_MONTH: Final = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_WEEKDAY: Final = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_CLOCK: Final = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_TIME: Final = rf"(?:t|at\s+)?{_CLOCK}\s*(?:[ap]\.?m\b\.?)?\s*(?:z|utc|gmt)?(?:[+-]\d\d:?\d\d)?"
_TOKEN: Final = re.compile(
    rf"""(?P<skip>[\s,]+|of\b|{_WEEKDAY}\b\.?)
    |(?P<I>[12]\d{{3}}(?P<mark>[-/.])\d{{1,2}}(?P=mark)\d{{1,2}}(?!\d)|[12]\d{{3}}-\d\d(?!\d))
    |(?P<T>{_TIME}(?!\d))
    |(?P<Y>[12]\d{{3}}(?!\d))
    |(?P<D>\d{{1,2}}(?:st|nd|rd|th)?(?!\w))
    |(?P<M>(?:{_MONTH})(?![^\W\d_])\.?)
    |(?P<to>[-–—/]|to\b|through\b)""",
    re.VERBOSE | re.ASCII,
)
_NUMERIC: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2([12]\d{3})", re.ASCII)

_SINGLE: Final = ("Y", "MY", "YM", "M-Y", "MDY", "DMY", "YMD", "D-M-Y", "I")
# A range whose ends share what stands once: the start takes the year, or year and month, of the end.
_SHARED: Final = {
    "M-MY": ("M", "MY"),
    "MD-DY": ("MD", "DY"),
    "D-DMY": ("D", "DMY"),
    "MD-MDY": ("MD", "MDY"),
    "DM-DMY": ("DM", "DMY"),
}
_DATE_HINT: Final = re.compile(rf"\d{{4}}|\d\s*[/.-]\s*\d|\d\D*\b(?:{_MONTH})|\b(?:{_MONTH})\D*\d", re.ASCII)
_DATE_LIKE: Final = re.compile(
    rf"(?:(?:{_MONTH}|{_WEEKDAY}|spring|summer|autumn|fall|winter|early|mid|late|circa|about|around|q[1-4]|h[12]"
    rf"|of|to|through|the|st|nd|rd|th|and|between)\b|[\d\s,./–—-])+",
    re.ASCII,
)


@lru_cache(maxsize=10_000)
def read_date(text: str, order: DateOrder | None = None) -> str | None:
    """The date or range as EDTF (`2024-12-01`, `2024-12`, `2024`, `2023-11/2023-12`); None where it can't be read.

    order says how the source writes day and month as numbers. A time of day is checked and left out: the record keeps
    days. A date that no calendar has, and a range that ends before it starts, can't be read.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if not plain or len(plain) > MAX_LENGTH:
        return None
    numeric = _NUMERIC.fullmatch(plain)
    if numeric:
        return _read_numeric(int(numeric[1]), int(numeric[3]), int(numeric[4]), order)
    tokens = _tokenize(plain)
    return _read_tokens(tokens) if tokens else None


@lru_cache(maxsize=10_000)
def looks_like_date(text: str) -> bool:
    """Whether the text can only be meant as a date, readable or not: numbers and words of the calendar."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if len(plain) > MAX_LENGTH or not _DATE_HINT.search(plain):
        return False
    return read_date(plain) is not None or _DATE_LIKE.fullmatch(plain) is not None


def _read_numeric(first: int, second: int, year: int, order: DateOrder | None) -> str | None:
    if order is None:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _edtf((year, month, day))


def _tokenize(plain: str) -> list[tuple[str, str]] | None:
    """Kinds and texts: `I` an ISO date, `T` a time, `Y`, `M`, `D`, `-`, `/`; None where anything else stands."""
    tokens: list[tuple[str, str]] = []
    place = 0
    while place < len(plain):
        match = _TOKEN.match(plain, place)
        if match is None or match.end() == place:
            return None
        place = match.end()
        kind = match.lastgroup or ""
        if kind == "mark":
            kind = "I"
        if kind == "to":
            tokens.append(("/" if match[0] == "/" else "-", match[0]))
        elif kind != "skip":
            tokens.append((kind, match[0]))
    return tokens


def _read_tokens(tokens: list[tuple[str, str]]) -> str | None:
    shape = "".join(kind for kind, _ in tokens)
    texts = [text for _, text in tokens]
    if shape.endswith("T") and shape[:-1] in ("I", "MDY", "DMY", "YMD"):
        single = _complete(shape[:-1], texts[:-1])
        return _edtf(single) if single and len(single) == 3 else None
    if shape in _SINGLE:
        return _edtf(_complete(shape, texts))
    if shape in _SHARED:
        first, last = _SHARED[shape]
        start, end = _parts(first, texts), _parts(last, texts[len(first) + 1 :])
        end.setdefault("M", start.get("M", 0))
        start = {**end, **start}
        return _range(_ordered(start), _ordered(end))
    for mark in ("-", "/"):
        for place in (index for index, kind in enumerate(shape) if kind == mark):
            if shape[:place] in _SINGLE and shape[place + 1 :] in _SINGLE:
                return _range(_complete(shape[:place], texts), _complete(shape[place + 1 :], texts[place + 1 :]))
    return None


def _complete(shape: str, texts: list[str]) -> Parts:
    if shape == "I":
        return tuple(int(number) for number in re.split(r"[-/.]", texts[0]))
    return _ordered(_parts(shape, texts))


def _parts(shape: str, texts: list[str]) -> dict[str, int]:
    return {
        kind: _MONTH_NUMBERS[text.rstrip(".")] if kind == "M" else int(re.sub(r"\D", "", text))
        for kind, text in zip(shape, texts, strict=False)
        if kind in "YMD"
    }


def _ordered(parts: dict[str, int]) -> Parts:
    return tuple(parts[kind] for kind in "YMD" if kind in parts)


def _range(start: Parts, end: Parts) -> str | None:
    first, last = _edtf(start), _edtf(end)
    if first is None or last is None or first > last:
        return None
    return first if first == last else f"{first}/{last}"


def _edtf(parts: Parts) -> str | None:
    year, month, day = (*parts, 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return None
    return "-".join(f"{number:0{width}}" for number, width in zip(parts, (4, 2, 2), strict=False))
