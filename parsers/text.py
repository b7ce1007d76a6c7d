"""A text capture of an incident page to the same Extraction: labels and values on lines of their own or of one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.extraction import Extraction, Observation, Refusal
from ingest.labels import label_key
from ingest.page import Page, fold
from ingest.sources import Source
from parsers.citations import read_citation_lines
from parsers.fill import fill_in, join_extra, line_witnesses, merge_extra, missing_labels, unknown_labels
from parsers.heading import Heading, read_heading
from parsers.incident import find_shifted, refuse_partial
from parsers.lines import PrintedLines, read_title, take_lines
from parsers.refusals import diagnose_text, refuse
from parsers.roles import hear_roles
from parsers.tags import are_tags, split_tags, split_values

MAX_LINES: Final = 100_000
_MANY: Final = 3
_LABEL_WORDS: Final = 5

_BLANKS: Final = re.compile(r"\n{3,}")
_BULLET: Final = re.compile(r"^(?:[-*•▪◦‣–]|#{1,6})\s+")
_COLON: Final = re.compile(r"\s*[:：]\s*")
_END: Final = re.compile(
    r"©|\(c\) |copyright\b|all rights reserved|related (?:incidents|cases)$|back to\b|[←↑]", re.IGNORECASE
)
_SLUG: Final = re.compile(r"#?[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text without a bullet, and what the source's file knows of it.

    label and section are the file's names, of labels that fill no field too; rest is what follows a label's colon.
    """

    text: str
    bullet: bool
    label: str | None
    section: str | None
    rest: str


@dataclass(slots=True)
class _Facts:
    """The labels of the capture as they are read."""

    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    fused: str | None = None
    empty_in_a_row: int = 0
    shifted: str | None = None


def read_text(page: Page, source: Source) -> Extraction | Refusal:
    """What a text capture prints of its incident, or why it is refused."""
    texts, printed = take_lines(page.text.split("\n")[:MAX_LINES], source)
    lines = [read_line(text, source) for text in texts]
    first = next((place for place, line in enumerate(lines) if line.label and not _is_badge(line, source)), len(lines))
    start = next((place for place, line in enumerate(lines) if line.section and place > first), len(lines))
    heading = read_heading([line.text for line in lines[:first] if line.text], source)
    facts = _read_facts(lines[first:start], source)
    sections = dict(_read_sections(lines[start:]))
    description = next((_to_text(sections[name]) for name in sections if source.sections[name] == "description"), "")
    if not description and source.lead == "description":
        description = heading.texts.get("summary", "")
    refusal = _refuse(page.text, lines, heading.title, facts, description, source)
    return refusal or _extract(heading, facts, sections, printed, source)


def _is_badge(line: Line, source: Source) -> bool:
    """Whether a line is a badge that names its field: `Severity: High`."""
    return bool(line.label and line.rest) and source.labels.get(line.label or "", "") == source.badge


def read_line(text: str, source: Source) -> Line:
    """A line of the capture."""
    folded = fold(text)
    bare = _BULLET.sub("", folded)
    bullet = bare != folded and not folded.startswith("#")
    whole = _find_name(bare, source)
    if whole is not None:
        return Line(bare, bullet, *whole, "")
    before, colon, rest = bare.partition(":")
    named = _find_name(before, source) if colon else None
    return Line(bare, bullet, *(named or (None, None)), rest.strip(" *") if named else "")


def _find_name(text: str, source: Source) -> tuple[str | None, str | None] | None:
    """The file's names for a label and for a section; None for a text that is neither."""
    key = label_key(text)
    label = source.label_names.get(key) or source.extra_names.get(key)
    if label is None and (key in source.ignored or key in source.line_labels):
        label = fold(text)
    section = source.section_names.get(key)
    return (label, section) if label or section else None


def _read_facts(lines: Sequence[Line], source: Source) -> _Facts:
    """The labels with their values; the lines that follow a value are judged by how many they are."""
    facts = _Facts()
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        following = []
        while place < len(lines) and not lines[place].label:
            following.append(lines[place])
            place += 1
        if line.label:
            _take(facts, line, [each for each in following if each.text], last=place == len(lines), source=source)
    return facts


def _take(facts: _Facts, line: Line, following: Sequence[Line], last: bool, source: Source) -> None:
    """The value of one label out of the lines up to the next one."""
    assert line.label is not None
    if line.label in facts.values:
        return
    lines = list(following)
    colon = bool(line.rest) or line.text.endswith((":", "："))
    values = [line.rest] if line.rest else []
    if not values and lines and not (colon and _unknown_pair(lines[0])):
        values.append(lines.pop(0).text)
        while values and lines and lines[0].bullet and following[0].bullet:
            values.append(lines.pop(0).text)
    facts.values[line.label] = values
    facts.unknown += [pair for each in lines if (pair := _unknown_pair(each))]
    free = [each for each in lines if not _unknown_pair(each)]
    if not colon:
        _watch_for_shift(facts, line, values, free if not last else [])
    if last:
        _take_tail(facts, [each.text for each in free], source)
    elif len(free) % 2:
        values += [each.text for each in free]
    else:
        facts.unknown += _in_twos(free)


def _unknown_pair(line: Line) -> tuple[str, str] | None:
    """A label that the file does not name, and its value, where a colon parts them."""
    label, *rest = _COLON.split(line.text, maxsplit=1)
    if not rest or not rest[0] or label.count(" ") >= _LABEL_WORDS or label.startswith("http"):
        return None
    return label.strip("* "), rest[0].strip("* ")


def _in_twos(lines: Sequence[Line]) -> list[tuple[str, str]]:
    return [(label.text, value.text) for label, value in zip(lines[::2], lines[1::2], strict=True)]


def _watch_for_shift(facts: _Facts, line: Line, values: Sequence[str], free: Sequence[Line]) -> None:
    """One label without a value is empty. Two in a row, or one before a label with too many, are a column of labels."""
    if facts.empty_in_a_row and (not values or free):
        facts.shifted = facts.shifted or line.text
    facts.empty_in_a_row = 0 if values else facts.empty_in_a_row + 1


def _take_tail(facts: _Facts, texts: Sequence[str], source: Source) -> None:
    """What stands between the last label's value and the first section: tags, a fused line of them, or more pairs."""
    short = [text for text in texts if are_tags(split_tags(text)) or " " not in text]
    if source.chips is None or not short:
        return
    if len(short) == 1:
        tags = split_tags(short[0])
        if len(tags) > 1:
            facts.tags = tags
        else:
            facts.fused = short[0]
    elif all(map(_SLUG.fullmatch, short)):
        facts.tags = tuple(short)
    else:
        facts.unknown += [(label, value) for label, value in zip(short[::2], short[1::2], strict=False)]
        facts.fused = short[-1] if len(short) % 2 else None


def _read_sections(lines: Sequence[Line]) -> Iterator[tuple[str, list[str]]]:
    """Each section's name and its lines, an empty one for each blank line."""
    seen: set[str] = set()
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        texts = [line.rest] if line.rest else []
        while place < len(lines) and (lines[place].section is None or lines[place].section in seen | {line.section}):
            texts.append(lines[place].text)
            place += 1
        if line.section is not None and line.section not in seen:
            seen.add(line.section)
            yield line.section, texts


def _to_text(lines: Sequence[str]) -> str:
    """Lines as a section's text: blocks joined by a blank line."""
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _refuse(
    text: str, lines: Sequence[Line], title: str, facts: _Facts, description: str, source: Source
) -> Refusal | None:
    printed = {label_key(name) for name in facts.values}
    values = ((name, value) for name, values in facts.values.items() if name in source.labels for value in values)
    shifted = find_shifted(values, printed, source)
    if shifted is not None:
        return shifted
    if facts.shifted is not None:
        message = f"Several labels stand in a row before {facts.shifted!r}: their values can't be told apart."
        return refuse("shifted_values", message, {"text": facts.shifted})
    partial = refuse_partial(facts.values, description, source)
    if partial is None:
        return None if title else refuse("no_title", "The capture has no title above its labels.")
    counts = Counter(line.label for line in lines if line.label)
    if max(counts.values(), default=0) >= _MANY:
        return refuse("listing_page", "The capture lists several incidents and describes none of them.")
    return diagnose_text(title or fold(text[:200]), fold(text)) or partial


def _extract(
    heading: Heading, facts: _Facts, sections: dict[str, list[str]], printed: PrintedLines, source: Source
) -> Extraction:
    titled, unread = read_title(heading.title, source)
    said = {**titled, **printed.texts}
    texts = dict(heading.texts) | {"title": said.pop("title")}
    if source.lead != "summary":
        lead = texts.pop("summary", "")
        texts |= {"description": lead} if source.lead == "description" and lead else {}
    named = {name: values for name, values in facts.values.items() if name in source.labels}
    texts |= {source.labels[name]: " ".join(values) for name, values in named.items()}
    values = {
        source.labels[name]: split_values(items, source.separators[name]) if name in source.separators else tuple(items)
        for name, items in named.items()
    }
    texts |= {source.sections[name]: _to_text(lines) for name, lines in sections.items()}
    texts.pop("citations", None)
    kept = [(name, " ".join(values)) for name, values in facts.values.items() if name not in source.labels]
    kept = [(label, value) for label, value in (*kept, *facts.unknown) if label_key(label) not in source.ignored]
    roles, strange = hear_roles(
        ((source.extra_names.get(label_key(name), ""), values) for name, values in facts.values.items()), source
    )
    extra, said_twice = merge_extra(join_extra(kept), said, source)
    witnesses = fill_in(texts, (*roles, *line_witnesses(said)))
    parted = values.pop("tags", ()) if "tags" in {source.labels[name] for name in source.separators} else ()
    tags = parted or split_tags(texts.get("tags", "")) or facts.tags
    texts.pop("tags", None)
    sources = next((lines for name, lines in sections.items() if source.sections[name] == "citations"), [])
    end = next((place for place, line in enumerate(sources) if _END.match(line)), len(sources))
    fused = [Observation("unknown_value", "tags", facts.fused)] if facts.fused else []
    filled = {*texts, *(["tags"] if tags else []), *(["citations"] if sources else [])}
    return Extraction(
        texts=texts,
        values={field: items for field, items in values.items() if len(items) > 1},
        tags=tuple(dict.fromkeys(tags)),
        citations=read_citation_lines(sources[:end]),
        raw={name: " ".join(values) for name, values in facts.values.items() if name in source.claiming}
        | dict(printed.raw),
        extra=extra,
        observations=(
            *(*unread, *printed.observations, *strange, *said_twice, *unknown_labels(extra, source)),
            *(*fused, *missing_labels(filled, source)),
        ),
        witnesses=witnesses,
    )
