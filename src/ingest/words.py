"""Printed words to what the record keeps of them: slugs, yes and no, absence."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
BETWEEN_VALUES: Final = re.compile(r"[;\n]")
"""What parts several values of one text."""
VALUE_SEPARATOR: Final = "; "
"""What joins several values in the record."""
_ABSENT: Final = re.compile(r"(?:unknown|n/a|none|[-\u2010-\u2015\u2212]+)?", re.IGNORECASE)
_NO_WORD: Final = re.compile(r"[\W_]+")
_WORD_CHARACTERS: Final = 80
"""What is longer is no word of a vocabulary, and not worth remembering."""


def to_slug(text: str) -> str:
    """`Research Finding` -> `research_finding`: NFKC, lower case, each run of other characters one `_`."""
    return _slug_of_word(text) if len(text) <= _WORD_CHARACTERS else _slug(text)


@lru_cache(maxsize=1024)  # the words of a vocabulary stand on page after page
def _slug_of_word(text: str) -> str:
    return _slug(text)


def _slug(text: str) -> str:
    return _NO_WORD.sub("_", unicodedata.normalize("NFKC", text).lower()).strip("_")


def is_absent(text: str) -> bool:
    """Whether a page that prints this says that it has no value: nothing, `Unknown`, `N/A`, `None`, a dash."""
    first = text[:1]
    if first.isalnum() and first not in "uUnN":
        return False
    return _ABSENT.fullmatch(text.strip()) is not None
