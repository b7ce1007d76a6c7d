"""What a run's fetcher learns of hosts, kept in the database as it comes: it survives the run, however that ends."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.fetch import Attempt, Deferral, Mirror
from ingest.recorder import Recorder
from ingest.store.fetches import write_fetches
from ingest.store.hosts import defer_host
from ingest.store.runs import Run
from ingest.visit import attempt_row


@dataclass(frozen=True, slots=True)
class RunNotes:
    """The notes of one run. Hosts are kept by the source's own names, whatever the mirror."""

    run: Run
    recorder: Recorder
    mirror: Mirror | None

    async def note_deferral(self, host: str, deferral: Deferral) -> None:
        own = self.mirror.own_host_key(host) if self.mirror else host
        await self.recorder.note(defer_host, own, deferral.until, deferral.reason)

    async def note_robots(self, attempts: tuple[Attempt, ...]) -> None:
        await self.recorder.note(write_fetches, self.run, [(attempt_row(attempt), None) for attempt in attempts])
