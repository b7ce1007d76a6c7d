"""Printed words to what the record keeps of them: slugs, yes and no."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
BETWEEN_VALUES: Final = re.compile(r"[;\n]")
"""What parts several values of one text."""
VALUE_SEPARATOR: Final = "; "
"""What joins several values in the record."""
_NO_WORD: Final = re.compile(r"[\W_]+")


def to_slug(text: str) -> str:
    """`Research Finding` -> `research_finding`: NFKC, lower case, each run of other characters one `_`."""
    return _NO_WORD.sub("_", unicodedata.normalize("NFKC", text).lower()).strip("_")
