"""No credential reaches Prefect: neither its logs, nor the states and artifacts that its pages show."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.errors import IngestError
from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page

SECRET = "hunter2hunter2hunter2"


@pytest.fixture(autouse=True)
def record_factory() -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(factory)


def run_scrape(replica: Replica) -> tuple[Any, str]:
    """The flow's state, and all that Prefect's server keeps of the run: logs, artifacts, task runs, states."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, LogFilter, LogFilterFlowRunId
    from prefect.logging.handlers import APILogHandler

    from flows.scrape import scrape

    where = {"data": replica.data, "base_url": replica.site.url, "allow_hosts": (replica.site.host,)}

    async def play() -> tuple[Any, str]:
        state = await scrape("provyn", delay_seconds=0, return_state=True, **where)
        await APILogHandler.aflush()
        run_id = state.state_details.flow_run_id
        async with get_client() as client:
            logs = await client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id])))
            tasks = await client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])))
            artifacts = [one for one in await client.read_artifacts() if one.flow_run_id == run_id]
        assert logs, "the server has no logs of the run"
        kept = [*(log.message for log in logs), *(task.name for task in tasks), *(str(one.data) for one in artifacts)]
        return state, "\n".join([*kept, str(state.message)])

    return asyncio.run(play())


@pytest.mark.usefixtures("prefect_server")
def test_logs_of_any_library_are_redacted(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    import ingest.session

    replica.publish(a=incident_page("Refund promised"))
    hold_lease = ingest.session.hold_lease

    def tell(*arguments: Any) -> Any:
        logging.getLogger("ingest.any").error("asked %s", f"https://u:{SECRET}@site.example/?token={SECRET}")
        return hold_lease(*arguments)

    monkeypatch.setattr("ingest.session.hold_lease", tell)
    _, kept = run_scrape(replica)
    assert "asked https://[hidden]@site.example/?token=[hidden]" in kept
    assert SECRET not in kept


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("error", [IngestError, RuntimeError])
def test_an_error_is_redacted_in_state_and_log(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: Any) -> Any:
        raise error(f"https://site.example/?api_key={SECRET} can't be read")

    replica.publish(a=incident_page("Refund promised"))
    monkeypatch.setattr("ingest.session.hold_lease", fail)
    state, kept = run_scrape(replica)
    assert state.type.value == "FAILED"
    assert "can't be read" in state.message
    assert SECRET not in kept


@pytest.mark.usefixtures("prefect_server")
def test_what_a_page_prints_can_not_forge_or_leak_in_prefects_pages(replica: Replica) -> None:
    title = f"<b>x</b> \u202e see https://u:{SECRET}@site.example/"
    replica.publish(a=incident_page(title), b=Answer("", 301, {"Location": f"https://x.example/?token={SECRET}"}))
    _, kept = run_scrape(replica)
    assert SECRET not in kept
    assert "<b>" not in kept
    assert "\u202e" not in kept
