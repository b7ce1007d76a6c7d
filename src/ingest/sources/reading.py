"""A source's TOML to a Source, or one sentence that names file, line and key."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Any

from pydantic import ValidationError

from ingest.errors import IngestError
from ingest.sources.checks import check_source
from ingest.sources.faults import KeyFaultError, fault, find_line
from ingest.sources.source import OWN_KEYS, Source


class SourceError(IngestError):
    """A source's file can't be used. The message names file, line and key."""


def read_source(name: str, text: str, file: str) -> Source:
    """The source that a TOML text describes. Raises SourceError naming file, line and key."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{file}: {error}.") from error
    given = values.keys() & OWN_KEYS
    try:
        if given:
            raise fault("a file can't say this", min(given))
        source = Source(**values, name=name, file_sha256=hashlib.sha256(text.encode()).hexdigest())
        check_source(source)
    except KeyFaultError as error:
        raise SourceError(_sentence(file, text, error.path, error.reason)) from error
    except ValidationError as error:
        # A misspelt key is reported before the key that it leaves missing.
        first = min(error.errors(), key=lambda each: each["type"] == "missing")
        raise SourceError(_sentence(file, text, tuple(map(str, first["loc"])), _reason(first))) from error
    return source


def _reason(error: Any) -> str:
    if error["type"] == "missing":
        return "this key is missing"
    if error["type"] == "extra_forbidden":
        return "there is no such key"
    return f"{error['msg'][0].lower()}{error['msg'][1:]} (given: {str(error['input'])[:80]!r})"


def _sentence(file: str, text: str, path: tuple[str, ...], reason: str) -> str:
    line = find_line(text, path)
    return f"{file}{f', line {line}' if line else ''}, key {'.'.join(path)}: {reason}."
