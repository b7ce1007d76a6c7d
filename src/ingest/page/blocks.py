"""The text of a section: blocks, lines and cells kept apart, white space folded in each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ingest.page.node import INLINE, TEXT, Node, fold, is_icon, names

_LISTS: Final = names("ul ol menu dir dl table")
_ITEMS: Final = names("li dt dd tr option")
_CELLS: Final = names("td th")

_CELL_END: Final = 1
_LINE_END: Final = 2
_BLANK_LINE: Final = 3
_BREAKS: Final = ("", "\t", "\n", "\n\n")


class _Runs:
    """Runs of text, and between two of them the strongest break that was asked for."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.run: list[str] = []
        self.folded = ""  # the run, where it is one text
        self.pending = 0
        self.cell_starts = False

    def end_run(self) -> bool:
        """Whether the run that ends had any text."""
        text = self.folded or fold("".join(self.run))
        self.folded = ""
        self.run.clear()
        if not text:
            return False
        if self.pieces:
            self.pieces.append(_BREAKS[self.pending])
        self.pieces.append(text)
        self.pending = 0
        self.cell_starts = False
        return True

    def break_(self, strength: int) -> None:
        """End the run. A break before the first text of a table cell would tear its row apart: it is dropped."""
        self.end_run()
        if not self.cell_starts:
            self.pending = max(self.pending, strength)

    def break_line(self, in_list: bool) -> None:
        """`<br>`: the second in a row makes a blank line."""
        second = not self.end_run() and self.pending == _LINE_END and not in_list
        self.break_(_BLANK_LINE if second else _LINE_END)

    def start_cell(self) -> None:
        self.end_run()
        self.cell_starts = True

    def end_cell(self) -> None:
        self.end_run()
        if not self.cell_starts:
            self.pending = _CELL_END
        self.cell_starts = False

    def add(self, node: Node, in_list: bool) -> None:
        if node.parent is None or node.parent.tag != "pre":
            self.folded = "" if self.run else node.folded
            self.run.append(node.text)
            return
        self.folded = ""
        first, *rest = node.text.split("\n")
        self.run.append(first)
        for line in rest:
            self.break_line(in_list)
            self.run.append(line)


def block_text(nodes: Iterable[Node]) -> str:
    """The plain text of some nodes in page order, white space folded in each line.

    Blocks are joined by a blank line; list items, table rows and lines that `<br>` ends by a line end, two `<br>` by a
    blank line, and the cells of a row by a tab. How often a block is wrapped makes no difference.
    """
    runs = _Runs()
    for top in nodes:
        stack: list[tuple[Node, bool, bool]] = [(top, False, False)]
        while stack:
            node, in_list, closes = stack.pop()
            if node.tag == TEXT:
                runs.add(node, in_list)
            elif node.tag == "br":
                runs.break_line(in_list)
            elif node is top or not is_icon(node):
                if node.tag not in INLINE:
                    _mark_edge(runs, node.tag, in_list, closes)
                    if closes:
                        continue
                    stack.append((node, in_list, True))
                inside = in_list or node.tag in _LISTS
                stack.extend((child, inside, False) for child in reversed(node.children))
    runs.end_run()
    return "".join(runs.pieces)


def _mark_edge(runs: _Runs, tag: str, in_list: bool, closes: bool) -> None:
    if tag not in _CELLS:
        runs.break_(_LINE_END if in_list or tag in _ITEMS else _BLANK_LINE)
    elif closes:
        runs.end_cell()
    else:
        runs.start_cell()
