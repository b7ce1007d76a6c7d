"""Prefect's runner, which ends only by a signal, and with time for its runs to end themselves.

Prefect's own end cancels what waits for the runs' processes, and that kills them where they stand.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self
from uuid import UUID

import httpx
from prefect.runner import Runner

from ingest.signals import on_signals

_LOG = logging.getLogger("ingest.flows")
END_SECONDS = 8.0
"""What a run may take to end itself; a container is given ten seconds."""
LOOK_SECONDS = 0.1


class GentleRunner(Runner):
    """A runner that SIGINT and SIGTERM end: it starts no more runs, passes the word to those it has, and waits."""

    _ask_to_end: Callable[[], object]

    async def serve(self) -> None:
        """Serve until a signal. A run that does not end within `END_SECONDS` is killed."""
        loop, asked = asyncio.get_running_loop(), asyncio.Event()
        self._ask_to_end = lambda: loop.call_soon_threadsafe(asked.set)
        ending = asyncio.ensure_future(self._end_when(asked))
        try:
            with on_signals(self._ask_to_end):
                await self.start()
        finally:
            ending.cancel()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        poller = self._scheduled_run_poller
        patient = be_patient(poller._get_and_submit_flow_runs)
        poller._get_and_submit_flow_runs = patient  # type: ignore[method-assign, assignment]
        return self

    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """Prefect's name for what it has SIGTERM do."""
        self._ask_to_end()

    async def _end_when(self, asked: asyncio.Event) -> None:
        await asked.wait()
        while not self.started:  # noqa: ASYNC110  # Prefect has no event for it
            await asyncio.sleep(LOOK_SECONDS)
        self._scheduled_run_poller.stopping = True
        clock = asyncio.get_running_loop().time
        told: set[UUID] = set()
        _LOG.info("It ends: %d runs are told to.", len(self._scheduled_run_poller._submitting_flow_run_ids))
        kill_at = clock() + END_SECONDS
        while self._scheduled_run_poller._submitting_flow_run_ids:
            self._tell_runs(told, is_late=clock() > kill_at)
            await asyncio.sleep(LOOK_SECONDS)
        self._loops_task_group.cancel_scope.cancel()

    def _tell_runs(self, told: set[UUID], is_late: bool) -> None:
        """SIGTERM to each run once, SIGKILL when it is late."""
        for run in self._process_manager.flow_run_ids():
            handle = self._process_manager.get(run)
            if handle is None or (run in told and not is_late):
                continue
            told.add(run)
            with suppress(ProcessLookupError):
                handle.hard_kill() if is_late else handle.graceful_kill()


def be_patient(poll: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A look for runs that outlives the server: Prefect's own gives up at the third that gets no answer."""
    is_away = False

    async def poll_patiently() -> None:
        nonlocal is_away
        try:
            await poll()
        except (httpx.TransportError, httpx.HTTPStatusError) as error:
            if not is_away:
                _LOG.warning("Prefect's server does not answer (%s). It is asked again.", type(error).__name__)
            is_away = True
        else:
            if is_away:
                _LOG.info("Prefect's server answers again.")
            is_away = False

    return poll_patiently
