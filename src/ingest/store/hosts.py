"""Hosts that are to be left alone for a while."""

from __future__ import annotations

from sqlite_utils import Database

from ingest.times import now

_DEFER = """
INSERT INTO hosts (host, not_before, reason, noted_at) VALUES (:host, :until, :reason, :at)
ON CONFLICT (host) DO UPDATE
SET not_before = excluded.not_before, reason = excluded.reason, noted_at = excluded.noted_at
WHERE excluded.not_before > hosts.not_before
"""


def defer_host(db: Database, host: str, until: str, reason: str) -> None:
    """Keep that a host is not to be requested before a time; a later time stays."""
    db.execute(_DEFER, {"host": host, "until": until, "reason": reason, "at": now()})


def deferred_hosts(db: Database, at: str) -> list[dict[str, str]]:
    """The hosts that are still to be left alone: host, not_before, reason (asked or down)."""
    return list(db.query("SELECT host, not_before, reason FROM hosts WHERE not_before > ? ORDER BY host", [at]))
