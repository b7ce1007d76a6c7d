"""Lines that a site prints in one way: `Incident {}: {title}`. The words of a template stand as they are printed.

`{date_occurred}` is the text of a field, `{Who}` that of a name under `extra`, `{ai_provider, Who}` of both, `{}` any
text. Words in round brackets may be missing: `source(s)`. A template with dots between its parts is a byline: its
worded parts stand in any order, and every part may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.dates import looks_like_date
from ingest.extraction import DATE_FIELDS
from ingest.page import fold

MAX_CHARACTERS = 500
"""How long a printed line may be."""
DOTS = "·•∙⋅‧"
BAR = "|"
SEPARATOR = re.compile(rf"\s*[{DOTS}]\s*|\s+\{BAR}\s+")
"""What stands between the parts of a byline."""

_HOLE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"\w{2,}")
_LABEL = re.compile(r"([^{}():]*\w[^{}():]*):\s")


@dataclass(frozen=True, slots=True)
class Match:
    """What a line says: texts by field or name, and the parts of a byline that its template lacks."""

    texts: Mapping[str, str]
    rest: tuple[str, ...]
    parts: int


@dataclass(frozen=True, slots=True)
class Part:
    """Literal texts with a hole between each two: `Incident {date_occurred}` is `Incident `, hole, nothing."""

    literals: tuple[re.Pattern[str], ...]
    holes: tuple[tuple[str, ...], ...]
    worded: bool

    def read(self, text: str) -> Mapping[str, str] | None:
        """The texts of the holes, each as short as can be; None where the text is none of this kind."""
        place, texts = 0, []
        for number, literal in enumerate(self.literals):
            found = literal.match(text) if number == 0 else literal.search(text, place + 1)
            if found is None:
                return None
            if number:
                texts.append(text[place : found.start()].strip())
            place = found.end()
        given = {name: text for names, text in zip(self.holes, texts, strict=True) for name in names}
        dated = all(looks_like_date(given[name]) for name in DATE_FIELDS if name in given)
        return given if dated and all(texts) else None


@dataclass(frozen=True, slots=True)
class Line:
    """A template. label is the word before its first colon, by which a page's labels know the line."""

    template: str
    label: str | None
    parts: tuple[Part, ...]
    anchors: tuple[str, ...]
    """A word of each worded part; a line of this kind prints one of them."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields and other names that it fills."""
        return tuple(name for part in self.parts for names in part.holes for name in names)

    def read(self, text: str) -> Match | None:
        """What a printed line says; None where it is another one."""
        if len(text) > MAX_CHARACTERS:
            return None
        if len(self.parts) > 1:
            return self.read_parts([part for part in SEPARATOR.split(text) if part])
        texts = self.parts[0].read(text.rstrip(" ."))
        return None if texts is None else Match(texts, (), 1)

    def read_parts(self, printed: Sequence[str]) -> Match | None:
        """The same for a byline whose parts are known: at least half of them are the template's, one with words."""
        given: dict[int, tuple[int, Mapping[str, str]]] = {}
        for place, text in enumerate(printed):
            for number, part in enumerate(self.parts):
                texts = part.read(text) if part.worded and number not in {used for used, _ in given.values()} else None
                if texts is not None:
                    given[place] = number, texts
                    break
        sure = len(given)
        for place, text in enumerate(printed):
            if place not in given:
                low = max((number for at, (number, _) in given.items() if at < place), default=-1)
                high = min((number for at, (number, _) in given.items() if at > place), default=len(self.parts))
                open_parts = (number for number in range(low + 1, high) if not self.parts[number].worded)
                free = next(open_parts, None)
                if free is not None and (texts := self.parts[free].read(text)) is not None:
                    given[place] = free, texts
        merged = {name: text for _, texts in given.values() for name, text in texts.items()}
        alone = len(printed) == 1 and not merged.keys() & set(DATE_FIELDS)
        if not sure or alone or 2 * len(given) < len(printed):
            return None
        rest = tuple(text for place, text in enumerate(printed) if place not in given)
        return Match(merged, rest, len(given))


def read_template(template: str, known: Callable[[str], str | None]) -> Line:
    """The line that a template describes; known gives a hole's field or name. Raises ValueError for one of no use."""
    pieces = [piece for piece in SEPARATOR.split(fold(template)) if piece]
    parts = tuple(_read_part(piece, known) for piece in pieces)
    worded = [piece for piece, part in zip(pieces, parts, strict=True) if part.worded]
    if not any(names for part in parts for names in part.holes):
        raise ValueError("it has no {field} to fill")
    if not worded:
        raise ValueError("it has no word of its own, so that every line would match")
    label = _LABEL.match(template) if len(parts) == 1 else None
    anchors = tuple(max(_WORD.findall(_plain(piece)), key=len) for piece in worded)
    return Line(template, label[1].strip() if label else None, parts, anchors)


def _read_part(piece: str, known: Callable[[str], str | None]) -> Part:
    bare = _OPTIONAL.sub(lambda match: "" if _HOLE.search(match[1]) is None else "\0", piece)
    if "\0" in bare or bare.count("{") != len(_HOLE.findall(bare)) or "(" in bare or ")" in bare:
        raise ValueError("its brackets don't pair, or stand inside others")
    texts = _HOLE.split(piece)
    literals, holes = texts[::2], texts[1::2]
    if any(not _OPTIONAL.sub("", literal) for literal in literals[1:-1]):
        raise ValueError("two of its {} stand side by side, without even a space that parts them")
    names = tuple(tuple(_known(name, known) for name in _names(hole)) for hole in holes)
    given = [name for each in names for name in each]
    if len(given) != len(set(given)):
        raise ValueError("it fills one field twice")
    literals[-1] = literals[-1].rstrip(" .") if literals[-1].rstrip(" .") else ""
    patterns = [
        _pattern(literal) + (r"\Z" if number == len(literals) - 1 else "") for number, literal in enumerate(literals)
    ]
    return Part(
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns),
        names,
        _WORD.search(_plain(piece)) is not None,
    )


def _plain(piece: str) -> str:
    """A template's own words, without those that may be missing."""
    return _OPTIONAL.sub(" ", _HOLE.sub(" ", piece))


def _names(hole: str) -> Iterable[str]:
    return filter(None, (name.strip() for name in hole.split(",")))


def _known(name: str, known: Callable[[str], str | None]) -> str:
    found = known(name)
    if found is None:
        raise ValueError(f"{name!r} is no field; write it under extra to keep it there")
    return found


def _pattern(literal: str) -> str:
    """A literal as printed in any case and spacing; what stands in round brackets may be missing."""
    pieces = _OPTIONAL.split(literal)
    return "".join(rf"(?:{_spaced(piece)})?" if number % 2 else _spaced(piece) for number, piece in enumerate(pieces))


def _spaced(text: str) -> str:
    return r"\s+".join(map(re.escape, re.split(r"\s+", text)))
