"""What an entry of a list of sources says, and the entries in the lines of a text capture.

What stands under a title, such as `Publisher · Dec 19, 2024 · academic paper`, is told apart by its date: before it is
the publisher, after it the kind. Undated, the last of several parts is the kind; a part alone is a kind where it is in
lower case, else the publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ingest.dates import looks_like_date
from ingest.extraction import PrintedCitation
from ingest.page import fold
from ingest.sources.lines import BAR, DOTS, SEPARATOR
from ingest.words import is_absent

MAX_CITATIONS: Final = 1_000

_LETTER: Final = re.compile(r"[^\W\d_]")
ARROW: Final = re.compile(r"\s*(?:[↗→⧉🔗»›]\ufe0f?|\(?opens in (?:a )?new (?:tab|window)\)?)\s*$", re.IGNORECASE)
_LAST_WORDS: Final = ("window", "tab")
_BETWEEN: Final = (*DOTS, BAR)
_NO_SOURCES: Final = re.compile(r"no (?:public )?sources?(?: (?:listed|available|given|yet))*\.?", re.IGNORECASE)
URL: Final = re.compile(r"https?://\S+")
_META_WORDS: Final = 6
_PROSE_WORDS: Final = 12
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*$")
TITLE_WORDS: Final = 3


def read_citation_lines(lines: Sequence[str]) -> tuple[PrintedCitation, ...]:
    """The entries of a list of sources in the lines of a text; blank lines part them, or each begins with a title."""
    groups = _split_at_blanks(lines)
    entries: list[list[str]] = []
    for group in groups:
        if len(group) == 2 and len(groups) > 1:
            entries.append(group)
            continue
        open_entry: list[str] | None = None
        for line in group:
            if open_entry is not None and (URL.fullmatch(line) or (is_meta(line) and not has_meta(open_entry))):
                open_entry.append(line)
            else:
                open_entry = [line]
                entries.append(open_entry)
    return tuple(citation for entry in entries[:MAX_CITATIONS] if (citation := _read_lines(entry)) is not None)


def _split_at_blanks(lines: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def strip_arrow(text: str) -> str:
    """A text without the sign at its end that says where a link leads."""
    return ARROW.sub("", text) if _may_end_in_arrow(text.rstrip()) else text


def _may_end_in_arrow(text: str) -> bool:
    """Whether it is worth looking: most texts end in a word of their own."""
    return text.lower().endswith(_LAST_WORDS) or not (text[-1:].isalnum() or text[-1:] in ("_", ".", ""))


def has_meta(entry: Sequence[str]) -> bool:
    """Whether one of some lines says where and when a source appeared."""
    return any(map(is_meta, entry))


def is_meta(text: str) -> bool:
    """Whether a line says where and when a source appeared, and is not its title."""
    parts = [part for part in SEPARATOR.split(text) if part]
    if any(map(looks_like_date, parts)):
        return True
    if len(parts) > 1:
        return all(part.count(" ") < _META_WORDS for part in parts)
    return text == text.lower() and text.count(" ") < TITLE_WORDS and _LETTER.search(text) is not None


def is_prose(text: str) -> bool:
    """Whether a text is too long for a part: it is the source's own text, printed below its title."""
    return text.count(" ") >= _PROSE_WORDS or (
        text.count(" ") >= _META_WORDS - 1 and _SENTENCE.search(text) is not None
    )


def is_byline(text: str) -> bool:
    """Whether a text is parts with dots between them that say who and when, and no sentence."""
    return any(sign in text for sign in _BETWEEN) and SEPARATOR.search(text) is not None and is_meta(text)


def _read_lines(entry: Sequence[str]) -> PrintedCitation | None:
    url = next((line for line in entry if URL.fullmatch(line)), None)
    lines = [line for line in entry if line != url]
    if not lines:
        return PrintedCitation(None, None, None, None, url)
    titled = not is_meta(lines[0])
    parts = [part for line in lines[titled:] for part in SEPARATOR.split(line)]
    return make_citation(lines[0] if titled else "", parts, url)


def make_citation(title: str, parts: Iterable[str], url: str | None) -> PrintedCitation | None:
    """The citation of a title and the parts that stand under it; None where nothing is said."""
    title = fold(strip_arrow(fold(title)))
    if _NO_SOURCES.fullmatch(title):
        return None
    publisher, date, kind = _tell_apart([part for part in map(_clean, parts) if part and not is_prose(part)])
    if is_absent(title) and not (publisher or date or kind or url):
        return None
    return PrintedCitation(title or None, publisher, date, kind, url)


def _clean(part: str) -> str:
    part = strip_arrow(fold(part)).strip(" ,;:()[]–—-")
    worded = _LETTER.search(part) is not None or looks_like_date(part)
    return part if worded and not is_absent(part) else ""


def _tell_apart(parts: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Publisher, date and kind."""
    place = next((index for index, part in enumerate(parts) if looks_like_date(part)), None)
    if place is not None:
        return _joined(parts[:place]), parts[place], _joined(parts[place + 1 :])
    if len(parts) == 1 and parts[0] != parts[0].lower():
        return parts[0], None, None
    return _joined(parts[:-1]), None, _joined(parts[-1:])


def _joined(parts: Sequence[str]) -> str | None:
    return " · ".join(parts) or None
