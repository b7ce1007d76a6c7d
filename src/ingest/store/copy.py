"""A scratch copy of a data directory, for work that is to leave no trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.settings import Settings
from ingest.store.connection import open_reader, open_writer


@contextmanager
def scratch_copy(settings: Settings) -> Iterator[Settings]:
    """The same settings over a copy of the database that is deleted at the end; the archive's files are linked to."""
    with TemporaryDirectory(prefix="ingest-") as folder:
        scratch = settings.model_copy(update={"data": Path(folder)})
        if settings.database.exists():
            old, new = open_reader(settings.database), open_writer(scratch.database)
            old.conn.backup(new.conn)
            old.close()
            new.close()
        scratch.archive.mkdir()
        for file in settings.archive.glob("*.warc.gz"):
            (scratch.archive / file.name).symlink_to(file.resolve())
        if settings.turns.exists():  # requests are made all the same
            scratch.locks.mkdir()
            scratch.turns.symlink_to(settings.turns.resolve())
        yield scratch
