"""What a batch commits when it does not end well."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ingest.batches import Crew
from ingest.results import Counts, Deferred, PageResult, Unchanged, WorkItem


@dataclass
class Site:
    """Answers for a, b and c at once; whoever asks for `never` waits; `broken` raises; `closed` is left alone."""

    committed: list[list[str]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    run: None = None
    parser_version: str = "1-00000000"

    async def visit(self, item: WorkItem) -> PageResult | Deferred:
        if item.url == "never":
            self.answered.set()
            await asyncio.Event().wait()
        if item.url == "broken":
            raise OSError("no space")
        return Deferred("later") if item.url == "closed" else PageResult(item, Unchanged())

    async def commit(self, run: None, results: Sequence[PageResult], parser_version: str) -> Counts:
        self.committed.append([result.item.url for result in results])
        return Counts(unchanged=len(results))


def crew(site: Site) -> Crew:
    part = cast("Any", site)
    return Crew(part, part, asyncio.Semaphore(10), lambda done: None)


def items(*urls: str) -> list[WorkItem]:
    return [WorkItem(url) for url in urls]


async def test_results_are_committed_in_the_order_of_their_urls() -> None:
    site = Site()
    counts = await crew(site).process(items("c", "a", "b"))
    assert (site.committed, counts) == ([["a", "b", "c"]], Counts(unchanged=3))


async def test_a_batch_that_is_cancelled_commits_the_results_that_have_come() -> None:
    site = Site()
    batch = asyncio.ensure_future(crew(site).process(items("a", "b", "never")))
    await site.answered.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert site.committed == [["a", "b"]]


async def test_a_visit_that_raises_ends_its_batch_with_what_others_gave_committed() -> None:
    site = Site()
    with pytest.raises(OSError, match="no space"):
        await crew(site).process(items("a", "broken", "never"))
    assert site.committed == [["a"]]


async def test_a_url_that_is_left_alone_is_counted_and_has_no_result() -> None:
    site = Site()
    done = crew(site)
    assert await done.process(items("closed")) == Counts()
    assert (site.committed, done.deferred.total()) == ([], 1)
