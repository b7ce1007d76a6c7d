"""Printed words to what the record keeps of them: slugs, yes and no."""

from __future__ import annotations

import re
import unicodedata

YES_NO = {"yes": True, "true": True, "no": False, "false": False}
BETWEEN_VALUES = re.compile(r"[;\n]")
"""What parts several values of one text."""
VALUE_SEPARATOR = "; "
"""What joins several values in the record."""
_NO_WORD = re.compile(r"[\W_]+")


def to_slug(text: str) -> str:
    """`Research Finding` -> `research_finding`: NFKC, lower case, each run of other characters one `_`."""
    return _NO_WORD.sub("_", unicodedata.normalize("NFKC", text).lower()).strip("_")
