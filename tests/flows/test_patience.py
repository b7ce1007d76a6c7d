"""`ingest serve` outlives Prefect's server, and says once that it is away."""

from __future__ import annotations

import logging

import httpx
import pytest

from flows.gentle_runner import be_patient

AWAY = httpx.ConnectError("refused")
BUSY = httpx.HTTPStatusError("busy", request=httpx.Request("GET", "http://x/"), response=httpx.Response(503))


async def test_however_often_the_server_does_not_answer_it_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    answers = [AWAY, AWAY, BUSY, AWAY, None, None]

    async def poll() -> None:
        if answer := answers.pop(0):
            raise answer

    patient = be_patient(poll)
    with caplog.at_level(logging.INFO, "ingest.flows"):
        for _ in range(6):
            await patient()
    assert [record.getMessage() for record in caplog.records] == [
        "Prefect's server does not answer (ConnectError). It is asked again.",
        "Prefect's server answers again.",
    ]


async def test_an_error_of_our_own_is_not_taken_for_its_absence() -> None:
    async def poll() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await be_patient(poll)()
