"""Commits a batch of results: pages, fetches, verdicts and the work list move in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlite_utils import Database

from ingest.drift import Norms, Verdict
from ingest.extraction import Observation
from ingest.guard import drop_losses, refuse_loss
from ingest.results import AttemptRow, Counts, Failed, Gone, ListingResult, PageResult, Read, Unchanged
from ingest.store.acceptances import is_page_accepted
from ingest.store.connection import transaction
from ingest.store.drift import write_observations
from ingest.store.failures import READING_STAGES, Resolution, stages_before, write_failure
from ingest.store.fetches import write_fetches
from ingest.store.figures import compare_run
from ingest.store.incidents import Journal, note_reading, note_removal, open_journal, stored_record, write_journal
from ingest.store.marks import Marks
from ingest.store.pages import write_pages
from ingest.store.runs import Outcome, Run, end_run
from ingest.store.work import note_urls
from ingest.times import now

SOFT_404 = "soft_404"
"""The kind of a page that says, with status 200, that there is none."""
_UNANSWERED = f"""
SELECT u.url, u.missing_since, i.id FROM urls u JOIN incidents i ON i.source = u.source AND i.url = u.url
WHERE u.source = ? AND u.kind = 'incident' AND u.listed_run_id IS NOT ? AND i.removed_at IS NULL
  AND EXISTS (SELECT 1 FROM failures f WHERE f.url = u.url AND f.resolved_at IS NULL
              AND (f.stage = 'fetch' OR f.kind = '{SOFT_404}') AND f.run_id IN (SELECT value FROM json_each(?)))
"""
"""Who answers with a page is alive, even where it can't be read; but for a page that says that there is none."""


def commit_results(db: Database, run: Run, results: Sequence[PageResult], parser_version: str) -> Counts:
    """Write the results of a batch; a record, its version, changes, heartbeat and resolved failures go together."""
    at = now()
    counted: Counter[str] = Counter()
    with transaction(db):
        write_pages(db, [result.page for result in results if result.page])
        write_fetches(db, run, _attempts(results))
        journal = open_journal(db, run, parser_version, _touched_ids(results), at)
        marks = Marks(db, run, [result.item.url for result in results], journal.observed_at)
        observed: dict[str, Sequence[Observation]] = {}
        for result in results:
            counted[_apply(db, journal, marks, observed, result)] += 1
        write_journal(db, journal)
        marks.write(db)
        write_observations(db, run, observed, at)
        db.execute("UPDATE runs SET heartbeat_at = ? WHERE id = ?", [at, run.id])
    return Counts(**counted)


def commit_listing(db: Database, run: Run, result: ListingResult) -> None:
    """Write what one listing page gave: its page, the URLs that it names, or its failure."""
    at = now()
    with transaction(db):
        if result.page:
            write_pages(db, [result.page])
        write_fetches(db, run, _attempts([result]))
        note_urls(db, run, "listing", [result.url])
        note_urls(db, run, "incident", result.incidents)
        marks = Marks(db, run, [result.url], at)
        marks.seen(result.url)
        sha256 = result.page.sha256 if result.page else None
        if result.failed:
            write_failure(db, run, result.url, result.failed, sha256, at)
            marks.resolve(result.url, "fetched", stages_before(result.failed.stage))
        else:
            marks.resolve(result.url, "read")
        marks.write(db)


def complete_run(db: Database, run: Run, parser_version: str, norms: Norms, listing: Verdict) -> None:
    """End a scrape with a complete listing, and in the same transaction judge the incidents that its listing does not
    name and that did not answer: they are marked as missing, and those that an earlier such run has marked are
    removed. The run is completed, or held where the source then falls out of its norms."""
    at = now()
    with transaction(db):
        rows = list(db.query(_UNANSWERED, [run.source, run.id, json.dumps(run.chain)]))
        journal = open_journal(db, run, parser_version, [row["id"] for row in rows if row["missing_since"]], at)
        marks = Marks(db, run, [row["url"] for row in rows], journal.observed_at)
        for row in rows:
            if row["missing_since"] is None:
                marks.missing(row["url"])
            else:
                _remove(journal, marks, row["id"], row["url"])
                write_observations(db, run, {row["url"]: ()}, at)
        write_journal(db, journal)
        marks.write(db)
        end_compared(db, run, norms, "completed", None, listing)


def end_compared(
    db: Database, run: Run, norms: Norms, outcome: Outcome, message: str | None, listing: Verdict | None = None
) -> None:
    """End a run with this outcome, or as held where the source as it leaves it falls out of its norms.

    To be called within a transaction.
    """
    fallen = compare_run(db, run, norms, listing)
    if fallen and outcome != "held":
        outcome, message = "held", " ".join(filter(None, [message, f"{'; '.join(fallen)}."]))
    end_run(db, run, outcome, message)


def _apply(
    db: Database, journal: Journal, marks: Marks, observed: dict[str, Sequence[Observation]], result: PageResult
) -> str:
    """Carry out one verdict; returns the name of what came of it, as in Counts. observed: what pages print, by URL."""
    url, at, run = result.item.url, journal.observed_at, journal.run
    archived = result.item.archived_sha256 is not None  # an archived page does not say whether the site answers
    verdict, accepted = _guard(db, journal, result)
    match verdict:
        case Failed() as failed:
            next_attempt_at = write_failure(db, run, url, failed, result.page_sha256, at)
            passed = stages_before(failed.stage)
            marks.resolve(url, "fetched", passed[1:] if archived else passed)
            if archived:
                marks.tried(url)
            else:
                marks.seen(url, next_attempt_at)
                if failed.stage != "fetch" and failed.kind != SOFT_404:
                    marks.alive(url, None, None)
            return "failed"
        case Gone(incident_id):
            marks.seen(url)
            observed[url] = ()
            return "removed" if _remove(journal, marks, incident_id, url) else "unchanged"
        case Unchanged():
            marks.seen(url)
            marks.alive(url, result.etag, result.last_modified)
            marks.resolve(url, "read")
            return "unchanged"
        case Read() as read:
            _mark_reading(journal, marks, result, "accepted" if accepted else "read")
            observed[url] = read.observations
            if result.item.incident_id not in (None, read.incident_id):
                note_removal(journal, str(result.item.incident_id), moved_to=read.incident_id)
            return note_reading(journal, read) or "same"


def _mark_reading(journal: Journal, marks: Marks, result: PageResult, resolution: Resolution) -> None:
    """Move the URL's row to the page that was read, and resolve what that settles."""
    url = result.item.url
    marks.read(result, journal.parser_version)
    if result.item.archived_sha256 is None:
        marks.seen(url)
        marks.resolve(url, resolution)
    else:
        marks.tried(url)
        marks.resolve(url, resolution, READING_STAGES)


def _guard(db: Database, journal: Journal, result: PageResult) -> tuple[Unchanged | Read | Gone | Failed, bool]:
    """The verdict with what the guard says to it, and whether a person has accepted that the page empties fields."""
    read = result.verdict
    stored = stored_record(journal, read.incident_id) if isinstance(read, Read) else None
    if not isinstance(read, Read) or stored is None:
        return read, False
    steps = drop_losses(stored, read.steps, read.required)
    refused = refuse_loss(stored, steps, read.required)
    if refused and not is_page_accepted(db, result.item.url, result.page_sha256):
        return refused, False
    return replace(read, steps=steps), refused is not None


def _remove(journal: Journal, marks: Marks, incident_id: str, url: str) -> bool:
    """Whether the incident was there until then."""
    marks.forget(url)
    marks.resolve(url, "removed")
    return note_removal(journal, incident_id) is not None


def _touched_ids(results: Sequence[PageResult]) -> list[str]:
    """The incidents whose rows the results may change."""
    ids: set[str | None] = set()
    for result in results:
        verdict, known = result.verdict, result.item.incident_id
        if isinstance(verdict, Gone):
            ids.add(verdict.incident_id)
        elif isinstance(verdict, Read) and (verdict.steps or known not in (None, verdict.incident_id)):
            ids |= {known, verdict.incident_id}
    return [one for one in ids if one]


def _attempts(results: Sequence[PageResult | ListingResult]) -> Iterator[tuple[AttemptRow, str | None]]:
    for result in results:
        for attempt in result.attempts:
            yield attempt, _sha256(result) if attempt is result.attempts[-1] else None


def _sha256(result: PageResult | ListingResult) -> str | None:
    if isinstance(result, PageResult):
        return result.page_sha256
    return result.page.sha256 if result.page else None
