"""What must not be shown: secrets in URLs, headers and messages, and characters that a terminal or a log would obey.

Pure, but for `keep_secrets`, which puts every log record of the process through it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

HIDDEN = "[hidden]"
HEADER_CHARACTERS = 1_000
"""Characters of a header's value that are kept: a host may send megabytes of them."""

_WORD = (
    r"[\w.-]*(?:token|secret|passw(?:or)?d|pwd|api[_-]?key|access[_-]?key|private[_-]?key|signature|credential|session"
    r"|jwt|csrf|xsrf|otp)[\w.-]*"
)
_PARAMETER_NAME = re.compile(rf"{_WORD}|auth|authorization|key|sig|code|pass|sid|phpsessid|jsessionid", re.IGNORECASE)
_HEADER_NAME = re.compile(
    rf"{_WORD}|(?:set-)?cookie2?|(?:proxy-)?auth(?:orization|entication-info)|x-[\w-]*(?:auth|key)[\w-]*", re.IGNORECASE
)
_USER_INFO = re.compile(r"(?<=://)[^\s/?#@\"'<>]{1,500}@")
_PARAMETER = re.compile(r"(?<=[?&;#])([^\s=&;#?\"'<>]{1,80})=([^\s&;#\"'<>]+)")
_HEADER_LINE = re.compile(
    r"\b((?:set-)?cookie2?|(?:proxy-)?authorization)([\"']?\s*[:=]\s*[\"']?)([^\r\n\"']+)", re.IGNORECASE
)
_SCHEME = re.compile(r"\b(bearer|basic|digest|negotiate)\s+[\w+/=.~-]{8,}", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"((?:api[_-]?key|access[_-]?key|x-auth|token|secret|passw(?:or)?d|pwd)[\w-]{0,20}[\"']?\s*[:=]\s*[\"']?)"
    r"([^\s,;&\"'}\]]{3,})",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\beyJ[\w-]{8,400}\.[\w-]{8,4000}\.[\w-]{0,1000}"  # a JSON Web Token (RFC 7519)
    r"|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"
    r"|\bxox[abprs]-[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
)
_HINT = re.compile(
    r"[@=]|token|secret|passw|pwd|key|cookie|auth|bearer|basic|digest|negotiate|eyj|[spr]k[-_]|gh[pousr]_|github_|glpat"
    r"|xox|akia|asia|aiza"
)
"""What a text in lower case must have for one of the patterns above to find something: most are looked at once."""
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)


_FORMATTER = logging.Formatter()


def redact_text(text: str) -> str:
    """A text with what looks like a credential taken out: in URLs, header lines, assignments, and by its form."""
    if _HINT.search(text.casefold()) is None:
        return text
    text = _USER_INFO.sub(f"{HIDDEN}@", text)
    text = _PARAMETER.sub(_redact_parameter, text)
    text = _HEADER_LINE.sub(rf"\1\2{HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", text)
    return _KNOWN.sub(HIDDEN, text)


def redact_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers without the values that are secrets by their name; the others are redacted as texts, and cut."""
    return tuple((name, _redact_value(name[:100], value[:HEADER_CHARACTERS])) for name, value in headers)


def escape_unsafe(text: str) -> str:
    """A text with what could control a terminal, break a line or turn its direction as escapes; line ends and tabs
    stay."""
    return UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


@lru_cache(maxsize=1_000)  # the answers of a host have most of their headers in common
def _redact_value(name: str, value: str) -> str:
    return HIDDEN if _HEADER_NAME.fullmatch(name) else redact_text(value)


def _redact_parameter(match: re.Match[str]) -> str:
    return f"{match[1]}={HIDDEN}" if _PARAMETER_NAME.fullmatch(match[1]) else match[0]


class RedactedRecord(logging.LogRecord):
    """A log record that holds its message and its traceback as redacted texts only, whatever handler shows it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        try:
            message = self.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit; logging would drop the record
            message = f"{self.msg!s} {self.args!r}"
        self.msg, self.args = escape_unsafe(redact_text(message)), None
        if self.exc_info:
            self.exc_text = escape_unsafe(redact_text(_FORMATTER.formatException(self.exc_info)))
            self.exc_info = None


def keep_secrets() -> None:
    """Put every log record that this process makes from now on through the redaction: those of libraries, and those
    that Prefect sends to its server."""
    logging.setLogRecordFactory(RedactedRecord)
