"""Whether an installation is sound: `check_all` looks and writes nothing, `repair` mends what it safely can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ingest.check.database import (
    RESTORE,
    check_database,
    check_foreign_keys,
    check_history,
    check_schema,
    check_search,
)
from ingest.check.files import check_files
from ingest.check.finding import Finding, Premises, require_database
from ingest.check.installation import (
    check_disk,
    check_growth,
    check_library,
    check_published,
    check_runs,
    check_settings,
    check_sources,
)
from ingest.check.pages import check_pages
from ingest.check.repair import repair
from ingest.errors import IngestError
from ingest.settings import Settings
from ingest.store.integrity import BusyError, DamageError, converting_errors, open_unchecked

__all__ = ["Finding", "check_all", "repair"]

Check = Callable[[Premises], Iterable[Finding]]

OUTSIDE: tuple[Check, ...] = (check_settings, check_disk, check_published)
FIRST: tuple[Check, ...] = (check_library, check_database, check_schema)
CONTENTS: tuple[Check, ...] = (
    *(check_foreign_keys, check_history, check_search, check_pages, check_files),
    *(check_growth, check_runs, check_sources),
)
"""Checks that read tables, and so need the schema that this program knows."""


def check_all(
    settings: Settings,
    *,
    quick: bool = False,
    announce: Callable[[int], None] = lambda pages: None,
    report_done: Callable[[int], None] = lambda pages: None,
) -> Iterator[Finding]:
    """Every finding, those of one check together. announce and report_done count archived pages.

    Raises IngestError where there is no database, or none that may be opened.
    """
    require_database(settings)
    try:
        with converting_errors(), open_unchecked(settings.database) as db:
            premises = Premises(settings, db, quick, announce, report_done)
            for check in OUTSIDE:
                yield from _run(check, premises)
            usable = True
            for check in FIRST:
                findings = _run(check, premises)
                usable &= all(one.severity == "ok" or one.check == "library" for one in findings)
                yield from findings
            for check in CONTENTS if usable else ():
                yield from _run(check, premises)
    except (DamageError, BusyError) as error:
        raise IngestError(f"{settings.database} can't be opened: {error}.") from error


def _run(check: Check, premises: Premises) -> list[Finding]:
    name, where = check.__name__.removeprefix("check_").replace("_", " "), str(premises.settings.database)
    try:
        with converting_errors():
            return list(check(premises))
    except DamageError as error:
        return [Finding("error", name, f"The database can't be read: {error}.", where, RESTORE)]
    except BusyError as error:
        what = f"Not looked at, because another process kept writing: {error}."
        return [Finding("warning", name, what, where, "Check again when no run works.")]
