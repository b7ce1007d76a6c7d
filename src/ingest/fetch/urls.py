"""URLs as they are requested: one spelling for one request, so that every check sees what is sent. Pure.

The spelling is a fixed point of the two URL libraries between here and the wire; otherwise a path such as
`/a/%2e%2e/b` would be judged as one page and requested as another (RFC 3986, 6.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import httpx

from ingest.fetch.addresses import IPAddress
from ingest.fetch.kinds import FetchError

MAX_URL_CHARACTERS = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}

HostPort = tuple[str, int]

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(?://([^/?#\\]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]%@]+))(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*")
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]|[\ud800-\udfff]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_LITERALS = "!$&'()*,;=:@"
_QUERY_LITERALS = "!$'()*,:@/?"
"""Characters whose escapes the libraries undo, in a path and in a query; they leave the others' as they are."""
_PLAIN = re.compile(r"/[A-Za-z0-9\-_~!$&'()*+,;=:@/.]*")


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that can be requested. text is the whole, without fragment; target is path and query as sent.

    address: the host's address where the host is an IP literal.
    """

    text: str
    scheme: str
    host: str
    port: int
    target: str
    address: IPAddress | None

    @property
    def endpoint(self) -> HostPort:
        return self.host, self.port

    @property
    def origin(self) -> str:
        return self.text[: len(self.text) - len(self.target)]

    def moved_to(self, origin: Url) -> Url:
        """The same path and query at another origin."""
        text = origin.origin + self.target
        return Url(text, origin.scheme, origin.host, origin.port, self.target, origin.address)

    @property
    def host_key(self) -> str:
        """One politeness gate each: http and https of one host share it, other ports are servers of their own."""
        return self.host if self.port in (80, 443) else f"{self.host}:{self.port}"


def parse_url(text: str) -> Url:
    """Raises FetchError: bad_url, bad_scheme, userinfo_in_url, or address_refused for a number that is no address."""
    if len(text) > MAX_URL_CHARACTERS:
        raise FetchError("bad_url", f"A URL of {len(text)} characters is longer than {MAX_URL_CHARACTERS}.")
    text = text.strip(" \t\r\n\f")
    match = _PARTS.fullmatch(text)
    if match is None or _CONTROL.search(text):
        raise FetchError("bad_url", f"{redact(text)} is not an absolute URL.")
    scheme = match[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise FetchError("bad_scheme", f"The URL's scheme is {scheme[:20]}; only http and https are requested.")
    if "@" in (match[2] or ""):
        raise FetchError("userinfo_in_url", f"{redact(text)} carries a user name or password; give the URL without.")
    parts = _AUTHORITY.fullmatch(match[2] or "")
    if parts is None or (parts[3] and not 0 < int(parts[3]) < 65536) or match[3][:1] not in ("", "/"):
        raise FetchError("bad_url", f"{redact(text)} has no host and port that can be read.")
    try:
        host, address = _read_host(parts[1], parts[2])
    except _HostError as error:
        raise FetchError(error.kind, f"{redact(text)} has {error}") from error
    port = int(parts[3]) if parts[3] else DEFAULT_PORTS[scheme]
    target = _read_path(match[3]) + (f"?{_quote(match[4], _QUERY_LITERALS, '&+;=')}" if match[4] else "")
    shown = f"[{host}]" if isinstance(address, IPv6Address) else host
    suffix = "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    return Url(f"{scheme}://{shown}{suffix}{target}", scheme, host, port, target, address)


def join_url(base: Url, reference: str) -> Url:
    """A reference found on a page or in a Location header, made absolute. Raises as `parse_url`."""
    try:
        joined = urljoin(base.text, reference.strip(" \t\r\n\f"))
    except ValueError as error:
        raise FetchError("bad_url", f"The reference {redact(reference)} can't be read.") from error
    return parse_url(joined)


def read_endpoint(text: str) -> HostPort:
    """HOST:PORT as an operator writes it; IPv6 in brackets. Raises ValueError."""
    problem = f"{text!r} is not HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000."
    if not re.search(r":[0-9]+$", text):
        raise ValueError(problem)
    try:
        url = parse_url(f"http://{text}/")
    except FetchError as error:
        raise ValueError(problem) from error
    if url.target != "/":
        raise ValueError(problem)
    return url.endpoint


def redact(url: str) -> str:
    """A URL for people to read: no user name or password, no fragment, no query values but short numbers; cut."""
    match = _PARTS.fullmatch(url)
    if match is None:
        return repr(url[:60].partition("?")[0].rpartition("@")[2])
    authority = f"//{match[2].rpartition('@')[2]}" if match[2] is not None else ""
    path = match[3] if match[2] is not None else match[3][:20].rpartition("@")[2]
    query = "?" + "&".join(map(_redact_pair, match[4][:300].split("&"))) if match[4] else ""
    whole = f"{match[1]}:{authority}{path}{query}"
    return _CONTROL.sub("\ufffd", whole if len(whole) <= 200 else whole[:199] + "…")


def _redact_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return name if len(name) < 16 else "…"
    return pair if re.fullmatch(r"[0-9]{1,4}", value) else f"{name[:40]}=…"


class _HostError(Exception):
    """What is wrong with a URL's host, as the end of a sentence that begins with the URL."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@lru_cache(maxsize=1_000)  # the pages of a site share their host
def _read_host(literal: str | None, name: str | None) -> tuple[str, IPAddress | None]:
    if literal is not None:
        try:
            six = IPv6Address(literal)
        except AddressValueError as error:
            raise _HostError("bad_url", "no IPv6 address that can be read.") from error
        return six.compressed, six
    host = (name or "").lower()
    if not host.isascii():
        try:
            host = httpx.URL(f"http://{host}/").raw_host.decode("ascii")
        except httpx.InvalidURL as error:
            raise _HostError("bad_url", "a host name that is not allowed (IDNA).") from error
    host = host.removesuffix(".")
    if _NUMERIC.fullmatch(host):
        try:
            four = IPv4Address(host)
        except AddressValueError as error:
            message = "a number for a host that programs read differently; write the address out."
            raise _HostError("address_refused", message) from error
        return str(four), four
    if not _NAME.fullmatch(host):
        raise _HostError("bad_url", "no host name that can be read.")
    return host, None


def _read_path(path: str) -> str:
    if not path:
        return "/"
    if not _PLAIN.fullmatch(path):
        path = _quote(path, _PATH_LITERALS, "+/")
    return _remove_dot_segments(path) if "/." in path else path


def _quote(text: str, literals: str, kept: str) -> str:
    """Escapes of literals and unreserved characters undone; what is neither these, kept, nor an escape is escaped."""

    def normalize(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED or character in literals else f"%{match[1].upper()}"

    return quote(_ESCAPE.sub(normalize, text), safe=f"%~{literals}{kept}")


def _remove_dot_segments(path: str) -> str:
    """RFC 3986, 5.2.4, for a path that begins with a slash."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
