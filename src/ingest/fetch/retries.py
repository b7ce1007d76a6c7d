"""When to ask again. Pure: the present and the randomness are handed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}")


def read_retry_after(value: str, now: datetime, max_seconds: float) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110, 10.2.3): seconds or a date, cut to max_seconds.

    A time that has passed is 0; None where the value is neither, such as a negative number.
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), max_seconds)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max(0.0, (moment - now).total_seconds()), max_seconds)


def choose_backoff(attempt: int, base_seconds: float, share: float) -> float:
    """Seconds to wait after the failed attempt of that number, from 1: the base, doubled for each further one.

    share, from 0 to 1, is drawn at random and takes up to half of it off, so that pages that failed together do not
    come back together.
    """
    doubled: float = base_seconds * 2 ** (attempt - 1)
    return doubled * (1 - share / 2)
