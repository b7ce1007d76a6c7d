"""Who is told of a flow's progress. A flow's parameters are plain values, so the listener comes by context."""

from __future__ import annotations

from contextvars import ContextVar

from ingest.session import Progress

LISTENER: ContextVar[Progress | None] = ContextVar("LISTENER", default=None)


def current_progress() -> Progress:
    """The listener of this context, or one that ignores what it is told."""
    return LISTENER.get() or Progress()
