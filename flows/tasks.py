"""The task of every flow: a batch of URLs. It returns counts, never pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import plain
from flows.progress import current_meter
from ingest.batches import Process
from ingest.results import Counts, WorkItem


@task(name="batch", task_run_name="{size} URLs from {first}", cache_policy=NO_CACHE, persist_result=False)
async def visit_batch(first: str, size: int, work: Callable[[], Awaitable[Counts]]) -> Counts:
    """Visit a batch of URLs and commit their results."""
    counts = await work()
    get_run_logger().info("%s: %s from %s", current_meter(), describe_counts(counts), first)
    return counts


async def perform_as_task(process: Process, items: Sequence[WorkItem]) -> Counts:
    """Carry out a batch as a task run, awaited on the flow's own event loop: a submitted task would run on another."""

    async def work() -> Counts:
        return await process(items)

    return await visit_batch(plain(items[0].url), len(items), work)


def describe_counts(counts: Counts) -> str:
    """What came of a batch, without what is zero."""
    parts = {name: getattr(counts, name) for name in Counts.__slots__}
    return ", ".join(f"{count} {name}" for name, count in parts.items() if count) or "nothing"
