"""An end within seconds when a signal asks for it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


def run_until_signal(work: Awaitable[T]) -> T | None:
    """The result of the work; None where SIGINT or SIGTERM has ended it. What it holds is closed first."""

    async def watch() -> T | None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(work)
        stopped = False

        def stop() -> None:
            nonlocal stopped
            stopped = True
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        try:
            return await task
        except asyncio.CancelledError:
            if stopped:
                return None
            raise

    return asyncio.run(watch())
