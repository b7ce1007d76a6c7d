"""What a person has said is right: a held run, a page that empties its record, a kind of drift. Rows are only added."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.store.connection import transaction
from ingest.store.holds import holding_runs
from ingest.times import now

_LOSSES = """
SELECT source, url, page_sha256, message FROM failures
WHERE url = ? AND kind = 'lost_fields' AND resolved_at IS NULL ORDER BY id DESC LIMIT 1
"""
_DRIFT = "source = :source AND kind = :kind AND field = :field AND coalesce(value = :value, true)"


def is_page_accepted(db: Database, url: str, page_sha256: str | None) -> bool:
    """Whether a person has said that this page of a URL is right although it empties fields."""
    query = "SELECT 1 FROM acceptances WHERE what = 'page' AND url = ? AND page_sha256 = ?"
    return db.execute(query, [url, page_sha256]).fetchone() is not None


def accept_page(db: Database, url: str) -> dict[str, Any]:
    """Accept the page that was last refused for a URL because it empties fields; the failure that it stays open as.

    Raises IngestError where no such failure is open.
    """
    with transaction(db):
        row = next(iter(db.query(_LOSSES, [url])), None)
        if row is None:
            raise IngestError(
                f"No page of {url} waits to be accepted. `ingest failures --kind lost_fields` shows those that do."
            )
        _accept(db, "page", source=row["source"], url=url, page_sha256=row["page_sha256"])
    return row


def accept_run(db: Database, source: str) -> str:
    """Accept the run that holds a source; its id. What it found is from then on what is usual.

    Raises IngestError where none holds it.
    """
    with transaction(db):
        run_id = holding_runs(db).get(source)
        if run_id is None:
            raise IngestError(f"No run of {source} waits to be accepted. `ingest status` shows which sources are held.")
        _accept(db, "run", source=source, run_id=run_id)
    return run_id


def accept_drift(db: Database, source: str, kind: str, field: str, value: str | None) -> int:
    """Accept drift of a field or label, with one value or with all; how many rows of it were open.

    Raises IngestError where none was.
    """
    wanted = {"source": source, "kind": kind, "field": field, "value": value}
    with transaction(db):
        changed = db.execute(
            f"UPDATE drift SET accepted_at = :at WHERE accepted_at IS NULL AND {_DRIFT}", {**wanted, "at": now()}
        ).rowcount
        if not changed:
            raise IngestError(f"{source} has no open drift {kind} {field}. `ingest drift {source}` shows what is open.")
        _accept(db, "drift", source=source, kind=kind, field=field, value=value)
    return int(changed)


def _accept(db: Database, what: str, **about: str | None) -> None:
    db.table("acceptances").insert({"what": what, "accepted_at": now(), **about})
