"""What two texts have in common, word by word. Pure, and bounded in time whatever the texts are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import Literal

Kind = Literal["same", "removed", "added"]

MAX_EDITS = 400
"""Beyond so many words removed or added, the texts are told apart as a whole: a rewritten text has no useful diff."""
MAX_WORDS = 20_000
"""Beyond so many words after the first that differs, likewise."""
# A line's end is a word of its own, so that a paragraph that is appended does not change the one before.
_WORD = re.compile(r"\n\s*|(?:\w+|[^\w\s])[^\S\n]*|[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that both texts have, or only the old one, or only the new one."""

    kind: Kind
    text: str


def diff_words(old: str, new: str) -> list[Run]:
    """The runs from the old text to the new one, what is removed before what is added in its place.

    Same and removed runs together are the old text, same and added ones the new text, but for spaces within a line.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    was, now = [word.strip(" \t") for word in before], [word.strip(" \t") for word in after]
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
    kinds: list[Kind] = [*["same"] * start, *_edits(was[start:], now[start:])]  # type: ignore[list-item]
    return list(_runs(_with_words(kinds, iter(before), iter(after))))


def shorten(runs: Iterable[Run], words: int) -> Iterator[Run]:
    """The runs with no more than so many unchanged words beside a change; `…` stands for what is left out."""
    listed = list(runs)
    for place, run in enumerate(listed):
        parts = _WORD.findall(run.text)
        first, last = place == 0, place == len(listed) - 1
        kept = (words if not first else 0) + (words if not last else 0)
        if run.kind != "same" or len(parts) <= kept + 1:
            yield run
            continue
        head = "" if first else "".join(parts[:words]).rstrip() + " "
        tail = "" if last else " " + "".join(parts[len(parts) - words :])
        yield Run("same", f"{head}…{tail}")


def _with_words(kinds: Sequence[Kind], before: Iterator[str], after: Iterator[str]) -> list[tuple[Kind, str]]:
    """Each step with its word. An unchanged word has the space that belongs to what follows it."""
    words = []
    for kind, following in pairwise([*kinds, "same"]):
        old = next(before) if kind != "added" else ""
        new = next(after) if kind != "removed" else ""
        words.append((kind, old if kind == "removed" or (kind == "same" and following == "removed") else new))
    return words


def _runs(kinds: Sequence[tuple[Kind, str]]) -> Iterator[Run]:
    """Words joined to runs; between two unchanged words, everything that is removed comes first."""
    for same, group in groupby(kinds, key=lambda item: item[0] == "same"):
        items = list(group)
        for kind in ("same",) if same else ("removed", "added"):
            if text := "".join(word for its, word in items if its == kind):
                yield Run(kind, text)  # type: ignore[arg-type]


def _edits(old: Sequence[str], new: Sequence[str]) -> list[Kind]:
    """A shortest way from old to new, by Myers's greedy algorithm (1986), bounded as the constants say."""
    whole: list[Kind] = [*["removed"] * len(old), *["added"] * len(new)]  # type: ignore[list-item]
    if not old or not new or len(old) + len(new) > MAX_WORDS:
        return whole
    # reach[k]: how far into old a path gets on diagonal k, which is its place in old less its place in new.
    reach = {1: 0}
    past = []
    for edits in range(MAX_EDITS + 1):
        past.append(dict(reach))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
            x = reach[k + 1] if down else reach[k - 1] + 1
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            reach[k] = x
            if x >= len(old) and x - k >= len(new):
                return _walk_back(past, len(old), len(new))
    return whole


def _walk_back(past: Sequence[dict[int, int]], x: int, y: int) -> list[Kind]:
    steps: list[Kind] = []
    for edits in range(len(past) - 1, 0, -1):
        reach, k = past[edits], x - y
        down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
        before = reach[k + 1] if down else reach[k - 1]
        common = x - before if down else x - before - 1
        steps += ["same"] * common
        steps.append("added" if down else "removed")
        x, y = before, before - (k + 1 if down else k - 1)
    steps += ["same"] * x
    return steps[::-1]
