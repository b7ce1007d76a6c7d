"""What pages say without a label of ours: a badge, tags, the number before a title, parties with their roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.labels import label_key
from ingest.onboarding.draft import SEVERITIES
from ingest.onboarding.examples import Example
from ingest.onboarding.made import Made, read_back
from ingest.onboarding.mapping import Left
from ingest.onboarding.synonyms import rank
from ingest.reading import Reading
from parsers.roles import read_parties

_NUMBERED = re.compile(r"(?P<word>[^\W\d_][^:–—]{0,30}?)?\s?#?(?P<slug>[\w-]+)(?P<between>\s?[:–—-]\s)(?=\S)")


def find_unlabelled(examples: Sequence[Example], made: Made) -> Made:
    """The draft with what the reader finds by them on most pages, where no label says it."""
    for find in (_find_badge, _find_tags, _find_number, _find_parties):
        made = find(examples, made)
    return made


def _find_badge(examples: Sequence[Example], made: Made) -> Made:
    draft = made.draft
    if draft.fields.get("severity") is not None:
        return made
    trial = read_back(examples, replace(draft, badge="severity", badge_words=SEVERITIES))
    words = Counter(reading.fields.get("severity") for reading in trial.readings)
    known = sum(count for word, count in words.items() if word in SEVERITIES)
    if trial.refused > made.refused or 2 * known <= len(examples):
        return made
    doubt = f"a word without a label, on {known} of {len(examples)} pages"
    return read_back(examples, replace(trial.draft, doubts={**draft.doubts, "badge": doubt}))


def _find_tags(examples: Sequence[Example], made: Made) -> Made:
    draft = made.draft
    if draft.fields.get("tags") is not None:
        return made
    trial = read_back(examples, replace(draft, chips=True))
    tagged = sum(bool(reading.fields.get("tags")) for reading in trial.readings)
    if trial.refused > made.refused or 2 * tagged <= len(examples):
        return made
    doubt = f"a run of short texts, on {tagged} of {len(examples)} pages"
    return read_back(examples, replace(trial.draft, doubts={**draft.doubts, "chips": doubt}))


def _find_number(examples: Sequence[Example], made: Made) -> Made:
    """`Incident 12: title` on a page whose URL ends with 12: the number is no part of the title."""
    found = {
        _number_before(reading, made.source.incident_slug(example.url))
        for example, reading in zip(examples, made.readings, strict=True)
        if reading.refusal is None
    }
    template = found.pop() if len(found) == 1 else None
    if template is None:
        return made
    doubt = "the address says the number that stands before the title"
    draft = replace(made.draft, lines=(template,), doubts={**made.draft.doubts, "lines": doubt})
    trial = read_back(examples, draft)
    return trial if trial.refused <= made.refused else made


def _number_before(reading: Reading, slug: str | None) -> str | None:
    """The template of a title that begins with the incident's own slug, behind at most a few words."""
    match = _NUMBERED.match(str(reading.fields["title"]))
    if match is None or slug is None or label_key(match["slug"]) != label_key(slug) or not match["word"]:
        return None
    return f"{match['word'].strip()} {{}}{match['between']}{{title}}"


def _find_parties(examples: Sequence[Example], made: Made) -> Made:
    """`Acme (developer); Bolt (victim)`: a role that says a field fills it."""
    draft = made.draft
    if draft.fields.get("ai_provider") is not None:
        return made
    for left in draft.fields.left:
        roles = _roles_of(left)
        if "ai_provider" not in roles.values():
            continue
        extra = tuple(each for each in draft.extra if each.label != left.seen.label)
        doubt = f"the values of {left.seen.label!r} name parties with their roles"
        trial = replace(draft, roles={left.seen.label: roles}, extra=extra, doubts={**draft.doubts, "roles": doubt})
        tried = read_back(examples, trial)
        if tried.refused <= made.refused:
            return tried
    return made


def _roles_of(left: Left) -> dict[str, str]:
    """The roles that a label's values print -> the field that each fills; none where values print none."""
    parties = [party for each in left.seen.printings for party in read_parties(each.values)]
    if not parties or not all(roles for _, roles in parties):
        return {}
    names = dict.fromkeys(label_key(role) for _, roles in parties for role in roles)
    return {name: "ai_provider" if (rank(name, "ai_provider") or (9, 9))[0] == 0 else "extra" for name in names}
