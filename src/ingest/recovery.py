"""What a dead run left behind: a torn archive file, whole records without a row, a run without an end."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from ingest.archive import Capture, Location, cut_torn_tail, files_of_run, read_captures
from ingest.captures import decode_capture, hash_body
from ingest.fetch import FetchError
from ingest.results import ArchivedPage
from ingest.store.connection import transaction
from ingest.store.extents import archive_extents
from ingest.store.pages import write_pages
from ingest.store.runs import close_dead_runs, dead_runs


def recover(db: Database, archive: Path, source: str) -> list[str]:
    """Mend what the dead runs of a source left behind and end them; their ids. Only for the holder of its lease."""
    dead = dead_runs(db, source)
    extents = archive_extents(db) if dead else {}
    for run_id in dead:
        for name in files_of_run(archive, run_id):
            cut_torn_tail(archive / name, extents[name].end if name in extents else 0)
            pages = (index_capture(location, capture) for location, capture in read_captures(archive, name))
            with transaction(db):
                write_pages(db, (page for page in pages if page))
    with transaction(db):
        close_dead_runs(db, dead)
    return dead


def index_capture(location: Location, capture: Capture) -> ArchivedPage | None:
    """A record of the archive as the index has it; None for a body that the fetcher has refused."""
    try:
        body = decode_capture(capture)
    except FetchError:
        return None  # the fetcher refused it, and its hash is that of no page
    content_type = next((value for name, value in capture.headers if name.lower() == "content-type"), None)
    return ArchivedPage(hash_body(body), location, len(body), content_type, capture.captured_at)
