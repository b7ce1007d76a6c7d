"""The word that stands in a badge without a label."""

from __future__ import annotations

import re
from typing import Final

from ingest.labels import label_key
from ingest.sources import Source

_FIELD: Final = re.compile(r"^severity\s*:?\s+|\s+severity$", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?")


def badge_words(source: Source) -> frozenset[str]:
    """The words of the badge's vocabulary as `badge_key` gives them."""
    vocabulary = source.vocabularies.get(source.badge, ()) if source.badge is not None else ()
    return frozenset(word.replace("_", " ") for word in vocabulary)


def badge_key(text: str) -> str:
    """How a badge compares: as a label, and without the word severity."""
    return label_key(strip_badge(text))


def strip_badge(text: str) -> str:
    """A badge's text without the word severity: `HIGH SEVERITY` -> `HIGH`."""
    return _FIELD.sub("", text.strip())


def may_be_badge(text: str) -> bool:
    """Whether a text is one word or two, as a badge is whose word the vocabulary lacks."""
    return _WORDS.fullmatch(strip_badge(text)) is not None
