"""What counts as the loss of fields, and what as an edit."""

from __future__ import annotations

import pytest

from ingest.guard import drop_losses, find_lost, refuse_loss
from ingest.results import Step
from tests.store.conftest import record

REQUIRED = frozenset({"title", "description"})
FULL = record(status="open", model="Breeze 2", human_review=False, tags=["refund"], extra={"Cost": "9"})


def step(**fields: object) -> Step:
    return Step({**FULL, **fields}, "site", "0" * 64)


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"status": None}, ("status",)),
        ({"human_review": None, "tags": []}, ("human_review", "tags")),
        ({"status": "closed", "human_review": True, "tags": ["other"]}, ()),
        ({"extra": {}, "raw": {}}, ()),
    ],
)
def test_a_field_is_lost_that_was_filled_and_is_no_longer(fields: dict[str, object], lost: tuple[str, ...]) -> None:
    assert find_lost(FULL, {**FULL, **fields}) == lost


def test_one_field_may_be_emptied() -> None:
    assert refuse_loss(FULL, [step(status=None)], REQUIRED) is None


@pytest.mark.parametrize("fields", [{"description": None}, {"status": None, "model": None}])
def test_a_required_field_or_several_may_not(fields: dict[str, object]) -> None:
    refused = refuse_loss(FULL, [step(**fields)], REQUIRED)
    assert refused is not None
    assert (refused.stage, refused.kind, refused.detail) == ("validate", "lost_fields", {"fields": ", ".join(fields)})


def test_what_a_source_requires_besides_may_not_be_emptied_either() -> None:
    assert refuse_loss(FULL, [step(status=None)], REQUIRED | {"status"}) is not None


def test_a_first_step_that_loses_fields_is_left_out() -> None:
    broken, last = step(status=None, model=None), step(status="closed")
    assert drop_losses(FULL, [broken, last], REQUIRED) == (last,)
    assert refuse_loss(FULL, [broken, last], REQUIRED) is None


def test_a_first_step_that_loses_none_stays() -> None:
    steps = (step(status="pending"), step(status="closed"))
    assert drop_losses(FULL, steps, REQUIRED) == steps
