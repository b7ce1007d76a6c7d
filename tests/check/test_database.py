"""What happens to the database is found and named."""

from __future__ import annotations

import pytest

from ingest.errors import IngestError
from tests.check.conftest import Installation
from tests.store.conftest import record


def test_a_sound_database_gives_an_ok_for_each_check(installation: Installation) -> None:
    installation.finish()
    assert [finding.check for finding in installation.check()] == [
        *("settings", "disk", "published", "library", "database", "schema", "foreign keys", "history", "search"),
        *("pages", "files", "growth", "runs", "sources"),
    ]
    assert {finding.severity for finding in installation.check()} == {"ok"}


def test_a_deleted_version_leaves_a_gap_that_is_found(installation: Installation) -> None:
    installation.site.commit(installation.site.read("a", record(summary="about a", status="closed")))
    installation.finish()
    installation.execute("DELETE FROM incident_versions WHERE id = 4")
    found = {finding.what for finding in installation.check() if finding.severity == "error"}
    assert found == {
        "1 rows refer to rows of incident_versions that are absent.",
        "1 incidents differ from their last version; one is at example:a.",
    }


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE incidents SET content_sha256 = 'x' WHERE id = 'example:b'", "differ from their last version"),
        ("UPDATE incidents SET removed_at = changed_at WHERE id = 'example:b'", "differ from their last version"),
        ("UPDATE incident_versions SET version = 2 WHERE id = 2", "not numbered from 1"),
        ("UPDATE incident_versions SET id = 9 WHERE id = 3", "cursors are missing"),
        ("UPDATE incident_versions SET observed_at = '2020' WHERE id = 3", "their times decrease"),
    ],
)
def test_a_history_that_contradicts_itself_is_found(installation: Installation, statement: str, what: str) -> None:
    installation.finish()
    installation.execute(statement)
    assert any(what in finding.what for finding in installation.check() if finding.check == "history")


def test_an_index_that_does_not_match_its_table_is_found(installation: Installation) -> None:
    installation.finish()
    installation.execute(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, '(severity)', '(category)') WHERE name = 'incidents_severity'",
        "PRAGMA writable_schema = OFF",
        "PRAGMA schema_version = 4711",
        "UPDATE incidents SET severity = 'high', category = 'x'",
    )
    installation.execute(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, '(category)', '(severity)') WHERE name = 'incidents_severity'",
        "PRAGMA writable_schema = OFF",
    )
    assert installation.bad()["database"] == "error"


def test_overwritten_database_pages_are_found(installation: Installation) -> None:
    installation.finish()
    installation.site.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with installation.settings.database.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xa5" * 4096 * 5)
    status, findings = installation.findings()
    assert status == 1
    errors = [one for one in findings if one["severity"] == "error"]
    assert errors
    assert all(one["remedy"] for one in errors)


def test_a_file_that_is_no_database_is_an_error_with_a_remedy(installation: Installation) -> None:
    installation.finish()
    installation.site.db.close()
    for path in installation.settings.data.glob("incidents.db*"):
        path.unlink()
    installation.settings.database.write_bytes(b"no database, but long enough to be read as one" * 100)
    assert installation.bad()["database"] == "error"
    status, _, messages = installation.ingest("check", "--repair")
    assert status == 2
    assert "nothing is repaired" in messages


def test_a_search_index_that_has_lost_a_word_is_found_and_built_again(installation: Installation) -> None:
    installation.finish()
    installation.execute(
        "INSERT INTO incidents_fts(incidents_fts, rowid, title, summary, description, root_cause, mitigation, "
        "lessons_learned) SELECT 'delete', number, title, summary, description, root_cause, mitigation, "
        "lessons_learned FROM incidents WHERE id = 'example:a'"
    )
    assert installation.bad() == {"search": "error"}
    assert installation.bad(quick=True) == {"search": "error"}
    [done] = installation.repair()
    assert done.severity == "ok"
    assert installation.bad() == {}
    found = "SELECT rowid FROM incidents_fts WHERE incidents_fts MATCH 'about'"
    assert len(installation.site.rows(found)) == 3


def test_checking_the_search_index_writes_nothing(installation: Installation) -> None:
    installation.finish()
    installation.site.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = installation.settings.database.read_bytes()
    installation.check()
    installation.site.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert installation.settings.database.read_bytes() == before


def test_a_pending_step_of_the_schema_is_a_warning_and_nothing_is_migrated(installation: Installation) -> None:
    installation.finish()
    installation.execute("DELETE FROM _sqlite_migrations")
    assert installation.bad() == {"schema": "warning"}
    assert installation.site.rows("SELECT * FROM _sqlite_migrations") == []


def test_a_step_of_a_newer_program_is_an_error(installation: Installation) -> None:
    installation.finish()
    installation.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ingest', 'step_99', 'now')"
    )
    assert installation.bad() == {"schema": "error"}


def test_a_library_that_can_corrupt_the_database_is_an_error(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.finish()
    monkeypatch.setattr("ingest.check.installation.library_version", lambda: (3, 40, 1))
    [finding] = [one for one in installation.check() if one.check == "library"]
    assert finding.severity == ("error" if "wal" in finding.what.lower() else "ok")
    installation.site.db.execute("PRAGMA journal_mode = DELETE")
    assert installation.bad() == {}


def test_a_search_index_that_cannot_be_locked_is_a_warning(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.finish()
    monkeypatch.setattr("ingest.store.integrity.BUSY_SECONDS", 0)
    installation.site.db.execute("BEGIN IMMEDIATE")
    assert installation.bad() == {"search": "warning"}
    installation.site.db.execute("ROLLBACK")


def test_without_a_database_nothing_can_be_checked(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"data": installation.settings.data / "empty"})
    installation.settings = settings
    with pytest.raises(IngestError, match="There is no database"):
        installation.check()
    for options in ([], ["--repair"]):
        status, _, messages = installation.ingest("check", *options)
        assert status == 2
        assert "There is no database" in messages
    assert not settings.data.exists()
