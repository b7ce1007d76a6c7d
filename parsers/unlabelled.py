"""What an incident page prints without a label: the summary under its title, the badge, the run of chips."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from ingest.dates import looks_like_date
from ingest.labels import folded_key
from ingest.page import INLINE, TEXT, Node
from ingest.sources import Source
from parsers.badge import badge_key, badge_words, may_be_badge, strip_badge
from parsers.citations import is_byline
from parsers.claims import Claims, Setting
from parsers.links import Links, find_links
from parsers.outline import FURNITURE, ancestors, content, holders_of

_NO_BADGE: Final = FURNITURE | {"button", "aside", "time"}
_CHIP_PARTS: Final = 4
_CHIP_TAGS: Final = frozenset("a b button code div em i li mark p small span strong".split())
_CHIP_CHARACTERS: Final = 40
_CHIP_WORDS: Final = 4
_SUMMARY_WORDS: Final = 4
_LATE_SUMMARY_WORDS: Final = 8
_SUMMARY_BLOCKS: Final = 100
"""Blocks after the title among which the summary is sought."""
_BADGE_NEIGHBOURS: Final = 12
"""Texts around a badge in which another word of its vocabulary shows that it is one choice of several."""

_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*$")
_LONG: Final = re.compile(r"(?:\S+\s+){7}\S")
_SLUG: Final = re.compile(r"#?[a-z0-9][a-z0-9_-]*")
_BETWEEN_CHIPS: Final = re.compile(r"[\s,;|/·•]*")
_LETTER: Final = re.compile(r"[^\W\d_]")


class Unlabelled:
    """Finds what has no label between the title of an incident and its labels and sections."""

    def __init__(self, title: Node, setting: Setting, claims: Claims, lines: Collection[Node]) -> None:
        outline = setting.outline
        self._title = title
        self._setting = setting
        self._taken = claims.nodes().union(lines)
        self._covered = outline.cover((*self._taken, title))
        self._holders = holders_of(self._taken)
        self._lines: dict[Node, tuple[int, bool]] = {}
        self._choices: dict[Node, bool] = {}
        self._begin, self._end = outline.stop(title), len(outline.nodes)
        sections = [outline.start(pair.label_node) for pair in claims.sections.values()]
        labels = [outline.start(pair.label_node) for pair in claims.labels.values()]
        self._first_section = min([place for place in sections if place >= self._begin], default=self._end)
        self._first_label = min([place for place in labels if place >= self._begin], default=self._first_section)
        values = [outline.stop(node) for pair in claims.labels.values() for node in (pair.label_node, *pair.nodes)]
        self._labels_end = max([place for place in values if self._begin < place <= self._first_section], default=None)
        texts = [outline.stop(node) for pair in claims.sections.values() for node in pair.nodes]
        self._sections_end = max(texts, default=self._end)

    def lead(self) -> Node | None:
        """The paragraph under the title: the first that ends as a sentence does, else the first that is long enough."""
        return next(iter(self._lead), None)

    def lead_blocks(self) -> tuple[Node, ...]:
        """The lead, and the paragraphs that follow it in the same element."""
        return self._lead

    @cached_property
    def _lead(self) -> tuple[Node, ...]:
        for start, stop, least in (
            (self._begin, self._first_label, _SUMMARY_WORDS),
            (self._labels_end or self._first_label, self._first_section, _LATE_SUMMARY_WORDS),
        ):
            blocks = self._setting.outline.paragraphs(start, stop, self._taken, self._holders)
            texts = [
                (block, text)
                for block in islice(blocks, _SUMMARY_BLOCKS)
                if (text := block.whole_text()).count(" ") >= least - 1 and not self._is_aside(block, text)
            ]
            for pattern in (_SENTENCE, _LONG, _LETTER):
                for number, (block, text) in enumerate(texts):
                    if pattern.search(text):
                        rest = (each for each, _ in texts[number + 1 :] if each.parent is block.parent)
                        return (block, *rest)
        return ()

    def _is_aside(self, block: Node, text: str) -> bool:
        """Whether a block is no text of the incident: a link, a byline, a card."""
        linked = sum(len(link.whole_text()) for link in find_links(block))
        return (
            2 * linked > len(text)
            or is_byline(text)
            or any(node.tag in ("time", "button") for node in block.walk())
            or self._setting.incidents.are_in(block)
            or any(node.tag == "aside" for node in self._setting.outline.branch(block, self._title))
        )

    def badge(self, words: frozenset[str], summary: Node | None) -> str | None:
        """The text nearest to the title that is a word of the vocabulary and nothing else.

        Where there is none: the only short text between title and summary, a word that the vocabulary lacks.
        """
        outline = self._setting.outline
        region = next((node for node in outline.branch(self._title, None) if node in self._holders), outline.nodes[0])
        stop = min(self._first_section, outline.stop(region))
        found = [
            node
            for node in self._texts(outline.start(region), stop, _NO_BADGE)
            if badge_key(node.text) in words and not self._is_choice(node, words)
        ]
        place = outline.start(self._title)
        nearest = min(found, key=lambda node: abs(outline.start(node) - place), default=None)
        if nearest is None:
            before = outline.start(summary) if summary is not None else self._first_label
            short = [node for node in self._texts(self._begin, before, _NO_BADGE | {"a"}) if may_be_badge(node.text)]
            nearest = short[0] if len(short) == 1 else None
        return strip_badge(nearest.text) if nearest is not None else None

    def _texts(self, start: int, stop: int, without: frozenset[str]) -> Iterator[Node]:
        """The texts between two places that stand alone, outside some elements and what is claimed."""
        place = start
        outline = self._setting.outline
        while place < stop:
            node = outline.nodes[place]
            if node.tag in without or not node.seen:
                place = max(outline.stop(node), place + 1)
                continue
            place += 1
            if (
                node.tag == TEXT
                and not self._covered[place - 1]
                and len(node.text) < _CHIP_CHARACTERS
                and self._is_alone(node)
            ):
                yield node

    def _is_alone(self, node: Node) -> bool:
        """Whether a text fills its line: nothing but elements of their own stands beside it."""
        top = node
        while top.parent is not None and top.parent.tag in INLINE and self._look_in(top.parent)[0] == 1:
            top = top.parent
        if top.parent is None:
            return True
        count, spoken = self._look_in(top.parent)
        return count == 1 or not spoken

    def _look_in(self, parent: Node) -> tuple[int, bool]:
        """How many children that are no white space a node has, and whether one of them is a bare text."""
        known = self._lines.get(parent)
        if known is None:
            children = content(parent.children)
            known = self._lines[parent] = len(children), any(child.tag == TEXT for child in children)
        return known

    def _is_choice(self, node: Node, words: frozenset[str]) -> bool:
        """Whether other words of the vocabulary stand beside it: a filter or a scale."""
        for above in islice(ancestors(node), 3):
            if above in self._holders:
                return False
            choice = self._choices.get(above)
            if choice is None:
                texts = islice((each for each in above.walk() if each.tag == TEXT), _BADGE_NEIGHBOURS)
                choice = self._choices[above] = len({badge_key(each.text) for each in texts} & words) > 1
            if choice:
                return True
        return False

    def chips(self, source: Source, links: Links) -> tuple[str, ...]:
        """The run of short texts: two of several texts, words in lower case, and a place after the labels, show one."""
        after_labels = (self._labels_end or self._first_label, self._first_section)
        for place in (after_labels, (self._begin, self._first_label), (self._sections_end, self._end)):
            for node in self._runs(*place):
                texts = [chip.whole_text() for chip in _chips(node)]
                likely = (len(texts) > 1) + all(map(_SLUG.fullmatch, texts)) + (place == after_labels)
                if likely > 1 and self._are_tags(node, texts, source, links):
                    return tuple(dict.fromkeys(texts))
        return ()

    def _runs(self, start: int, stop: int) -> Iterator[Node]:
        """The elements between two places that hold chips and nothing else."""
        place = start
        outline = self._setting.outline
        while place < stop:
            node = outline.nodes[place]
            if node.tag in FURNITURE or self._covered[place]:
                place = max(outline.stop(node), place + 1)
                continue
            place += 1
            if node.tag != TEXT and node not in self._holders and _is_run(node):
                yield node
                place = outline.stop(node)

    def _are_tags(self, node: Node, texts: list[str], source: Source, links: Links) -> bool:
        """Whether a run's links stay on the site and lead to no incident, and its texts say nothing else."""
        for link in find_links(node):
            url = links.resolve(link.attributes["href"])
            if link.attributes["href"].startswith("#") or (url is not None and not source.in_scope(url)):
                return False
        known = source.words | badge_words(source)
        return not self._setting.incidents.are_in(node) and not any(
            folded_key(text) in known or looks_like_date(text) for text in texts
        )


def _is_run(node: Node) -> bool:
    """Whether all that an element holds are chips of one make, with separators between them at most."""
    chips = _chips(node)
    return (
        bool(chips)
        and bool(set.intersection(*map(_tags, chips)))
        and all(chip.tag != TEXT and _is_chip(chip) for chip in chips)
    )


def _chips(node: Node) -> list[Node]:
    """What an element holds, without the separators between."""
    return [part for part in content(node.children) if not _BETWEEN_CHIPS.fullmatch(part.whole_text())]


def _holds_several(node: Node) -> bool:
    """Whether several elements stand in a node side by side, however often that is wrapped."""
    inner = content(node.children)
    while len(inner) == 1:
        inner = content(inner[0].children)
    return len(inner) > 1 and (len(inner) > _CHIP_PARTS or all(part.tag != TEXT for part in inner))


def _tags(node: Node) -> set[str]:
    """The elements that hold all that a node does, however often it is wrapped."""
    tags = {node.tag}
    inner = content(node.children)
    while len(inner) == 1 and inner[0].tag != TEXT:
        tags.add(inner[0].tag)
        inner = content(inner[0].children)
    return tags


def _is_chip(node: Node) -> bool:
    if node.tag not in _CHIP_TAGS or _holds_several(node):
        return False
    text = node.whole_text()
    if node.tag == "button" and not _SLUG.fullmatch(text):
        return False
    short = len(text) <= _CHIP_CHARACTERS and text.count(" ") < _CHIP_WORDS
    return short and _LETTER.search(text) is not None and not _SENTENCE.search(text)
