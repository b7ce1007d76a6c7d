"""The delay holds from the start of one request to the start of the next, over restarts too."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from ingest.times import from_text
from tests.scrape.replica import Replica, incident_page

DELAY = 0.2


def test_no_two_requests_begin_closer_than_the_delay_over_two_runs(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    for _ in range(2):
        replica.scrape("--delay", str(DELAY))
    rows = replica.rows("SELECT started_at FROM fetches ORDER BY started_at")
    starts = [from_text(row["started_at"]) for row in rows]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(gaps) >= 7
    assert min(gaps) >= timedelta(seconds=DELAY * 0.99)
