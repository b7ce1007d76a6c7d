"""A site that has not changed costs a request and a heartbeat a page, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.scrape.replica import Replica, incident_page

MOVING = {"urls", "fetches", "runs", "figures"}
"""What a run writes whatever it finds; of figures a fixed number a run, whatever the number of pages."""
HEARTBEAT = {"last_seen", "last_fetched", "listed_run_id", "result_run_id"}
"""What moves in a row of `urls`."""
COUNT = 12


def contents(replica: Replica) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, those behind the search index among them."""
    names = replica.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'")
    return {row["name"]: replica.rows(f'SELECT * FROM "{row["name"]}"') for row in names}


def scrape_an_unchanged_site_again(replica: Replica) -> tuple[dict[str, Any], dict[str, Any]]:
    """The database before and after the second scrape, which `asked` begins with."""
    replica.publish(**{f"incident_{n}": incident_page(f"Refund {n} promised") for n in range(COUNT)})
    replica.scrape()
    before = contents(replica)
    replica.site.asked.clear()
    replica.scrape()
    return before, contents(replica)


def test_an_unchanged_site_moves_the_heartbeat_and_writes_no_incident(replica: Replica) -> None:
    before, after = scrape_an_unchanged_site_again(replica)
    assert len(before["incidents"]) == COUNT
    assert {name for name in after if after[name] != before[name]} == MOVING
    assert len(after["figures"]) == 2 * len(before["figures"])
    rows = zip(before["urls"], after["urls"], strict=True)
    assert {name for old, new in rows for name in new if old[name] != new[name]} == HEARTBEAT


def test_an_unchanged_page_costs_one_request_and_nothing_in_the_archive(replica: Replica) -> None:
    scrape_an_unchanged_site_again(replica)
    pages = [(path, status) for path, status in replica.site.asked if path.startswith("/incidents/")]
    assert sorted(pages) == sorted((f"/incidents/incident-{n}", 304) for n in range(COUNT))
    [run] = replica.rows("SELECT max(id) AS id FROM runs")
    assert not list((replica.data / "archive").glob(f"*{run['id']}*"))
    assert list((replica.data / "archive").iterdir())
