"""Labels that fill no field, named in the file, so that only new ones are drift."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.extraction import LONG_FIELDS
from ingest.labels import label_key
from ingest.onboarding.draft import Beside
from ingest.onboarding.examples import Example
from ingest.onboarding.made import Made, read_back
from ingest.onboarding.mapping import Left
from ingest.onboarding.survey import Seen, is_marked
from ingest.onboarding.synonyms import is_noise
from ingest.reading import Reading

_MOST_SHARE, _COMMON_SHARE = 0.5, 0.25
_ENOUGH_PAGES = 4
"""From so many pages on, a label on one of them alone is not named."""


def name_the_rest(examples: Sequence[Example], made: Made) -> Made:
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
        named = read_back(examples, replace(made.draft, extra=extra, ignore=ignore))
        keys = tuple(label_key(each.label) for each in extra)
        if all(_same(before, after, keys) for before, after in zip(made.readings, named.readings, strict=True)):
            return named
    return made


def _is_worth_naming(seen: Seen, found: Collection[str], pages: int) -> bool:
    """Whether many pages print a label, or several do whose markup says that it is one, and the reader finds it.

    A label within the value of another one is a part of that value.
    """
    if all(each.nested for each in seen.printings):
        return False
    several = 1 if pages < _ENOUGH_PAGES else 2
    return len(seen.pages) >= _MOST_SHARE * pages or (
        seen.key in found and is_marked(seen) and len(seen.pages) >= several
    )


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
