"""When what failed is tried again by itself. Pure: the same failure always gets the same answer."""

from __future__ import annotations

from hashlib import sha256

FIRST_SECONDS = 900.0
MAX_SECONDS = 86_400.0
_SPREAD = 0.25


def choose_wait(url: str, attempts: int) -> float:
    """Seconds to wait after so many runs have failed to get a URL, from 1: a quarter of an hour, doubled for each
    further one, a day at most.

    Up to a quarter of it is taken off, by the URL, so that pages that failed together do not come back together.
    """
    doubled = min(FIRST_SECONDS * 2.0 ** min(attempts - 1, 20), MAX_SECONDS)
    share = int.from_bytes(sha256(f"{url} {attempts}".encode()).digest()[:4]) / 2**32
    return doubled * (1 - _SPREAD * share)
