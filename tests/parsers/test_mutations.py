"""A redesign that keeps the words keeps the record: wrappers, another order, icons, on every markup.

INGEST_MUTATIONS sets how many pages; a page that fails is told by its seed: INGEST_SEED=... INGEST_MUTATIONS=1 repeats
it.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from random import Random

from ingest.page import INLINE, TEXT, Node, parse_html
from ingest.reading import Reading, read_body
from parsers import load_source, read
from tests.parsers.markups import (
    CHIPS,
    EXPECTED,
    FACTS,
    FRAMES,
    HEADINGS,
    LABELS,
    SECTIONS,
    SOURCES,
    TEXTS,
    labelled,
    page,
    sectioned,
)

PAGES = int(os.environ.get("INGEST_MUTATIONS", "60"))
SEED = int(os.environ.get("INGEST_SEED", "1"))
WRAPPERS, ICONS_A_PAGE = 20, 6
ICONS = (
    '<svg viewBox="0 0 9 9"><path d="M1 1h7z"/></svg>',
    '<i class="fa fa-tag"></i>',
    '<i aria-hidden="true">event</i>',
    '<span aria-hidden="true">•</span>',
    '<img src="/i.png" alt="">',
)
UNTOUCHED = frozenset({"html", "head", "title", "select", "option"})
LISTS = frozenset({"table", "tbody", "tr", "ul", "ol", "dl", "details"})
BOUND = frozenset({"dt", "dd", "summary"})
"""Elements that HTML wants right where they are."""
PHRASES = INLINE | {"output", "button", "label", "select", "br", "img", "input"}
VOID = frozenset({"br", "img", "input", "meta", "link"})


@dataclass(eq=False)
class Part:
    """An element that can be changed and written again; a text or an icon has no tag."""

    tag: str
    source: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def html(self) -> str:
        if not self.tag:
            return self.source
        given = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        inner = "".join(part.html() for part in self.parts)
        return f"<{self.tag}{given}>" + ("" if self.tag in VOID else f"{inner}</{self.tag}>")

    def is_inline(self) -> bool:
        return not self.tag or (self.tag in PHRASES and all(part.is_inline() for part in self.parts))


def part_of(node: Node) -> Part:
    if node.tag == TEXT:
        return Part("", escape(node.text))
    return Part(node.tag, "", dict(node.attributes), [part_of(child) for child in node.children])


def changeable(root: Part) -> list[Part]:
    """All elements that may get a wrapper or an icon."""
    if root.tag in UNTOUCHED and root.tag != "html":
        return []
    below = [each for part in root.parts for each in changeable(part)]
    return below if root.tag in VOID | LISTS | {"", "html", "body"} else [root, *below]


def wrap(dice: Random, root: Part) -> None:
    """One more element around something."""
    holder = dice.choice([part for part in changeable(root) if part.parts])
    place = dice.randrange(len(holder.parts))
    inner = holder.parts[place]
    if inner.tag in VOID | BOUND or not (inner.tag or inner.source.strip()):
        return
    tag = "span" if inner.is_inline() else "div"
    holder.parts[place] = Part(tag, "", {"class": f"w{dice.randrange(9)}"}, [inner])


def insert_icon(dice: Random, root: Part) -> None:
    holder = dice.choice(changeable(root))
    holder.parts.insert(dice.choice([0, len(holder.parts)]), Part("", dice.choice(ICONS)))


def mutated(seed: int) -> str:
    """A page of one mixture of markups, its facts and sections in any order, changed at random places."""
    dice = Random(seed)
    facts = dict(dice.sample([*FACTS.items()], len(FACTS)))
    sections = dict(dice.sample([*SECTIONS.items()], len(SECTIONS)))
    markup = LABELS[seed % len(LABELS)]
    text = sectioned(dice.choice(TEXTS), dice.choice(SOURCES), sections)
    html = page(dice.choice(FRAMES), dice.choice(HEADINGS), labelled(markup, facts), dice.choice(CHIPS), text)
    root = part_of(parse_html(html.encode()))
    for _ in range(WRAPPERS):
        wrap(dice, root)
    for _ in range(ICONS_A_PAGE):
        insert_icon(dice, root)
    return f"<!doctype html>{root.html()}"


def read_mutated(seed: int) -> Reading:
    url = "https://provyn.dev/incidents/lunch-room"
    return read_body(mutated(seed).encode(), "text/html", url, load_source("provyn"), read)


def test_a_redesign_changes_no_record() -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(SEED, SEED + PAGES):
        reading = read_mutated(seed)
        read_on = "unchanged" if reading.fields == EXPECTED else "wrong"
        outcome = read_on if reading.refusal is None else "refused"
        outcomes[outcome] += 1
        if outcome != "unchanged":
            print(f"INGEST_SEED={seed} INGEST_MUTATIONS=1: {outcome}")
    print(f"INGEST_SEED={SEED}, {PAGES} pages: {dict(outcomes)}")
    assert outcomes == {"unchanged": PAGES}
