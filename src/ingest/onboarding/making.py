"""From example pages to a source: drafted by what they print, read back with the real reader, and mended by that."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ingest.extraction import LONG_FIELDS, is_absent
from ingest.labels import label_key
from ingest.onboarding.addresses import guess_addresses
from ingest.onboarding.draft import SEVERITIES, Beside, Draft
from ingest.onboarding.examples import Example, OnboardingError, list_names
from ingest.onboarding.mapping import FieldMap, Left, map_labels
from ingest.onboarding.render import render
from ingest.onboarding.site import find_licence, guess_name, guess_title
from ingest.onboarding.survey import Seen, is_marked, survey
from ingest.onboarding.synonyms import is_noise, known_phrases
from ingest.reading import Reading, read_body
from ingest.sources import Source, SourceError, read_source
from parsers import read

_SHARED = 0.5
"""The share of the common labels that every page must print, or it is of another template."""
_ROUNDS = 12
"""A label is taken away in each; no source has so many that can fail."""
_COMMON_SHARE = 0.25
_ENOUGH_PAGES = 4
"""From so many pages on, a label on one of them alone is not named."""
_NO_INCIDENT = ("challenge", "soft_404", "empty_shell", "listing_page")


@dataclass(frozen=True, slots=True)
class Made:
    """A draft, its file's text, the source that it is, and what becomes of each example."""

    draft: Draft
    text: str
    source: Source
    readings: tuple[Reading, ...]

    @property
    def refused(self) -> int:
        return sum(reading.refusal is not None for reading in self.readings)


def make_source(examples: Sequence[Example], name: str | None = None) -> Made:
    """A source for the site of these pages. Raises OnboardingError where they can't give one, and says why."""
    addresses = guess_addresses(examples)
    labels = survey(examples, tuple(known_phrases()))
    _refuse_different(examples, labels)
    title = guess_title(examples, addresses.hosts[0])
    fields = map_labels(labels, len(examples))
    draft = Draft(
        name or guess_name(title, addresses.home_url),
        title,
        len(examples),
        addresses,
        find_licence(examples),
        fields,
    )
    _refuse_empty(fields, labels)
    if fields.get("description") is None:
        doubt = "no heading names a description, so the paragraph under the title is taken for it"
        draft = replace(draft, lead="description", doubts={"lead": doubt})
    made = _mend(examples, draft)
    made = _name_the_rest(examples, made)
    made = _find_unlabelled(examples, made)
    _refuse_unread(examples, made)
    return made


def _refuse_different(examples: Sequence[Example], labels: Sequence[Seen]) -> None:
    if not any(not is_absent(each.value) for seen in labels for each in seen.printings):
        raise OnboardingError(f"No label with a value was found in {list_names(examples)}: nothing is written.")
    if len(examples) == 1:
        return
    least = max(2, math.ceil(len(examples) / 2))
    common = {seen.label: seen.pages for seen in labels if len(seen.pages) >= least}
    printed = [sum(number in seen.pages for seen in labels) for number in range(len(examples))]
    for number, example in enumerate(examples):
        shared = [label for label, pages in common.items() if number in pages]
        if len(shared) < _SHARED * min(len(common), printed[number]) or not shared:
            lacking = ", ".join([label for label in common if label not in shared][:4]) or "no common label at all"
            raise OnboardingError(
                f"{example.name} is of another template than the rest: it lacks {lacking}. "
                "Give pages of one kind; nothing is written."
            )


def _refuse_empty(fields: FieldMap, labels: Sequence[Seen]) -> None:
    if not any(not each.is_section for each in fields.mapped):
        known = ", ".join(repr(seen.label) for seen in labels[:8])
        raise OnboardingError(
            f"None of the labels ({known}) is known to name a field of an incident, and no values look like one; "
            "write the file by hand, docs/adding-a-site.md shows how."
        )


def _mend(examples: Sequence[Example], draft: Draft) -> Made:
    """The draft without the labels whose values the reader can't take."""
    for _ in range(_ROUNDS):
        made = _read_back(examples, draft)
        failed = [
            reading.refusal.detail
            for reading in made.readings
            if reading.refusal is not None and reading.refusal.kind == "unreadable_value"
        ]
        if not failed:
            return made
        name, text = failed[0]["field"], failed[0]["text"]
        draft = replace(draft, fields=draft.fields.without(name, f"might be {name}, but {text[:60]!r} can't be read"))
    return made


def _read_back(examples: Sequence[Example], draft: Draft) -> Made:
    text = render(draft)
    try:
        source = read_source(draft.name, text, f"{draft.name}.toml")
    except SourceError as error:
        raise OnboardingError(f"No source can be made of {list_names(examples)}: {error}") from error
    readings = tuple(read_body(example.body, example.content_type, example.url, source, read) for example in examples)
    return Made(draft, text, source, readings)


def _name_the_rest(examples: Sequence[Example], made: Made) -> Made:
    """The labels that fill no field, named, so that only new ones are drift: those of many pages, those of the reader.

    None are named where that would change what fields say.
    """
    pages = len(examples)
    found: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for reading in made.readings:
        for label, value in reading.fields.get("extra", {}).items():
            found.setdefault(label_key(label), []).append(value)
            spelled.setdefault(label_key(label), label)
    by_reader = [Beside(spelled[key], len(values), values[0]) for key, values in found.items()]
    left = [each for each in made.draft.fields.left if _is_worth_naming(each.seen, found, pages)]
    sure = [each for each in left if is_marked(each.seen) or each.seen.key in found]
    frequent = [each for each in by_reader if each.pages >= _COMMON_SHARE * pages]
    for labels in (list(map(_beside, left)), list(map(_beside, sure)), frequent):
        ignore = tuple(each for each in labels if is_noise(each.label))
        extra = tuple(each for each in labels if not is_noise(each.label))
        named = _read_back(examples, replace(made.draft, extra=extra, ignore=ignore))
        keys = tuple(label_key(each.label) for each in extra)
        if all(_same(before, after, keys) for before, after in zip(made.readings, named.readings, strict=True)):
            return named
    return made


def _is_worth_naming(seen: Seen, found: Collection[str], pages: int) -> bool:
    """Whether many pages print a label, or several do whose markup says that it is one, and the reader finds it."""
    several = 1 if pages < _ENOUGH_PAGES else 2
    return len(seen.pages) >= _SHARED * pages or (seen.key in found and is_marked(seen) and len(seen.pages) >= several)


def _beside(left: Left) -> Beside:
    seen = left.seen
    return Beside(seen.label, len(seen.pages), seen.printings[0].value, "; ".join(left.notes) or None)


def _same(before: Reading, after: Reading, named: tuple[str, ...]) -> bool:
    """Whether two readings of a page give the same fields.

    A summary without a label may give way to one, and a text may lose what one of the labels begins at its end. No
    label may come up that is not named.
    """
    if (before.refusal is None) != (after.refusal is None):
        return False
    known = {*map(label_key, before.fields.get("extra", {})), *named}
    if not known.issuperset(map(label_key, after.fields.get("extra", {}))):
        return False
    for name, value in before.fields.items():
        now = after.fields[name]
        if name in ("extra", "raw", "summary") or value == now:
            continue
        if name not in LONG_FIELDS or not value or not now or not value.startswith(now):
            return False
        if not label_key(value[len(now) :]).startswith(named):
            return False
    return True


def _find_unlabelled(examples: Sequence[Example], made: Made) -> Made:
    """The badge and the tags that stand without a label, where most pages have them and no label does."""
    draft = made.draft
    if draft.fields.get("severity") is None:
        trial = _read_back(examples, replace(draft, badge="severity", badge_words=SEVERITIES))
        words = Counter(reading.fields.get("severity") for reading in trial.readings)
        known = sum(count for word, count in words.items() if word in SEVERITIES)
        if trial.refused <= made.refused and 2 * known > len(examples):
            doubts = {**draft.doubts, "badge": f"a word without a label, on {known} of {len(examples)} pages"}
            made = _read_back(examples, replace(trial.draft, doubts=doubts))
    draft = made.draft
    if draft.fields.get("tags") is None:
        trial = _read_back(examples, replace(draft, chips=True))
        tagged = sum(bool(reading.fields.get("tags")) for reading in trial.readings)
        if trial.refused <= made.refused and 2 * tagged > len(examples):
            doubts = {**draft.doubts, "chips": f"a run of short texts, on {tagged} of {len(examples)} pages"}
            made = _read_back(examples, replace(trial.draft, doubts=doubts))
    return made


def _refuse_unread(examples: Sequence[Example], made: Made) -> None:
    for example, reading in zip(examples, made.readings, strict=True):
        if reading.refusal is not None and reading.refusal.kind in _NO_INCIDENT:
            raise OnboardingError(f"{example.name} is no incident's page: {reading.refusal.message}")
    refusals = [reading.refusal for reading in made.readings if reading.refusal is not None]
    if len(refusals) == len(examples):
        raise OnboardingError(f"No page gives a record: {refusals[0].message} Nothing is written.")
