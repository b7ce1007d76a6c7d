"""Which of the labels that a page prints belong to its incident, and what nobody has claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ingest.labels import Pair
from ingest.page import Node
from ingest.sources import Source
from parsers.links import IncidentLinks
from parsers.outline import FURNITURE, Outline

_CARD_LEVELS: Final = 8
"""How far above its labels a card's own link may stand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a page's incident stands: the places of its nodes, its title, and the links to incidents."""

    outline: Outline
    title: Node | None
    incidents: IncidentLinks


@dataclass(frozen=True, slots=True)
class Claims:
    """The incident's pairs by the file's names for them, and its pairs that fill no field.

    lines are those whose label begins a line of the file, ignored those that are no part of the record. repeated counts
    the blocks of the page that print the same labels again: cards, filters, another incident.
    """

    labels: Mapping[str, Pair] = field(default_factory=dict)
    sections: Mapping[str, Pair] = field(default_factory=dict)
    lines: tuple[Pair, ...] = ()
    leftovers: tuple[Pair, ...] = ()
    ignored: tuple[Pair, ...] = ()
    repeated: int = 0

    def pairs(self) -> list[Pair]:
        """All of them."""
        return [*self.labels.values(), *self.sections.values(), *self.lines, *self.leftovers, *self.ignored]

    def printed_keys(self) -> frozenset[str]:
        """Their labels as they compare."""
        return frozenset([pair.key for pair in self.pairs()])

    def nodes(self) -> set[Node]:
        """The nodes of their labels and values."""
        return {node for pair in self.pairs() for node in (pair.label_node, *pair.nodes)}


@dataclass(frozen=True, slots=True)
class _Block:
    """Pairs that describe one thing. reach: how many levels above the title hold all of their labels."""

    pairs: tuple[Pair, ...]
    labels: frozenset[str]
    sections: frozenset[str]
    extra: frozenset[str]
    reach: int

    @property
    def names(self) -> frozenset[str]:
        """What the block fills, or else what it keeps beside the fields."""
        return self.labels | self.sections or self.extra


def is_proven(labels: Mapping[str, object], source: Source) -> bool:
    """Whether at least half of the proving labels are printed."""
    return 2 * count_proving(labels, source) >= len(source.proving_labels)


def count_proving(labels: Mapping[str, object], source: Source) -> int:
    """How many of the proving labels are printed."""
    return sum(1 for name in source.proving_labels if name in labels)


def claim(pairs: tuple[Pair, ...], source: Source, setting: Setting) -> Claims:
    """Choose the block with most known labels near the title, and every block that completes it without repeating it.

    Near is the nearest node above the title that holds half of the known labels in one block.
    """
    own = _without_cards(pairs, source, setting)
    blocks = [
        block for block in _make_blocks(own, source, setting) if not is_furniture(block.pairs[0].label_node, setting)
    ]
    main = _choose_main(blocks, source)
    if main is None:
        return Claims()
    taken, accepted, repeated = set(main.names), [main], 0
    for block in sorted(blocks, key=lambda block: block.reach):
        if block is main:
            continue
        if block.names & taken and not _is_twin(block, main, source):
            repeated += len(block.labels & main.labels) > 1
        else:
            accepted.append(block)
            taken |= block.names
    return _sort_out([pair for block in accepted for pair in block.pairs], source, setting, repeated)


def _without_cards(pairs: tuple[Pair, ...], source: Source, setting: Setting) -> list[Pair]:
    """The pairs that do not stand in or beside a link to another incident.

    Where the others prove nothing, on a page with sections, the only block that does is the incident's all the same: a
    link may stand beside it.
    """
    proving, label_names, section_names = source.proving_labels, source.label_names, source.section_names
    carded = {
        pair.label_node for pair in pairs if pair.key not in section_names and is_in_card(pair.label_node, setting)
    }
    names: set[str] = set()
    cards: dict[int, set[str]] = {}
    for pair in pairs:
        name = label_names.get(pair.key)
        if name in proving:
            (cards.setdefault(pair.block, set()) if pair.label_node in carded else names).add(name)
    proofs = [number for number, printed in cards.items() if 2 * len(printed) >= len(proving)]
    only = proofs[0] if len(proofs) == 1 and not cards[proofs[0]] & names else None
    if 2 * len(names) >= len(proving) or not any(pair.key in section_names for pair in pairs):
        only = None
    return [pair for pair in pairs if pair.label_node not in carded or pair.block == only]


def is_in_card(node: Node, setting: Setting) -> bool:
    """Whether a node stands in or beside a link to another incident."""
    if not setting.incidents.slugs:
        return False
    branch = setting.outline.branch(node, setting.title)[:_CARD_LEVELS]
    return bool(branch) and setting.incidents.are_in(branch[-1])


def _make_blocks(pairs: list[Pair], source: Source, setting: Setting) -> list[_Block]:
    by_number: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_number.setdefault(pair.block, []).append(pair)
    label_names, section_names, extra_names = source.label_names, source.section_names, source.extra_names
    outline = setting.outline
    above = [] if setting.title is None else outline.branch(setting.title, None)
    blocks = []
    for members in by_number.values():
        keys = [pair.key for pair in members]
        labels = frozenset([label_names[key] for key in keys if key in label_names])
        sections = frozenset([section_names[key] for key in keys if key in section_names])
        extra = frozenset([extra_names[key] for key in keys if key in extra_names])
        starts = [outline.start(pair.label_node) for pair in members]
        low, high = min(starts), max(starts)
        reach = next((i for i, node in enumerate(above) if outline.start(node) <= low and high < outline.stop(node)), 0)
        blocks.append(_Block(tuple(members), labels, sections, extra, reach))
    return blocks


def is_furniture(node: Node, setting: Setting) -> bool:
    """Whether a node belongs to the site and not to the incident."""
    branch = setting.outline.branch(node, setting.title)
    return any(node.tag in FURNITURE for node in branch)


def _choose_main(blocks: list[_Block], source: Source) -> _Block | None:
    """The block with most known labels within the nearest reach that holds a proof; the first of equals."""
    proving = source.proving_labels
    for reach in sorted({block.reach for block in blocks}):
        near = [block for block in blocks if block.reach <= reach]
        best = max(near, key=lambda block: len(block.labels & proving))
        if 2 * len(best.labels & proving) >= len(proving):
            return best
    return max(blocks, key=lambda block: (len(block.labels), len(block.sections)), default=None)


def _is_twin(block: _Block, main: _Block, source: Source) -> bool:
    """Whether a block prints the same incident once more, as pages do for narrow screens."""
    values = {pair.key: pair.value for pair in main.pairs}
    same = [
        pair.value == values[pair.key] for pair in block.pairs if pair.key in values and pair.key in source.label_names
    ]
    return all(same) and 2 * len(same) >= len(main.labels)


def _sort_out(pairs: list[Pair], source: Source, setting: Setting, repeated: int) -> Claims:
    label_names, section_names = source.label_names, source.section_names
    labels: dict[str, Pair] = {}
    sections: dict[str, Pair] = {}
    lines: list[Pair] = []
    rest: list[Pair] = []
    ignored: list[Pair] = []
    for pair in sorted(pairs, key=lambda pair: setting.outline.start(pair.label_node)):
        key = pair.key
        name, section = label_names.get(key), section_names.get(key)
        if name is not None and name not in labels:
            labels[name] = pair
        elif section is not None and section not in sections:
            sections[section] = pair
        elif key in source.line_labels:
            lines.append(pair)
        elif key in source.ignored:
            ignored.append(pair)
        elif name not in labels or labels[name].value != pair.value:
            rest.append(pair)
    return Claims(labels, sections, tuple(lines), tuple(rest), tuple(ignored), repeated)
