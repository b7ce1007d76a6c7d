"""An end within seconds when a signal asks for it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
NUMBERS = (signal.SIGINT, signal.SIGTERM)


def run_until_signal(work: Awaitable[T]) -> T | None:
    """The result of the work; None where SIGINT or SIGTERM has ended it. What it holds is closed first."""
    return asyncio.run(until_signal(work))


async def until_signal(work: Awaitable[T]) -> T | None:
    """As `run_until_signal`, on the loop that runs. The first signal cancels the work; those that follow are ignored.

    Outside the main thread no signal is heard.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    stopped = False

    def stop() -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            task.cancel()

    with on_signals(lambda: loop.call_soon_threadsafe(stop)):
        try:
            return await task
        except asyncio.CancelledError:
            if stopped:
                return None
            raise


@contextmanager
def on_signals(react: Callable[[], object]) -> Iterator[None]:
    """React to each SIGINT and SIGTERM to the end of the block, and to nothing where this is not the main thread.

    An exception raised in place of that, as Python and Prefect do, would hit whatever code happens to run.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = {number: signal.signal(number, lambda *_: react()) for number in NUMBERS}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
