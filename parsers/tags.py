"""Tags that stand in one text."""

from __future__ import annotations

import re

MAX_CHARACTERS = 40
MAX_WORDS = 4

_BETWEEN = re.compile(r"\s*[,;|·•]\s*|\s+(?=#\w)")


def split_tags(text: str) -> tuple[str, ...]:
    """The tags of a text in which separators or `#` part them; the text alone where nothing does."""
    return tuple(filter(None, (part.strip() for part in _BETWEEN.split(text))))


def are_tags(parts: tuple[str, ...]) -> bool:
    """Whether texts are short enough to be tags."""
    return all(len(part) <= MAX_CHARACTERS and part.count(" ") < MAX_WORDS for part in parts)
