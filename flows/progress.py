"""How far a flow is: counted for who listens, and shown in Prefect's UI while it works.

A flow's parameters are plain values, so a listener comes by context.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from prefect import get_run_logger
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

from flows.artifacts import artifact_key
from ingest.session import Progress

LISTENER: ContextVar[Progress | None] = ContextVar("LISTENER", default=None)
UPDATE_SECONDS = 2.0
END_SECONDS = 5.0
"""For the last update."""


@dataclass
class Meter:
    """Counts URLs, and passes on what it is told."""

    listener: Progress
    total: int = 0
    done: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def announce(self, total: int) -> None:
        self.total = total
        self.listener.announce(total)

    def report_done(self, done: int) -> None:
        self.done += done
        self.listener.report_done(done)

    @property
    def percent(self) -> float:
        return 100.0 if self.done >= self.total else 100.0 * self.done / self.total

    def __str__(self) -> str:
        return f"{self.done:,} of {max(self.total, self.done):,} URLs"


METER: ContextVar[Meter] = ContextVar("METER")


def start_meter() -> Meter:
    """A meter for the flow of this context."""
    meter = Meter(LISTENER.get() or Progress())
    METER.set(meter)
    return meter


def current_meter() -> Meter:
    """The meter of this context."""
    return METER.get()


def current_progress() -> Progress:
    """What a run is to tell the meter of this context."""
    meter = METER.get()
    return Progress(meter.announce, meter.report_done)


@asynccontextmanager
async def shown(meter: Meter, source: str) -> AsyncIterator[None]:
    """A progress artifact of the source that follows the meter to the end of the block."""

    async def follow() -> None:
        artifact = await acreate_progress_artifact(0.0, key=artifact_key("progress", source), description=str(meter))
        while not meter.over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(meter.over.wait(), UPDATE_SECONDS)
            await aupdate_progress_artifact(artifact, meter.percent, description=str(meter))

    following = asyncio.ensure_future(follow())
    try:
        yield
        meter.over.set()
        await asyncio.wait([following], timeout=END_SECONDS)
    finally:
        following.cancel()
        [outcome] = await asyncio.gather(following, return_exceptions=True)
        if isinstance(outcome, Exception):  # what the pages show is not worth a run
            get_run_logger().warning("The progress can't be shown: %s", type(outcome).__name__)
