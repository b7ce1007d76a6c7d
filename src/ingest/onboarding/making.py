"""From example pages to a source: drafted by what they print, read back with the real reader, and mended by that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ingest.onboarding.addresses import guess_addresses
from ingest.onboarding.draft import Draft
from ingest.onboarding.examples import Example, OnboardingError, list_names
from ingest.onboarding.made import Made, read_back
from ingest.onboarding.mapping import FieldMap, map_labels
from ingest.onboarding.naming import name_the_rest
from ingest.onboarding.site import find_licence, guess_name, guess_title
from ingest.onboarding.survey import Seen, survey
from ingest.onboarding.synonyms import known_phrases
from ingest.onboarding.unlabelled import find_unlabelled
from ingest.words import is_absent

_SHARED = 0.5
"""The share of the common labels that every page must print, or it is of another template."""
_SEVERAL_SECTIONS = 2
_ROUNDS = 12
"""A label is taken away in each; no source has so many that can fail."""
_NO_INCIDENT = ("challenge", "soft_404", "empty_shell", "listing_page")


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
    made = name_the_rest(examples, made)
    made = find_unlabelled(examples, made)
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
    """A source needs labels to know its pages by, or several sections."""
    sections = [each for each in fields.mapped if each.is_section]
    if len(sections) == len(fields.mapped) and len(sections) < _SEVERAL_SECTIONS:
        known = ", ".join(repr(seen.label) for seen in labels[:8])
        raise OnboardingError(
            f"None of the labels ({known}) is known to name a field of an incident, and no values look like one; "
            "write the file by hand, docs/adding-a-site.md shows how."
        )


def _mend(examples: Sequence[Example], draft: Draft) -> Made:
    """The draft without the labels whose values the reader can't take."""
    for _ in range(_ROUNDS):
        made = read_back(examples, draft)
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


def _refuse_unread(examples: Sequence[Example], made: Made) -> None:
    for example, reading in zip(examples, made.readings, strict=True):
        if reading.refusal is not None and reading.refusal.kind in _NO_INCIDENT:
            raise OnboardingError(f"{example.name} is no incident's page: {reading.refusal.message}")
    refusals = [reading.refusal for reading in made.readings if reading.refusal is not None]
    if len(refusals) == len(examples):
        raise OnboardingError(f"No page gives a record: {refusals[0].message} Nothing is written.")
