"""Runs a flow in this process until it ends or a signal stops it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal

from flows.work import INTERRUPTED
from ingest.signals import run_until_signal


def run_flow(flow: Awaitable[State[Any]]) -> State[Any] | None:
    """The flow's final state; None where SIGINT or SIGTERM has ended it."""
    try:
        state = run_until_signal(flow)
    except TerminationSignal:  # Prefect's own handler for SIGTERM, before and after the work
        return None
    return None if state is None or state.name == INTERRUPTED else state
