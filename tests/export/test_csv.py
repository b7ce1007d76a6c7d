"""CSV by RFC 4180, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.export import defuse_formula, write_csv

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "\0=1",
]


def written(defuse: Any, *cells: object) -> list[str]:
    file = io.StringIO(newline="")
    write_csv(file, map(str, range(len(cells))), [{str(n): cell for n, cell in enumerate(cells)}], defuse)
    file.seek(0)
    _, row = csv.reader(file)
    return row


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(formula: str) -> None:
    assert defuse_formula(formula).startswith("'")


@pytest.mark.parametrize("text", ["a=1", "1 - 2", "", "an @ sign", "'=1", "“=”"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert defuse_formula(text) == text


@given(text=TEXT)
def test_no_defused_cell_begins_like_a_formula(text: str) -> None:
    [cell] = written(defuse_formula, text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), other=TEXT)
def test_a_raw_cell_reads_back_as_it_was(text: str, other: str) -> None:
    assert written(str, text, other.replace("\0", ""))[0] == text


def test_a_cell_does_not_control_a_terminal() -> None:
    assert written(defuse_formula, "a\x1b[2Jb", "c\rd") == ["a\\x1b[2Jb", "c\\x0dd"]


def test_values_that_are_no_text_have_one_form_each() -> None:
    row = written(defuse_formula, None, True, False, 7, -7, ["é"], {"a": None})
    assert row == ["", "true", "false", "7", "-7", '["é"]', '{"a": null}']
