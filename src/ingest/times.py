"""Times as the database keeps them: ISO-8601, UTC, with microseconds; they sort as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """The present, such as `2026-11-23T12:54:16.123456Z`."""
    return to_text(datetime.now(UTC))


def to_text(moment: datetime) -> str:
    """An aware datetime as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """The aware datetime of a text; an offset or a missing time of day is accepted. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def later(text: str, seconds: float) -> str:
    """The time that many seconds after."""
    return to_text(from_text(text) + timedelta(seconds=seconds))


def earlier(text: str, seconds: float) -> str:
    """The time that many seconds before."""
    return to_text(from_text(text) - timedelta(seconds=seconds))
