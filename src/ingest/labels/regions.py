"""Which labels of a page describe one thing: an incident's own, and those of filters and of cards beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ingest.labels.label import Label
from ingest.page import Node
from ingest.page.node import names

_CLOSED: Final = names("nav footer dialog")
_STRONGER: Final = 2
"""How many times as many labels with a value a group must have to go on without the group that repeats its labels."""


class _Group:
    """Labels that go together. values: key -> the start of the value; weight: how many have one."""

    __slots__ = ("labels", "values", "weight")

    def __init__(self, label: Label, value: str) -> None:
        self.labels = [label]
        self.values = {label.key: value}
        self.weight = int(bool(value))

    def take(self, other: _Group) -> None:
        self.labels += other.labels
        self.values |= other.values
        self.weight += other.weight

    def yields_to(self, other: _Group) -> bool:
        """Whether the other clearly is the thing that both would describe: larger by far, wider, or copied here."""
        if other.weight >= _STRONGER * self.weight or self.values.keys() < other.values.keys():
            return True
        return all(other.values.get(key, value) == value for key, value in self.values.items())


def go_together(labels: list[Label], labels_below: dict[Node, int]) -> bool:
    """Whether it is plain that labels describe one thing: none stands twice, and none in what is closed by itself."""
    return len({label.key for label in labels}) == len(labels) and not any(node.tag in _CLOSED for node in labels_below)


def find_regions(labels: list[Label], values: dict[Label, str]) -> list[list[Label]]:
    """The labels of each part of the page that describes one thing, parts and labels in page order.

    values: label -> the start of what seems to be its value, "" where there is none. A part is as large as it can be
    with no label standing in it twice. Where two would repeat each other's labels they stay apart; one that is clearly
    the stronger goes on growing.
    """
    place = {label: index for index, label in enumerate(labels)}
    here: dict[Node, list[_Group]] = {}
    for label in labels:
        here.setdefault(label.node, []).append(_Group(label, values[label]))
    closed: list[_Group] = []
    for node in reversed(_holders(labels)):
        groups = here.get(node)
        group = None if groups is None else groups[0] if len(groups) == 1 else _merge(groups[::-1], closed)
        if group is None:
            continue
        parent = node.parent
        if parent is None or node.tag in _CLOSED:
            closed.append(group)
        elif parent in here:
            here[parent].append(group)
        else:
            here[parent] = [group]
    parts = [sorted(group.labels, key=place.__getitem__) for group in closed]
    return sorted(parts, key=lambda part: place[part[0]])


def _holders(labels: Iterable[Label]) -> list[Node]:
    """The nodes of the labels and all that hold them, each before what it holds."""
    seen: set[Node] = set()
    ordered: list[Node] = []
    for label in labels:
        branch: list[Node] = []
        node: Node | None = label.node
        while node is not None and node not in seen:
            seen.add(node)
            branch.append(node)
            node = node.parent
        ordered += branch[::-1]
    return ordered


def _merge(groups: list[_Group], closed: list[_Group]) -> _Group | None:
    """One group of those that can go together; the others are closed."""
    owners: dict[str, _Group] = {}
    contested: set[str] = set()
    for rows in _strongest_first(groups):
        free = [group for group in rows if _is_free(group, owners, contested, closed)]
        for group in free[1:]:
            free[0].take(group)
        for group in free[:1]:
            owners.update(dict.fromkeys(group.values, group))
    growing = sorted(dict.fromkeys(owners.values()), key=lambda group: -len(group.labels))
    for group in growing[1:]:
        growing[0].take(group)
    return growing[0] if growing else None


def _is_free(group: _Group, owners: dict[str, _Group], contested: set[str], closed: list[_Group]) -> bool:
    """Whether a group repeats no label of the owners.

    One that does is closed, and so is an owner that is no stronger; its labels are contested, and nobody's any more.
    """
    rivals = {owners[key] for key in group.values if key in owners}
    for rival in rivals:
        if not group.yields_to(rival):
            closed.append(rival)
            contested |= rival.values.keys()
            for key in rival.values:
                del owners[key]
    if not rivals and contested.isdisjoint(group.values):
        return True
    closed.append(group)
    return False


def _strongest_first(groups: list[_Group]) -> list[list[_Group]]:
    """The groups by weight; those of one label are the loose rows of one list, and weigh together."""
    loose: dict[str, _Group] = {}
    lists: list[list[_Group]] = []
    for group in groups:
        key = group.labels[0].key
        if len(group.labels) > 1 or key in loose:
            lists.append([group])
        else:
            loose[key] = group
    lists.append(list(loose.values()))
    return sorted(lists, key=lambda rows: -sum(group.weight for group in rows))
