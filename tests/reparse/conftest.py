"""A site that has been scraped, and a source's file that a test edits."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.scrape.replica import Replica, incident_page

CORRECTION = '\n[[corrections]]\nfield = "model"\nprinted = "Breeze 2"\nright = "Breeze II"\n'
"""An edit of the source's file that changes one field of every record."""


class Workshop:
    """The replica and the file by which it is read."""

    def __init__(self, replica: Replica, folder: Path) -> None:
        self.replica = replica
        self.file = folder / "provyn.toml"
        self.text = files("parsers").joinpath("sites/provyn.toml").read_text(encoding="utf-8")
        self.file.write_text(self.text)

    def edit(self, old: str = "", new: str = "", more: str = "") -> None:
        assert old in self.file.read_text()
        self.file.write_text(self.file.read_text().replace(old, new, 1) + more)

    def reparse(self, *options: str, status: int = 0) -> str:
        asked = len(self.replica.site.asked)
        ended = self.replica.ingest("reparse", *options)
        assert ended.status == status, ended
        assert len(self.replica.site.asked) == asked, "a reparse makes no request"
        return ended.stdout


@pytest.fixture
def workshop(replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    folder = tmp_path / "sources"
    folder.mkdir()
    monkeypatch.setenv("INGEST_SOURCES", str(folder))
    made = Workshop(replica, folder)
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    return made
