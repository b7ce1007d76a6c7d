"""What a check found, and what each check is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.settings import Settings

Severity = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. check: the part that was looked at, in a word or two; remedy: what to do, empty where nothing."""

    severity: Severity
    check: str
    what: str
    where: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Premises:
    """An installation, its database opened as it is, and how thoroughly to look.

    announce is told how many archived pages there are to verify, report_done how many have been verified further.
    """

    settings: Settings
    db: Database
    quick: bool
    announce: Callable[[int], None]
    report_done: Callable[[int], None]


def require_database(settings: Settings) -> None:
    """Raise IngestError where there is no database to look at."""
    if not settings.database.exists():
        raise IngestError(f"There is no database at {settings.database}. `ingest scrape` makes one.")
