"""What the index knows of the archive: its bodies in order, the extent of each file, the runs that wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from ingest.results import ArchivedPage
from ingest.store.pages import page_of_row

_PAGES_A_STEP = 1_000
_EXTENTS = """
SELECT warc_file AS file, count(*) AS pages, min(warc_offset) AS first, max(warc_offset + warc_length) AS end,
       sum(warc_length) AS covered
FROM pages GROUP BY warc_file
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """What the index knows of an archive file: its records from the first one's offset to the last one's end, and the
    sum of their lengths, in bytes."""

    file: str
    pages: int
    first: int
    end: int
    covered: int

    @property
    def has_gaps(self) -> bool:
        return self.covered != self.end - self.first


def count_pages(db: Database) -> int:
    """How many bodies the index names."""
    return int(db.execute("SELECT count(*) FROM pages").fetchone()[0])


def all_pages(db: Database) -> Iterator[ArchivedPage]:
    """Every body of the index in the order of the archive, read in steps that leave the database free between them."""
    after = ("", -1)
    query = "SELECT * FROM pages WHERE (warc_file, warc_offset) > (?, ?) ORDER BY warc_file, warc_offset LIMIT ?"
    while True:
        pages = [page_of_row(row) for row in db.query(query, [*after, _PAGES_A_STEP])]
        if not pages:
            return
        yield from pages
        after = (pages[-1].location.file, pages[-1].location.offset)


def sample_pages(db: Database, size: int) -> list[ArchivedPage]:
    """Some bodies of the index, by chance, in the order of the archive."""
    query = "SELECT * FROM pages WHERE sha256 IN (SELECT sha256 FROM pages ORDER BY random() LIMIT ?) ORDER BY 2, 3"
    return [page_of_row(row) for row in db.query(query, [size])]


def archive_extents(db: Database) -> dict[str, Extent]:
    """What the index knows of each file that it names."""
    return {row["file"]: Extent(**row) for row in db.query(_EXTENTS)}


def indexed_offsets(db: Database, file: str) -> set[int]:
    """Where the index says that records begin in a file."""
    return {row[0] for row in db.execute("SELECT warc_offset FROM pages WHERE warc_file = ?", [file])}


def run_states(db: Database) -> dict[str, tuple[str, bool]]:
    """Each run -> its source, and whether it has ended."""
    rows = db.execute("SELECT id, source, outcome IS NOT NULL FROM runs").fetchall()
    return {run_id: (source, bool(ended)) for run_id, source, ended in rows}
