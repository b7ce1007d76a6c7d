"""The flow does what the command does, and says in Prefect how it ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ingest.lease import hold_lease
from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page

CONTENT = {
    "incidents": "SELECT id, url, title, severity, status, tags, citations, content_sha256, version FROM incidents",
    "versions": "SELECT incident_id, version, change, cause, page_sha256, content_sha256 FROM incident_versions",
    "changes": "SELECT v.incident_id, v.version, c.field, c.old_value, c.new_value FROM incident_changes c "
    "JOIN incident_versions v ON v.id = c.version_id",
    "drift": "SELECT source, kind, field, value, pages FROM drift",
    "failures": "SELECT url, stage, kind, page_sha256 FROM open_failures",
    "pages": "SELECT sha256, size FROM pages",
}


def run_flow(replica: Replica, data: Path, **parameters: Any) -> Any:
    from flows.scrape import scrape

    return asyncio.run(
        scrape(
            "provyn",
            data=data,
            base_url=replica.site.url,
            allow_hosts=(replica.site.host,),
            delay_seconds=0,
            return_state=True,
            **parameters,
        )
    )


def content(replica: Replica, data: Path) -> dict[str, list[str]]:
    replica.data = data
    return {name: sorted(map(repr, replica.rows(query))) for name, query in CONTENT.items()}


@pytest.mark.usefixtures("prefect_server")
def test_flow_and_command_give_the_same_database(replica: Replica, tmp_path: Path) -> None:
    by_flow, by_command = tmp_path / "flow", tmp_path / "command"
    replica.data = by_command
    pages = {f"page_{number}": incident_page(f"Incident {number}", Estimated_Cost="9 USD") for number in range(5)}
    replica.publish(**pages, odd=incident_page("Odd", Date_Occurred="soon"))
    replica.scrape(status=1)
    assert run_flow(replica, by_flow).name == "WithFailures"
    assert content(replica, by_flow) == content(replica, by_command)
    replica.data = by_command
    replica.publish(page_1=incident_page("Incident 1", "Low"), page_2=Answer("gone", 410), odd=incident_page("Odd"))
    replica.scrape()
    assert run_flow(replica, by_flow).name == "Completed"
    assert content(replica, by_flow) == content(replica, by_command)


@pytest.mark.usefixtures("prefect_server")
def test_a_source_that_another_run_holds_is_skipped(replica: Replica) -> None:
    with hold_lease(replica.data / "locks", "provyn"):
        state = run_flow(replica, replica.data)
    assert (state.type.value, state.name) == ("COMPLETED", "Skipped")


@pytest.mark.usefixtures("prefect_server")
def test_a_run_that_can_not_start_has_failed(replica: Replica, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = run_flow(replica, tmp_path / "file")
    assert state.type.value == "FAILED"
    assert "file" in state.message
