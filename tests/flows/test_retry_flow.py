"""The scheduled retry takes up what is due, and nothing that waits for a person."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.loopback import Answer
from tests.retry.test_failures import let_the_time_come
from tests.scrape.replica import Replica, incident_page


def run_retry(replica: Replica, **parameters: Any) -> Any:
    from flows.retry_failures import retry_failures

    where = {"data": replica.data, "base_url": replica.site.url, "allow_hosts": (replica.site.host,)}
    return asyncio.run(retry_failures("provyn", delay_seconds=0, return_state=True, **where, **parameters))


@pytest.mark.usefixtures("prefect_server")
def test_what_is_due_is_taken_up_and_the_rest_waits_for_a_person(replica: Replica) -> None:
    replica.publish(busy=Answer("busy", 500), lost=Answer("no", 404))
    replica.scrape(status=1)
    replica.publish(busy=incident_page("Busy no more"), lost=incident_page("Lost and found"))
    assert run_retry(replica).name == "NothingDue"
    let_the_time_come(replica)
    replica.site.asked.clear()
    assert run_retry(replica).name == "Completed"
    assert replica.site.paths() == ["/robots.txt", "/incidents/busy"]
    assert replica.rows("SELECT kind FROM open_failures") == [{"kind": "http_404"}]
    assert len(replica.rows("SELECT * FROM runs")) == 2
