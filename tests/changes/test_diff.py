"""What counts as a change of a record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.changes import FieldChange, content_sha256, diff, settle

values = st.none() | st.text(max_size=5) | st.booleans()
records = st.fixed_dictionaries(
    {
        "title": values,
        "status": values,
        "human_review": values,
        "tags": st.lists(st.sampled_from("abcd"), unique=True),
        "citations": st.lists(st.fixed_dictionaries({"title": values, "url": values}), max_size=2),
        "raw": st.dictionaries(st.sampled_from("xy"), st.text(max_size=2)),
        "extra": st.dictionaries(st.sampled_from("xy"), st.text(max_size=2)),
    }
)


@given(records)
def test_a_record_does_not_differ_from_itself(record: dict) -> None:
    assert diff(record, record) == ()


@given(records, records)
def test_records_differ_exactly_where_their_hashes_do(one: dict, other: dict) -> None:
    assert bool(diff(one, other)) == (content_sha256(one) != content_sha256(other))


@given(records, records)
def test_applying_a_difference_gives_the_settled_record(old: dict, new: dict) -> None:
    applied = {**old, **{change.field: change.new for change in diff(old, new)}, "raw": new["raw"]}
    assert applied == settle(old, new)


@given(records, st.randoms())
def test_the_order_of_tags_is_no_change(record: dict, random: object) -> None:
    shuffled = list(record["tags"])
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert diff(record, {**record, "tags": shuffled}) == ()
    assert content_sha256(record) == content_sha256({**record, "tags": shuffled})


def test_raw_is_evidence_and_never_a_change() -> None:
    one = {"title": "a", "tags": [], "raw": {"Status": "Open"}}
    assert diff(one, {**one, "raw": {}}) == ()


def test_null_is_a_value_in_comparisons() -> None:
    old, new = {"model": None, "tags": []}, {"model": "M", "tags": []}
    assert diff(old, new) == (FieldChange("model", None, "M"),)
    assert diff(new, old) == (FieldChange("model", "M", None),)


def test_true_is_not_one() -> None:
    assert diff({"flag": 1, "tags": []}, {"flag": True, "tags": []}) != ()


def test_a_field_that_a_record_lacks_counts_as_null() -> None:
    assert diff({"tags": []}, {"tags": [], "model": None}) == ()
    assert diff({"tags": [], "model": "M"}, {"tags": []}) == (FieldChange("model", "M", None),)
