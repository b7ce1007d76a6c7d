"""Writes the fixture of the upgrade tests: python -m tests.upgrades.make_first_release

To be run once, with the code of the first release. The fixture is then never written again: it stands for the databases
that operators have. Two editions of the sample site give it history, a failure, drift and a removal.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from ingest.cli import run
from ingest.sample.server import serve
from ingest.store.connection import open_writer

FIXTURE = Path(__file__).with_name("first_release.db.gz")


def restore(database: Path) -> None:
    """Make the fixture's database."""
    database.write_bytes(gzip.decompress(FIXTURE.read_bytes()))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serve(1) as site:
        for edition in (1, 2):
            site.edition = edition
            where = ["--base-url", site.url, "--allow-host", site.host, "--delay", "0"]
            assert run(["--data", folder, "scrape", "provyn", *where]) < 2
        database = Path(folder) / "incidents.db"
        db = open_writer(database)
        db.execute("UPDATE sources SET origin = 'http://replica.example'")
        db.execute("PRAGMA journal_mode = delete")
        db.vacuum()
        db.close()
        FIXTURE.write_bytes(gzip.compress(database.read_bytes(), mtime=0))
    print(f"{FIXTURE}: {FIXTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
