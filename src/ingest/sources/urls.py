"""One spelling for the URLs of one page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

TrailingSlash = Literal["drop", "add", "keep"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|twclid|yclid|igshid|mc_[ce]id|_g[al]|_hs(?:enc|mi)|ref_src")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SAFE = "/%:@!$&'()*+,;=~-._"
_NORMAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:/[A-Za-z0-9._~-]+)+")


def is_normal(url: str) -> bool:
    """Whether it is plain that an http or https URL has its normal spelling, but for the slash at its end."""
    return _NORMAL.fullmatch(url) is not None


@lru_cache(maxsize=2_000)  # the pages of a site share their menus
def normalize_url(url: str, trailing_slash: TrailingSlash = "keep") -> str:
    """A URL with its host in lower case and without default port, user, fragment and tracking parameters.

    The scheme is kept; escapes are as RFC 3986, section 6.2.2, has them. Raises ValueError for what is no http or
    https URL.
    """
    if is_normal(url):
        return f"{url}/" if trailing_slash == "add" else url
    parts = urlsplit(url.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is no http or https URL")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host += f":{parts.port}"
    path = _normal_escapes(quote(parts.path, safe=_SAFE))
    if trailing_slash != "keep":
        path = path.rstrip("/") + ("/" if trailing_slash == "add" else "")
    return urlunsplit((parts.scheme, host, path or "/", _drop_tracking(parts.query), ""))


def _normal_escapes(path: str) -> str:
    def normal(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if _UNRESERVED.fullmatch(char) else match[0].upper()

    return _ESCAPE.sub(normal, path)


def _drop_tracking(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=1_000)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name.lower())]
    return quote(query, safe=_SAFE + "?") if len(kept) == len(pairs) else urlencode(kept)
