"""Values in words, as the pages print them. Escaping is the templates' work."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingest.times import from_text

_NAMES = {"ai_provider": "AI provider", "litigation_filed": "litigation filed", "extra": "other labels"}
_UNITS = {"year": 31_557_600, "month": 2_629_800, "day": 86_400, "hour": 3_600, "minute": 60}
"""Units of time, in seconds."""


def to_words(slug: object) -> str:
    """`privacy_leak; wrong_output` → `privacy leak; wrong output`."""
    return str(slug).replace("_", " ")


def name_field(field: str) -> str:
    """A field of the record as people call it."""
    return _NAMES.get(field, to_words(field))


def day(moment: str | None) -> str:
    """A time as its day and minute, in UTC."""
    return f"{moment[:10]} {moment[11:16]}" if moment else "–"


def ago(moment: str | None, at: datetime | None = None) -> str:
    """How long ago a time was, in its largest unit: `3 hours ago`."""
    if not moment:
        return "never"
    seconds = ((at or datetime.now(UTC)) - from_text(moment)).total_seconds()
    for unit, size in _UNITS.items():
        if count := int(seconds // size):
            return f"{count} {unit}{'s' if count != 1 else ''} ago" if count > 0 else "just now"
    return "just now"


def edges(text: str) -> tuple[str, str, str]:
    """A text as the space before, the words and the space after: only words are marked as changed."""
    words = text.strip()
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def web_url(value: object) -> str | None:
    """The URL where it is http or https, has a host, and holds nothing a browser would read in another way."""
    if not isinstance(value, str) or any(character <= " " or character == "\x7f" for character in value):
        return None
    try:
        parts = urlsplit(value)
        return value if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
