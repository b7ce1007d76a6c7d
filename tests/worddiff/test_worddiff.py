"""Two texts, told apart word by word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.worddiff import _WORD as WORD
from ingest.worddiff import MAX_EDITS, MAX_WORDS, Run, diff_words, shorten

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "the", "end.", "\n\n", "—"]), max_size=30).map(" ".join)


def told(old: str, new: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[run.kind].format(run.text) for run in diff_words(old, new))


def test_a_word_that_changes_stands_between_what_stays() -> None:
    assert told("The bot paid 5 USD.", "The bot paid 7 USD.") == "The bot paid [-5 -][+7 +]USD."


def test_a_comma_is_told_apart_from_its_word() -> None:
    assert told("first second", "first, second") == "first[+, +]second"


def test_a_removed_word_does_not_stick_to_the_one_before() -> None:
    assert told("a refund now", "a refund") == "a refund [-now-]"


def test_words_are_removed_before_others_are_added() -> None:
    assert told("x a b y", "x c d y") == "x [-a b -][+c d +]y"


def test_an_appended_paragraph_leaves_the_one_before_as_it_is() -> None:
    assert told("It stopped.", "It stopped.\n\nIt began again.") == "It stopped.[+\n\nIt began again.+]"


def test_texts_without_a_common_word_are_told_apart_as_a_whole() -> None:
    assert told("", "new text") == "[+new text+]"
    assert told("old text", "") == "[-old text-]"


def test_a_rewritten_text_is_told_apart_as_a_whole() -> None:
    old, new = (" ".join(f"{letter}{n} same" for n in range(MAX_EDITS)) for letter in "xy")
    assert [run.kind for run in diff_words(old, new)] == ["removed", "added"]


def test_a_text_of_any_length_is_told_apart() -> None:
    long = "word " * MAX_WORDS
    assert [run.kind for run in diff_words(f"{long}a", f"b {long}")] == ["removed", "added"]


def test_unchanged_words_far_from_a_change_are_left_out() -> None:
    runs = [Run("same", "a b c d e "), Run("added", "x "), Run("same", "f g h i j k "), Run("removed", "y")]
    assert [run.text for run in shorten(runs, 2)] == ["… d e ", "x ", "f g … j k ", "y"]
    assert list(shorten(runs, 3)) == [Run("same", "… c d e "), *runs[1:]]
    assert list(shorten(runs, 6)) == runs


@given(TEXTS, TEXTS)
def test_the_runs_give_both_texts_back(old: str, new: str) -> None:
    runs = diff_words(old, new)
    assert "".join(run.text for run in runs if run.kind != "removed").replace(" ", "") == new.replace(" ", "")
    assert "".join(run.text for run in runs if run.kind != "added").replace(" ", "") == old.replace(" ", "")
    assert all(one.kind != other.kind for one, other in pairwise(runs))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert {run.kind for run in diff_words(text, text)} <= {"same"}


@given(TEXTS, TEXTS)
def test_no_more_words_are_marked_than_have_to_be(old: str, new: str) -> None:
    def in_common(one: list[str], other: list[str]) -> int:
        """The length of a longest common subsequence, by the textbook's table."""
        row = [0] * (len(other) + 1)
        for word in one:
            last = row[:]
            for place, its in enumerate(other, 1):
                row[place] = last[place - 1] + 1 if word == its else max(row[place - 1], last[place])
        return row[-1]

    same = [word for run in diff_words(old, new) if run.kind == "same" for word in WORD.findall(run.text)]
    assert len(same) == in_common(*([word.strip(" ") for word in WORD.findall(text)] for text in (old, new)))
