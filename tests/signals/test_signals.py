"""A signal ends work once and in order, and what handled signals before does so again."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ingest.signals import NUMBERS, run_until_signal, until_signal


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in NUMBERS]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_ends_the_work_and_a_second_does_not_disturb_its_end(number: signal.Signals) -> None:
    closed = []

    async def work() -> str:
        try:
            signal.raise_signal(number)
            await asyncio.Event().wait()
        finally:
            signal.raise_signal(number)
            for step in range(3):
                await asyncio.sleep(0)
                closed.append(step)
        return "never"

    before = handlers()
    assert run_until_signal(work()) is None
    assert closed == [0, 1, 2]
    assert handlers() == before


def test_work_that_no_signal_ends_gives_its_result_and_its_error() -> None:
    async def fail() -> None:
        raise KeyError("mine")

    before = handlers()
    assert run_until_signal(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(KeyError, match="mine"):
        run_until_signal(fail())
    assert handlers() == before


async def test_a_cancellation_that_no_signal_has_asked_for_stays_one() -> None:
    waiting = asyncio.ensure_future(until_signal(asyncio.Event().wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_outside_the_main_thread_the_work_is_done_and_no_handler_is_touched() -> None:
    before = handlers()

    async def look() -> bool:
        return handlers() == before

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(run_until_signal, look()).result()
