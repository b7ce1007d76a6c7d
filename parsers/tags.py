"""Several values that stand in one text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MAX_CHARACTERS: Final = 40
MAX_WORDS: Final = 4

_BETWEEN: Final = re.compile(r"\s*[,;|·•]\s*|\s+(?=#\w)")


def split_tags(text: str) -> tuple[str, ...]:
    """The tags of a text in which separators or `#` part them; the text alone where nothing does."""
    return tuple(filter(None, (part.strip() for part in _BETWEEN.split(text))))


def are_tags(parts: tuple[str, ...]) -> bool:
    """Whether texts are short enough to be tags."""
    return all(len(part) <= MAX_CHARACTERS and part.count(" ") < MAX_WORDS for part in parts)


def split_values(texts: Iterable[str], separator: str) -> tuple[str, ...]:
    """What a separator parts in some texts."""
    return tuple(part for text in texts for part in map(str.strip, text.split(separator)) if part)
