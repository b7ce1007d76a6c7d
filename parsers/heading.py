"""What a text capture prints above its labels: ways back, the title, the badge, the summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.sources import Source
from parsers.badge import badge_key, badge_words, may_be_badge, strip_badge

_WAY_BACK: Final = re.compile(r"[←‹«]|(?:back|skip|return|go) (?:to|back)\b|home\b|menu\b|.* [/›>»] ", re.IGNORECASE)
_TITLE_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """The title, "" where there is none, and the texts of title, summary and badge by field."""

    title: str
    texts: dict[str, str]


def read_heading(lines: Sequence[str], source: Source) -> Heading:
    """The heading in the lines above the labels, blank ones left out.

    The title is the last line before the badge that can be one, else the first; the summary is the rest.
    """
    lines = [line for line in lines if not _WAY_BACK.match(line)]
    words = badge_words(source)
    badges = [place for place, line in enumerate(lines) if badge_key(line) in words]
    titles = [place for place, line in enumerate(lines) if line.count(" ") >= _TITLE_WORDS - 1]
    if not titles:
        titles = [place for place in range(len(lines)) if place not in badges]
    before = [place for place in titles if badges and place < badges[0]]
    place = before[-1] if before else next(iter(titles), None)
    if place is None:
        return Heading("", {})
    rest = [line for number, line in enumerate(lines) if number > place and number not in badges]
    texts = {"title": lines[place]}
    if badges and source.badge:
        texts[source.badge] = strip_badge(lines[badges[0]])
    elif source.badge and rest and may_be_badge(rest[0]):
        texts[source.badge] = strip_badge(rest.pop(0))
    if rest:
        texts["summary"] = " ".join(rest)
    return Heading(lines[place], texts)
