"""The flows that read the archive again and publish do what the commands do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.holds.test_holds import COUNT, fill
from tests.holds.test_lost_fields import without
from tests.scrape.replica import Replica


@pytest.mark.usefixtures("prefect_server")
def test_a_held_source_is_published_again_after_a_reparse_that_brings_it_back(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.publish import publish
    from flows.reparse import reparse

    def run_publish() -> Any:
        return publish(data=replica.data, return_state=True)

    def run_reparse() -> Any:
        return asyncio.run(reparse("provyn", data=replica.data, return_state=True))

    fill(replica)
    replica.scrape()
    assert run_publish().name == "Completed"
    assert run_publish().name == "Unchanged"
    fill(replica, lambda page: without(page, "Model"))
    replica.scrape(status=1)
    assert run_publish().name == "Held"
    assert run_reparse().name == "Held"
    monkeypatch.setattr("ingest.drift.USUAL_SHARE", 0.0)
    monkeypatch.setattr("ingest.drift.FEW", COUNT + 2)
    asked = len(replica.site.asked)
    assert run_reparse().name == "Completed"
    assert len(replica.site.asked) == asked
    assert run_publish().name == "Completed"
