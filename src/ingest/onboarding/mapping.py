"""Which label fills which field: by its words, where its values do not contradict them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.extraction import DATE_FIELDS, LABEL_FIELDS, LONG_FIELDS, SECTION_FIELDS, SLUG_FIELDS
from ingest.onboarding.shapes import Shape, is_likely, misfit, shape_of
from ingest.onboarding.survey import Seen
from ingest.onboarding.synonyms import is_noise, rank

_WORDS_SAY, _WORDS_OFTEN_SAY = 0, 1
_ENOUGH_SHARE = 0.5
_RARE_SHARE = 0.1
"""A label on fewer pages than this is no part of the template; its words may stand in prose."""
_UNLABELLED = ("summary", "tags", "severity")
"""Fields that pages fill without a label too: one that never has a value would stand in their way."""
_TELLING = ("category", "application_type")
_SEVERAL = 3
_FEW_WORDS = 0.7
"""The share of different words among values up to which they are taken for a list of words."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A label with the field that it fills. doubts: why a person should look; aliases: its other printings."""

    seen: Seen
    shape: Shape
    field: str
    doubts: tuple[str, ...] = ()
    aliases: tuple[Seen, ...] = ()

    @property
    def pages(self) -> frozenset[int]:
        """The pages that print it, in whatever spelling."""
        return self.seen.pages.union(*(alias.pages for alias in self.aliases))

    @property
    def is_section(self) -> bool:
        return self.field in SECTION_FIELDS and (self.field != "summary" or self.shape.is_long)


@dataclass(frozen=True, slots=True)
class Left:
    """A label that fills no field, with the fields that it might. noise: it speaks of the page, not of the incident."""

    seen: Seen
    shape: Shape
    notes: tuple[str, ...] = ()
    noise: bool = False


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Every label of the site, once."""

    mapped: tuple[Mapped, ...]
    left: tuple[Left, ...] = field(default=())

    def get(self, name: str) -> Mapped | None:
        """The label that fills a field."""
        return next((each for each in self.mapped if each.field == name), None)

    def without(self, name: str, note: str) -> FieldMap:
        """The same, with no label for a field."""
        mapped = self.get(name)
        if mapped is None:
            return self
        left = (Left(seen, shape_of(seen), (note,)) for seen in (mapped.seen, *mapped.aliases))
        return FieldMap(tuple(each for each in self.mapped if each is not mapped), (*self.left, *left))


@dataclass(frozen=True, slots=True)
class _Candidate:
    seen: Seen
    shape: Shape
    field: str
    rank: tuple[int, int]

    @property
    def order(self) -> tuple[object, ...]:
        return self.rank[0], -(len(self.seen.pages) > 1), self.rank[1], -len(self.seen.pages), self.seen.place


def map_labels(labels: Sequence[Seen], pages: int) -> FieldMap:
    """Each label to the field that its words say best; of two for one field the more telling, on more pages."""
    shapes = {seen.key: shape_of(seen) for seen in labels}
    least = math.ceil(_RARE_SHARE * pages)
    notes: dict[str, list[str]] = {seen.key: [] for seen in labels}
    candidates: list[_Candidate] = []
    for candidate in _candidates(labels, shapes):
        reason = misfit(candidate.field, candidate.shape)
        if len(candidate.seen.pages) < least or (
            not candidate.shape.printed and (candidate.rank[0] or candidate.field in _UNLABELLED)
        ):
            continue
        if reason is None:
            candidates.append(candidate)
        elif candidate.rank[0] == _WORDS_SAY:
            notes[candidate.seen.key].append(f"its words say {candidate.field}, but {reason}")
    chosen: dict[str, Mapped] = {}
    taken: set[str] = set()
    for each in sorted(candidates, key=lambda candidate: candidate.order):
        if each.seen.key in taken:
            continue
        rival = chosen.get(each.field)
        if rival is None:
            chosen[each.field] = Mapped(each.seen, each.shape, each.field, _doubts(each, candidates))
        elif each.rank[0] <= _WORDS_OFTEN_SAY and not rival.pages & each.seen.pages:
            chosen[each.field] = replace(rival, aliases=(*rival.aliases, each.seen))
        else:
            notes[each.seen.key].append(f"might be {each.field}, which {rival.seen.label!r} fills")
            continue
        taken.add(each.seen.key)
    mapped = _with_fallbacks(chosen, [seen for seen in labels if seen.key not in taken], shapes, pages)
    taken = {seen.key for each in mapped for seen in (each.seen, *each.aliases)}
    left = tuple(
        Left(seen, shapes[seen.key], tuple(dict.fromkeys(notes[seen.key])), is_noise(seen.label))
        for seen in labels
        if seen.key not in taken
    )
    return FieldMap(tuple(sorted(mapped, key=lambda each: labels.index(each.seen))), left)


def _candidates(labels: Sequence[Seen], shapes: Mapping[str, Shape]) -> Iterator[_Candidate]:
    for seen in labels:
        for name in dict.fromkeys((*LABEL_FIELDS, *SECTION_FIELDS)):
            found = rank(seen.label, name)
            if found is None or is_noise(seen.label):
                continue
            level, place = found
            if level != _WORDS_SAY and not is_likely(name, shapes[seen.key]):
                continue
            if level == _WORDS_SAY and _is_constant(name, shapes[seen.key]):
                level = _WORDS_OFTEN_SAY
            yield _Candidate(seen, shapes[seen.key], name, (level, place))


def _is_constant(name: str, shape: Shape) -> bool:
    """Whether a field that tells incidents apart has one word on all of several pages."""
    return name in _TELLING and shape.printed >= _SEVERAL and len(shape.slugs) == 1


def _doubts(candidate: _Candidate, candidates: Sequence[_Candidate]) -> tuple[str, ...]:
    doubts = []
    if _is_constant(candidate.field, candidate.shape):
        doubts.append("it says the same on every page")
    elif candidate.rank[0] == _WORDS_OFTEN_SAY:
        others = [each.field for each in candidates if each.seen is candidate.seen and each is not candidate]
        doubts.append(f"{candidate.seen.label!r} often means {' or '.join([candidate.field, *others])}, not always")
    elif candidate.rank[0] > _WORDS_OFTEN_SAY:
        doubts.append(f"only a part of {candidate.seen.label!r} says {candidate.field}")
    if not candidate.shape.printed:
        doubts.append("no page prints a value")
    rivals = [
        each.seen.label
        for each in candidates
        if each.field == candidate.field and each.seen is not candidate.seen and each.rank[0] == candidate.rank[0]
        if 2 * len(each.seen.pages & candidate.seen.pages) > len(candidate.seen.pages)
    ]
    if rivals:
        doubts.append(f"it may be {' or '.join(map(repr, rivals))} that says {candidate.field}")
    return tuple(doubts)


def _with_fallbacks(
    chosen: dict[str, Mapped], rest: Sequence[Seen], shapes: Mapping[str, Shape], pages: int
) -> tuple[Mapped, ...]:
    """What no word names, by its values: the longest text as description; a date and a list of words as proof."""
    mapped = list(chosen.values())
    if "description" not in chosen:
        texts = [seen for seen in rest if shapes[seen.key].is_long and len(seen.pages) >= _ENOUGH_SHARE * pages]
        texts.sort(key=lambda seen: (-len(seen.pages), -shapes[seen.key].characters))
        if texts:
            doubt = f"{texts[0].label!r} holds the longest text, and no heading names a description"
            mapped.append(Mapped(texts[0], shapes[texts[0].key], "description", (doubt,)))
        elif "summary" in chosen and chosen["summary"].shape.is_long:
            mapped.remove(chosen["summary"])
            mapped.append(replace(chosen["summary"], field="description", doubts=("there is no longer text",)))
    if not any(each.field in LABEL_FIELDS for each in mapped):
        mapped += _by_values_alone(
            [seen for seen in rest if seen.key not in {each.seen.key for each in mapped}], shapes
        )
    return tuple(mapped)


def _by_values_alone(rest: Sequence[Seen], shapes: Mapping[str, Shape]) -> Iterator[Mapped]:
    """A first date, and a first list of words, so that pages have something to prove themselves by."""
    for name, fits in ((DATE_FIELDS[0], _are_dates), (SLUG_FIELDS[1], _are_words)):
        for seen in sorted(rest, key=lambda seen: seen.place):
            if fits(shapes[seen.key]):
                yield Mapped(seen, shapes[seen.key], name, (f"by the values of {seen.label!r} alone",))
                break


def _are_dates(shape: Shape) -> bool:
    return shape.printed > 0 and not shape.unreadable


def _are_words(shape: Shape) -> bool:
    return (
        shape.printed > 2
        and misfit("category", shape) is None
        and len(shape.slugs) <= _FEW_WORDS * shape.printed
        and shape.words <= len(LONG_FIELDS)
    )
