"""Around the database: the SQLite library, settings, disk space, what grows, the sources' terms, the published file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from ingest.archive import FILE_BYTES
from ingest.check.finding import Finding, Premises
from ingest.publish import FILE_NAME, JSON_NAME, is_intact, published_folder
from ingest.store.connection import SAFE_WAL, library_version
from ingest.store.hosts import deferred_hosts
from ingest.store.integrity import file_journal_mode, growing_rows, source_terms, unended_runs
from ingest.times import now

SCARCE_BYTES = 200_000_000
"""Free space below which a run may not end."""
LONG_WAL_BYTES = 256_000_000


def check_library(premises: Premises) -> Iterator[Finding]:
    """The SQLite library against the file's journal mode."""
    mode = file_journal_mode(premises.db)
    found = ".".join(map(str, library_version()))
    if mode == "wal" and library_version() < SAFE_WAL:
        safe = ".".join(map(str, SAFE_WAL))
        yield Finding(
            "error",
            "library",
            f"SQLite {found} can corrupt a database in WAL mode that two processes write.",
            str(premises.settings.database),
            f"Install pysqlite3, or a Python with SQLite {safe} or newer. Until then let one process write at a time.",
        )
    else:
        yield Finding("ok", "library", f"SQLite {found}, journal mode {mode}.")


def check_settings(premises: Premises) -> Iterator[Finding]:
    """Settings that matter to the owners of scraped sites."""
    settings = premises.settings
    file = str(settings.data / "ingest.toml")
    if not settings.contact:
        remedy = "Set `contact` to an address or a page, in the file or as INGEST_CONTACT."
        yield Finding("warning", "settings", "No contact is sent to the sites that are scraped.", file, remedy)
    if settings.delay_seconds is not None and settings.delay_seconds < 1:
        what = f"The delay of {settings.delay_seconds:g} s overrides that of every source."
        yield Finding("warning", "settings", what, file, "Remove `delay_seconds` unless every site has agreed to it.")
    if settings.allow_hosts:
        what = f"Private addresses may be fetched from: {', '.join(settings.allow_hosts)}."
        yield Finding("warning", "settings", what, file, "Remove from `allow_hosts` what is no longer needed.")
    if settings.contact and settings.delay_seconds is None and not settings.allow_hosts:
        yield Finding("ok", "settings", f"The contact is {settings.contact}.")


def check_disk(premises: Premises) -> Iterator[Finding]:
    """Free space: for what a run writes, for a second copy of the database when it is published."""
    data = premises.settings.data
    free = shutil.disk_usage(data).free
    wanted = 2 * _size(premises.settings.database) + FILE_BYTES
    what = f"{_megabytes(free)} are free"
    remedy = "Free space on this disk. What only grows is named under growth."
    if free < SCARCE_BYTES:
        yield Finding("error", "disk", f"Only {what}; the next run may not end.", str(data), remedy)
    elif free < wanted:
        yield Finding("warning", "disk", f"{what}; {_megabytes(wanted)} are comfortable.", str(data), remedy)
    else:
        yield Finding("ok", "disk", f"{what}.", str(data))


def check_growth(premises: Premises) -> Iterator[Finding]:
    """The size of what only grows."""
    settings = premises.settings
    archive = sum(path.stat().st_size for path in settings.archive.glob("*.warc.gz"))
    previous = sum(path.stat().st_size for path in (published_folder(settings) / "previous").glob("*.db"))
    rows = ", ".join(f"{count} {table}" for table, count in growing_rows(premises.db).items())
    sizes = f"archive {_megabytes(archive)}, database {_megabytes(_size(settings.database))}"
    yield Finding("ok", "growth", f"{sizes}, earlier published files {_megabytes(previous)}; {rows}.")
    wal = Path(f"{settings.database}-wal")
    if _size(wal) > LONG_WAL_BYTES:
        what = f"The write-ahead log has {_megabytes(_size(wal))}: some reader never ends its transaction."
        yield Finding("warning", "growth", what, str(wal), "Let readers open the published file instead.")


def check_sources(premises: Premises) -> Iterator[Finding]:
    """What is known of each source's licence and terms, and what its robots.txt forbids."""
    for row in source_terms(premises.db):
        words = {"licence": row["licence"], "terms": row["terms_url"], "attribution": row["attribution"]}
        unknown = [name for name, value in words.items() if value is None]
        if unknown:
            what = f"Not known: {', '.join(unknown)}. Its texts may not be free to publish."
            remedy = "Ask the site's owners, and write what they say into the source's file."
            yield Finding("warning", "sources", what, row["id"], remedy)
        else:
            yield Finding("ok", "sources", f"{row['licence']}; {row['attribution']}.", row["id"])
        if row["kept_out"]:
            what = f"{row['kept_out']} of its URLs were not fetched, because robots.txt forbids it or gave no answer."
            remedy = "`ingest failures` lists them. Leave them be, or ask the site's owners."
            yield Finding("warning", "sources", what, row["id"], remedy)


def check_runs(premises: Premises) -> Iterator[Finding]:
    """Runs without an end, and hosts that are left alone for now."""
    unended = unended_runs(premises.db)
    for run in unended:
        what = f"Run {run['id']} of {run['source']} has not ended; it last wrote at {run['heartbeat_at']}."
        remedy = (
            f"If no process works on it, it died: the next run of {run['source']} closes it and goes on from there."
        )
        yield Finding("warning", "runs", what, run["source"], remedy)
    deferred = deferred_hosts(premises.db, now())
    for host in deferred:
        why = "asked for it" if host["reason"] == "asked" else "failed too often in a row"
        what = f"{host['host']} is not asked before {host['not_before']}: it {why}."
        yield Finding("warning", "runs", what, host["host"], "Nothing: the first run after that goes on from there.")
    if not unended and not deferred:
        yield Finding("ok", "runs", "Every run has ended, and no host is to be left alone.")


def check_published(premises: Premises) -> Iterator[Finding]:
    """Whether the published file is the one that its manifest describes."""
    folder = published_folder(premises.settings)
    if not (folder / FILE_NAME).exists():
        yield Finding("ok", "published", "Nothing has been published.")
    elif is_intact(folder):
        yield Finding("ok", "published", f"The file is the one that {JSON_NAME} describes.", str(folder / FILE_NAME))
    else:
        what = f"The file is not the one that {JSON_NAME} describes."
        yield Finding("error", "published", what, str(folder / FILE_NAME), "`ingest publish` writes both again.")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
