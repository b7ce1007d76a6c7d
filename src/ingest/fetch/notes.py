"""What outlives a fetcher: which hosts are to be left alone until when, and the requests that no page asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ingest.fetch.messages import Attempt

Reason = Literal["asked", "down"]
"""Why a host is left alone: it asked for it (Retry-After), or it failed too often in a row."""


@dataclass(frozen=True, slots=True)
class Deferral:
    """A host that is not to be requested before a time (ISO-8601 UTC)."""

    until: str
    reason: Reason


class Notes(Protocol):
    """Is told on the fetcher's event loop, and waited for before the host is asked again."""

    async def note_deferral(self, host: str, deferral: Deferral) -> None:
        """host: its name, with its port where that is neither 80 nor 443."""

    async def note_robots(self, attempts: tuple[Attempt, ...]) -> None:
        """Requests for a robots.txt, by the source's own URLs."""


class NoNotes:
    """Keeps nothing: for single pages."""

    async def note_deferral(self, host: str, deferral: Deferral) -> None:
        return

    async def note_robots(self, attempts: tuple[Attempt, ...]) -> None:
        return
