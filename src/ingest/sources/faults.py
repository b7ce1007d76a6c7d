"""What is wrong with a source's file, and on which line of it."""

from __future__ import annotations

import re


class KeyFaultError(ValueError):
    """A key of the file can't be used. path: the key and those above it."""

    def __init__(self, path: tuple[str, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def fault(reason: str, *path: str) -> KeyFaultError:
    """The exception for a key."""
    return KeyFaultError(path, reason)


_TABLE = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_PART = re.compile(r"""\"[^"]*\"|'[^']*'|[^.\s]+""")
_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*=""")


def find_line(text: str, path: tuple[str, ...]) -> int | None:
    """The number of the line on which a key of a TOML text stands, or the nearest table above it."""
    table: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.fullmatch(line):
            name = header[1]
            table = tuple(part.strip("\"'") for part in _PART.findall(name))
            if line.lstrip().startswith("[["):
                counts[name] = counts.get(name, -1) + 1
                table = (*table, str(counts[name]))
            here = table
        elif key := _KEY.match(line):
            here = (*table, key[1][1:-1]) if key[1][0] in "\"'" else (*table, *key[1].split("."))
        else:
            continue
        if here == path[: len(here)] and len(here) > best[0]:
            best = (len(here), number)
    return best[1]
