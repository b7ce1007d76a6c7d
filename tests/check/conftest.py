"""An installation as a run leaves it: a database and an archive whose records it names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.archive import ArchiveWriter, Capture
from ingest.captures import hash_body
from ingest.check import Finding, check_all, repair
from ingest.results import ArchivedPage
from ingest.settings import Settings
from ingest.store.connection import open_writer, transaction
from ingest.store.runs import begin_run, end_run, register_source
from tests.publish.conftest import Desk
from tests.store.conftest import AT, SITE, Site, record

TERMS = {"licence": "CC BY 4.0", "terms_url": "https://incidents.example/terms", "attribution": "Example"}


class ArchivedSite(Site):
    """A site whose pages are in the archive."""

    writer: ArchiveWriter
    keep_uncommitted = False

    def page(self) -> ArchivedPage:
        self.serial += 1
        body = f"<!doctype html><h1>Page {self.serial}</h1>".encode() * 5
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        capture = Capture(f"https://incidents.example/{self.serial}", AT, "HTTP/1.1 200 OK", headers, body)
        return ArchivedPage(hash_body(body), self.writer.append(capture), len(body), headers[0][1], AT)


class Installation(Desk):
    """Checks a data directory and damages it."""

    site: ArchivedSite

    @property
    def archive_file(self) -> Path:
        [file] = self.settings.archive.glob("*.warc.gz")
        return file

    def check(self, **options: Any) -> list[Finding]:
        return list(check_all(self.settings, **options))

    def bad(self, **options: Any) -> dict[str, str]:
        """Each check that found something -> the worst that it found; that the run works still is left out."""
        found: dict[str, str] = {}
        for finding in self.check(**options):
            if finding.severity != "ok" and finding.check != "runs" and found.get(finding.check) != "error":
                found[finding.check] = finding.severity
        return found

    def repair(self) -> list[Finding]:
        return list(repair(self.settings))

    def finish(self) -> None:
        """The run ends as it should."""
        self.site.writer.close()
        with transaction(self.site.db):
            end_run(self.site.db, self.site.run, "completed")

    def die(self) -> None:
        """The process dies: its run has no end."""
        self.site.writer.close()

    def flip(self, offset: int, bit: int = 0) -> None:
        content = bytearray(self.archive_file.read_bytes())
        content[offset] ^= 1 << bit
        self.archive_file.write_bytes(content)

    def execute(self, *statements: str) -> None:
        """Change the database behind the program's back."""
        self.site.db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            self.site.db.execute(statement)

    def places(self) -> list[tuple[int, int]]:
        """Offset and length of each indexed record."""
        rows = self.site.rows("SELECT warc_offset, warc_length FROM pages ORDER BY warc_offset")
        return [(row["warc_offset"], row["warc_length"]) for row in rows]

    def findings(self, *arguments: str) -> tuple[int, list[dict[str, str]]]:
        status, output, messages = self.ingest("check", "--json", *arguments)
        assert status < 2, messages
        return status, [json.loads(line) for line in output.splitlines()]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Three incidents of one run that works still; nothing else is amiss."""
    monkeypatch.setattr("ingest.check.installation.FILE_BYTES", 0)  # the disk that tests run on may be small
    monkeypatch.setattr("ingest.check.installation.SCARCE_BYTES", 0)
    db = open_writer(tmp_path / "incidents.db")
    with transaction(db):
        register_source(db, {**SITE, **TERMS})
        run = begin_run(db, "scrape", "example", "test", None)
    site = ArchivedSite(db, run)
    site.writer = ArchiveWriter(tmp_path / "archive", run.id)
    site.list("a", "b", "c")
    site.commit(*(site.read(slug, record(summary=f"about {slug}", status="open")) for slug in "abc"))
    found = Installation(site, tmp_path)
    found.settings = Settings(data=tmp_path, contact="owner@ingest.example")
    yield found
    db.close()
