"""What fills a field that no label fills, and what a page prints beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.extraction import LINE_FIELDS, Observation, Witness
from ingest.labels import label_key
from ingest.sources import Source
from ingest.words import is_absent


def line_witnesses(said: Mapping[str, str]) -> tuple[Witness, ...]:
    """What lines say of the record's fields."""
    return tuple(Witness("line", field, text) for field, text in said.items() if field in LINE_FIELDS)


def fill_in(texts: dict[str, str], witnesses: Iterable[Witness]) -> tuple[Witness, ...]:
    """Give each field that no label fills what its first witness says; the others are to be heard against it."""
    others = []
    for witness in witnesses:
        if is_absent(texts.get(witness.field, "")):
            texts[witness.field] = witness.text
        else:
            others.append(witness)
    return tuple(others)


def merge_extra(
    extra: Mapping[str, str], said: Mapping[str, str], source: Source
) -> tuple[dict[str, str], list[Observation]]:
    """What stands beside the fields by labels and by lines, and the observations of where the two disagree."""
    merged, unlike = dict(extra), []
    for name, text in said.items():
        if name not in source.extra_names.values():
            continue
        if is_absent(merged.get(name, "")):
            merged[name] = text
        elif label_key(merged[name]) != label_key(text):
            unlike.append(Observation("assertion", name, "line disagrees"))
    return merged, unlike


def join_extra(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Unclaimed labels and values; the values of a label that is printed twice are joined."""
    extra: dict[str, str] = {}
    for label, value in pairs:
        extra[label] = f"{extra[label]}; {value}" if label in extra else value
    return extra


def unknown_labels(extra: Mapping[str, str], source: Source) -> list[Observation]:
    """An observation for every label that the source's file does not name."""
    return [Observation("unknown_label", label, None) for label in extra if label_key(label) not in source.words]


def renamed_labels(printed: Iterable[tuple[str, str]]) -> list[Observation]:
    """An observation for every label, (the file's name for it, as printed), that is printed as one of its aliases."""
    return [
        Observation("assertion", name, f"printed as {label}")
        for name, label in printed
        if label != name and label_key(label) != label_key(name)
    ]


def missing_labels(filled: Iterable[str], source: Source) -> list[Observation]:
    """An observation for every field that a floor wants on each page and that this page does not print."""
    wanted = [field for field, share in source.floors.fill.items() if share == 1]
    printed = set(filled)
    return [Observation("missing_label", field, None) for field in wanted if field not in printed]
