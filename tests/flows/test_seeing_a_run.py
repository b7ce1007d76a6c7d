"""What a person sees of a run in Prefect, and what reaches the one who has to come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from ingest.store.connection import open_writer
from tests.loopback import Answer
from tests.receiver import Receiver, receive
from tests.scrape.replica import Replica, incident_page

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receive() as one:
        monkeypatch.setenv("INGEST_NOTIFY_URL", one.url)
        yield one


def run_scrape(replica: Replica, **parameters: Any) -> Any:
    from flows.scrape import scrape

    where = {"data": replica.data, "base_url": replica.site.url, "allow_hosts": (replica.site.host,)}
    return asyncio.run(scrape("provyn", delay_seconds=0, return_state=True, **where, **parameters))


def read_run(run_id: UUID) -> tuple[Any, dict[str, Any]]:
    """A flow run, and its artifacts by key."""
    from prefect.client.orchestration import get_client

    async def look() -> tuple[Any, dict[str, Any]]:
        async with get_client() as client:
            run = await client.read_flow_run(run_id)
            return run, {one.key: one for one in await client.read_artifacts() if one.flow_run_id == run.id}

    return asyncio.run(look())


def test_a_run_leaves_its_verdict_progress_changes_and_failures(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "<img src=https://evil.example/x> [click](javascript:alert(1))"
    replica.publish(evil=incident_page(evil, Estimated_Cost="9 USD"), lost=Answer("no", 404))
    lines: list[str] = []
    logger = SimpleNamespace(info=lambda text, *values: lines.append(text % values))
    monkeypatch.setattr("flows.tasks.get_run_logger", lambda: logger)
    state = run_scrape(replica)
    run, artifacts = read_run(state.state_details.flow_run_id)
    assert run.name == "scrape provyn"
    assert {*artifacts} == {"run-provyn", "changes-provyn", "failures-provyn", "progress-provyn"}
    assert "<img" not in str([one.data for one in artifacts.values()])
    verdict = artifacts["run-provyn"].data
    assert "| fetched | unchanged | added | changed | removed | restored | failed | deferred |" in verdict
    assert "Open failures: 1," in verdict
    assert "unknown label Estimated Cost" in verdict.replace("&#95;", "_")
    assert "https://provyn.dev/incidents/lost" in artifacts["failures-provyn"].data
    assert artifacts["progress-provyn"].data == 100.0
    assert artifacts["progress-provyn"].description == "2 of 2 URLs"
    assert lines == ["2 of 2 URLs: 1 added, 1 failed from https://provyn.dev/incidents/evil"]


def test_a_run_that_is_held_is_told_and_one_that_is_right_is_not(replica: Replica, receiver: Receiver) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(6)})
    assert run_scrape(replica).name == "Completed"
    assert receiver.messages == []
    for number in range(4):
        replica.unlist(f"page-{number}")
    held = run_scrape(replica)
    assert held.name == "Held"
    [message] = receiver.messages
    assert (message["event"], message["sources"]) == ("held", ["provyn"])
    assert message["details"]["flow_run"] == str(held.state_details.flow_run_id)
    _, artifacts = read_run(held.state_details.flow_run_id)
    assert "**Held** by run" in artifacts["run-provyn"].data


def test_a_run_that_fails_is_told(replica: Replica, receiver: Receiver) -> None:
    replica.site.pages["/incidents"] = Answer("no", 404)
    assert run_scrape(replica).type.value == "FAILED"
    [message] = receiver.messages
    assert message["event"] == "failed"
    assert "listing" in message["text"]


def test_a_run_that_died_unseen_is_reported_to_prefect_by_the_next_one(replica: Replica) -> None:
    replica.publish(a=incident_page("One"))
    dead = run_scrape(replica).state_details.flow_run_id
    pretend_that_it_died(replica, dead)
    assert run_scrape(replica).name == "Completed"
    run, _ = read_run(dead)
    assert run.state.name == "Crashed"


def pretend_that_it_died(replica: Replica, run_id: UUID) -> None:
    """Leave a run as a power cut would: without an end in the database, and running in Prefect."""
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    db = open_writer(replica.data / "incidents.db")
    db.execute("UPDATE runs SET outcome = NULL, finished_at = NULL WHERE prefect_run_id = ?", [str(run_id)])
    db.close()

    async def revive() -> None:
        async with get_client() as client:
            await client.set_flow_run_state(run_id, Running(), force=True)

    asyncio.run(revive())
