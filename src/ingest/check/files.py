"""The archive's files against the index: bytes behind the last whole record, whole records that have no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from ingest.archive import Location, find_members, read_capture
from ingest.check.finding import Finding, Premises
from ingest.errors import IngestError
from ingest.recovery import index_capture
from ingest.results import ArchivedPage
from ingest.store.extents import Extent, archive_extents, indexed_offsets, run_states
from ingest.store.pages import known_pages


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds besides the records that the index names.

    source and ended: of the run that wrote it, None where the database does not know the run. torn: bytes behind the
    last whole record; damaged_at: where the records can't be followed further although indexed ones come after it;
    unindexed: whole records whose body the index does not have.
    """

    path: Path
    source: str | None
    ended: bool | None
    torn: int
    damaged_at: int | None
    unindexed: tuple[ArchivedPage, ...]


def check_files(premises: Premises) -> Iterator[Finding]:
    """The files of the archive."""
    looks = look_at_files(premises.db, premises.settings.archive)
    for look in looks:
        yield from _judge(look)
    if not looks:
        yield Finding("ok", "files", "Every record has its row, and no file is torn.", str(premises.settings.archive))


def look_at_files(db: Database, archive: Path) -> list[Look]:
    """The files of which the index does not say all; only these are read."""
    # Sizes first: what a run writes and commits in the meantime lies behind them.
    sizes = {path: path.stat().st_size for path in sorted(archive.glob("*.warc.gz"))}
    extents, runs = archive_extents(db), run_states(db)
    looks = []
    for path, size in sizes.items():
        extent = extents.get(path.name)
        if not _is_covered(path, size, extent):
            look = _look(db, path, size, extent, runs)
            grows = path.stat().st_size != size
            if not grows and (look.torn or look.damaged_at is not None or look.unindexed):
                looks.append(look)
    return looks


def _is_covered(path: Path, size: int, extent: Extent | None) -> bool:
    """Whether the file is one record that describes it, followed by the records that the index names."""
    if extent is None or extent.has_gaps or extent.end != size:
        return False
    return next(find_members(path), None) == (0, extent.first)


def _look(db: Database, path: Path, size: int, extent: Extent | None, runs: Mapping[str, tuple[str, bool]]) -> Look:
    source, ended = runs.get(path.name.rpartition("-")[0], (None, None))
    indexed = indexed_offsets(db, path.name)
    end, unindexed = 0, []
    for offset, length in find_members(path):
        end = offset + length
        if (
            offset > 0
            and offset not in indexed
            and (page := read_page(path.parent, Location(path.name, offset, length)))
        ):
            unindexed.append(page)
    known = {page.sha256 for page in known_pages(db, [page.sha256 for page in unindexed])}
    damaged = extent is not None and end < extent.end
    return Look(
        path=path,
        source=source,
        ended=ended,
        torn=0 if damaged else max(0, size - end),
        damaged_at=end if damaged else None,
        unindexed=tuple(page for page in unindexed if page.sha256 not in known),
    )


def read_page(archive: Path, location: Location) -> ArchivedPage | None:
    """The page of a record, as the index keeps it; None for a record that holds none."""
    try:
        return index_capture(location, read_capture(archive, location))
    except IngestError:
        return None


def _judge(look: Look) -> Iterator[Finding]:
    where = str(look.path)
    if look.damaged_at is not None:
        what = f"The file is damaged at offset {look.damaged_at}; records behind it are read by their places only."
        yield Finding("error", "files", what, where, "Restore the file from a backup. Do not cut it.")
        return
    left = [f"{look.torn} bytes behind its last whole record"] if look.torn else []
    left += [f"{len(look.unindexed)} whole records without a row"] if look.unindexed else []
    what = f"The file has {' and '.join(left)}."
    if look.ended is False:
        what += f" Its run of {look.source} has not ended: it works, or it died."
        yield Finding("warning", "files", what, where, f"If it died, the next run of {look.source} mends it.")
    elif look.source is None:
        what += " The database does not know the run that wrote it: it may be an older copy."
        remedy = "`ingest check --repair` indexes its records." if look.unindexed else "Find out where it comes from."
        yield Finding("warning", "files", what, where, remedy)
    else:
        yield Finding("warning", "files", what, where, "`ingest check --repair` mends it.")
