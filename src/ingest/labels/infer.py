"""Labels that nobody named: what stands among known labels as these do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from ingest.labels.label import Label, looks_like_label, make_label, split_label
from ingest.labels.pair import folded_key
from ingest.labels.relations import Reading
from ingest.labels.view import View
from ingest.page import TEXT, Node
from ingest.page.node import names

COMMON_SHAPES: Final = names("div span p a li ul td")
"""What labels and values alike are made of."""


def find_tops(view: View, parts: list[Node], known: dict[Node, Reading]) -> dict[Node, Reading]:
    """The readings of all parts of a container that are labels: the known ones, and those that stand as these do.

    A known one that stands where values stand is a value that reads like a label, and left out.
    """
    if len(known) == len(parts):
        return dict(known)
    in_line = [reading for reading in known.values() if reading.label.rest is not None]
    model = in_line[0] if in_line else next(iter(known.values()))
    if model.relation == "definition":
        return _all(known, (_like(view, model, part) for part in parts if part.tag == "dt" and part not in known))
    if model.label.rest is not None:
        return _all(known, _lines(view, parts, model))
    if len(parts) <= 2 or (len(known) == 1 and not _shows_others(view, parts, model)):
        return dict(known)
    shapes = {view.shape(top) for top in known}
    alike = [part for part in parts if view.shape(part) in shapes]
    values = [view.shape(after) for part, after in pairwise(parts) if part in known and after not in known]
    if 2 * sum(1 for shape in values if shape in shapes) >= max(len(values), 1):
        turns = _take_turns(parts, known)
        if turns is None:
            return dict(known)
        known = {top: reading for top, reading in known.items() if top in turns}
        alike = [part for part in alike if part in turns]
    colons = len(known) > 1 and all(reading.label.colon for reading in known.values())
    capitals = all(has_capital(reading.label) for reading in known.values())
    labels = (reading for part in alike if looks_like_label((reading := _like(view, model, part)).label.text))
    return _all(
        known,
        (
            reading
            for reading in labels
            if (reading.label.colon if colons else view.stands_clear(reading.top))
            and (has_capital(reading.label) or not capitals)
        ),
    )


def has_capital(label: Label) -> bool:
    """Whether a label begins with a capital, as far as its script has them: chips and tags often don't."""
    return not label.text[:1].islower()


def _all(known: dict[Node, Reading], others: Iterable[Reading]) -> dict[Node, Reading]:
    return {**{reading.top: reading for reading in others}, **known}


def text_like(view: View, model: Reading, part: Node) -> tuple[Node, str]:
    """Where a part has its label, and the label's text: there where the model has its own, beside what is no label."""
    if folded_key(view.text(model.top)) == model.label.key:
        return part, view.text(part)
    here: Node = part
    for place in path(model.label.node, model.top):
        if place >= len(here.children):
            return part, view.text(part)
        here = here.children[place]
    return (here, view.text(here)) if view.text(here) else (part, view.text(part))


def path(node: Node, top: Node) -> list[int]:
    """The way down from what holds a node to the node: the place at each step."""
    places: list[int] = []
    here = node
    while here is not top and here.parent is not None:
        places.append(here.place)
        here = here.parent
    return places[::-1]


def _like(view: View, model: Reading, part: Node) -> Reading:
    label = make_label(*text_like(view, model, part), model.label.heading)
    return Reading(model.relation, label, part, model.container, None)


def _shows_others(view: View, parts: list[Node], model: Reading) -> bool:
    """Whether one known label is enough to tell the others: by its element, or in a row of cells in pairs."""
    if view.shape(model.top) not in COMMON_SHAPES:
        return True
    pairs = model.relation == "cells" and len(parts) % 2 == 0 and model.top in parts[::2]
    return pairs and all(looks_like_label(view.text(part).rstrip(" :：")) for part in parts[::2])


def _lines(view: View, parts: list[Node], model: Reading) -> Iterator[Reading]:
    """Lines of a text that are a label, a colon and a value, or a label and a colon."""
    for part in parts:
        if part.tag == TEXT and view.starts_line(part):
            text = view.text(part)
            label = split_label(part, text, model.label.heading)
            if label is None and text.endswith(":") and looks_like_label(text[:-1]):
                label = make_label(part, text, model.label.heading)
            if label is not None:
                yield Reading(model.relation, label, part, model.container, label.rest)


def _take_turns(parts: list[Node], known: dict[Node, Reading]) -> set[Node] | None:
    """The parts whose turn is a label's, where labels and values look alike; None where they don't take turns.

    Two known labels in a row: the first has no value, unless a third one follows; the second is then a value that
    reads like a label.
    """
    index = next(index for index, part in enumerate(parts) if part in known) % 2
    turns: set[int] = set()
    while index < len(parts):
        turns.add(index)
        follower = parts[index + 1] if index + 1 < len(parts) else None
        second = parts[index + 2] if index + 2 < len(parts) else None
        index += 1 if follower in known and second not in known else 2
    if any(part in known and turn not in turns and turn - 1 not in turns for turn, part in enumerate(parts)):
        return None
    return {parts[turn] for turn in turns}
