"""The published file holds what readers need, all of it, and nothing that must not be public."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing

import pytest

from ingest.publish import publish
from ingest.store.connection import journal_mode, open_reader
from tests.publish.conftest import Desk
from tests.store.conftest import record

TABLES = {
    "_sqlite_migrations": {"id", "migration_set", "name", "applied_at"},
    "sources": {"id", "name", "home_url", "licence", "terms_url", "attribution", "parser_version", "origin"},
    "runs": {
        *("id", "flow", "source", "started_at", "finished_at", "heartbeat_at", "outcome", "message"),
        *("listing_complete", "listed", "deferred", "continues", "parser_version", "code_version", "prefect_run_id"),
    },
    "pages": {
        *("sha256", "warc_file", "warc_offset", "warc_length", "size", "content_type", "charset"),
        "first_fetched_at",
    },
    "incidents": {
        *("id", "number", "source", "url", *record(), "content_sha256", "version", "first_seen", "changed_at"),
        *("removed_at", "moved_to"),
    },
    "incident_versions": {
        *("id", "incident_id", "version", "change", "cause", "run_id", "observed_at", "page_sha256"),
        *("parser_version", "content_sha256", "record"),
    },
    "incident_changes": {"version_id", "field", "old_value", "new_value"},
    "incident_tags": {"incident_id", "position", "tag"},
    "incident_countries": {"incident_id", "country"},
    "manifest": {
        *("schema_version", "code_version", "written_at", "cursor", "last_change_at", "last_run"),
        *("sources", "incidents", "removed", "versions", "changes"),
    },
}
"""Every column was looked at: may it be public? A further one has to be looked at before it is added here."""
SAME = ("sources", "incidents", "incident_versions", "incident_changes")
VIEWS = ("recent_changes", "incident_citations", "incidents_history")


def fill(desk: Desk) -> None:
    citation = {"title": "T", "publisher": None, "date": "2026", "kind": None, "url": "https://news.example/"}
    desk.edit("a", status="open", tags=["x", "y"], summary="a parrot", citations=[citation])
    desk.edit("b", tags=["y"])
    desk.edit("a", status="closed", tags=["x", "y"], summary="a walrus", citations=[citation])
    desk.site.commit(desk.site.gone("b"))
    desk.site.list("broken")
    desk.site.commit(desk.site.failed("broken"))
    desk.end()


def test_it_has_the_tables_and_columns_that_may_be_public_and_no_others(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    tables = (
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name <> 'sqlite_sequence'"
    )
    columns = "SELECT name FROM pragma_table_info(?)"
    found = {name: {column for (column,) in desk.rows(columns, name)} for (name,) in desk.rows(tables)}
    assert found == TABLES
    assert {name for (name,) in desk.rows("SELECT name FROM sqlite_schema WHERE type = 'view'")} == set(VIEWS)


def test_incidents_history_and_views_are_those_of_the_database(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    with closing(open_reader(desk.settings.database).conn) as live:
        for name in (*SAME, *VIEWS, "incident_tags"):
            rows = live.execute(f"SELECT * FROM {name}").fetchall()
            assert rows, name
            assert sorted(map(repr, desk.rows(f"SELECT * FROM {name}"))) == sorted(map(repr, rows)), name


def test_it_is_sound_and_no_row_refers_to_an_absent_one(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    assert desk.rows("PRAGMA foreign_key_check") == []


def test_it_is_closed_and_in_rollback_journal_mode(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    assert desk.file.read_bytes()[18:20] == b"\x01\x01"  # https://sqlite.org/fileformat.html, 1.3.3
    assert {path.name for path in desk.folder.iterdir()} == {"incidents.db", "manifest.json"}


def test_the_search_index_finds_the_newest_words(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    query = "SELECT i.id FROM incidents_fts f JOIN incidents i ON i.number = f.rowid WHERE incidents_fts MATCH ?"
    assert desk.rows(query, "walrus") == [("example:a",)]
    assert desk.rows(query, "parrot") == []


def test_a_tool_that_joins_the_search_index_by_rowid_finds_the_right_rows(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    assert desk.rows("SELECT count(*) FROM incidents WHERE rowid <> number") == [(0,)]
    query = "SELECT id FROM incidents WHERE rowid IN (SELECT rowid FROM incidents_fts WHERE incidents_fts MATCH ?)"
    assert desk.rows(query, "walrus") == [("example:a",)]


def test_a_tag_is_found_through_an_index(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    query = "SELECT incident_id FROM incident_tags WHERE tag = 'y'"
    assert desk.rows(query) == [("example:a",), ("example:b",)]
    plan = desk.rows(f"EXPLAIN QUERY PLAN {query}")
    assert "USING COVERING INDEX incident_tags_tag" in plan[0][3]


VERSION_INDICES = ("incident_versions_counted", "incident_versions_change")


def test_a_jurisdiction_that_is_a_country_has_its_code(desk: Desk) -> None:
    desk.edit("a", jurisdiction="Norway; Europe; USA")
    desk.edit("b", jurisdiction="European Union")
    desk.end()
    desk.publish()
    assert desk.rows("SELECT country FROM incident_countries ORDER BY country") == [("NO",), ("US",)]


def test_every_index_of_the_published_tables_is_there(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    query = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {}"
    with closing(open_reader(desk.settings.database).conn) as live:
        own = live.execute(query.format(tuple(TABLES))).fetchall()
    own_names = ("incident_tags_tag", "incident_countries_country", "incidents_counted", "incidents_listed")
    counting = {(name,) for name in (*own_names, *VERSION_INDICES)}
    assert {*desk.rows(query.format(tuple(TABLES)))} == {*own, *counting}


def test_what_an_error_said_stays_private(desk: Desk) -> None:
    desk.edit("a")
    desk.site.db.execute("UPDATE runs SET prefect_run_id = 'id-of-prefect'")
    desk.end("failed", "OSError: /home/operator/secret: no space")
    desk.publish()
    assert desk.rows("SELECT outcome, message, prefect_run_id FROM runs") == [("failed", None, None)]
    content = desk.file.read_bytes()
    assert b"operator" not in content
    assert b"id-of-prefect" not in content


def test_pages_that_the_history_does_not_name_stay_behind(desk: Desk) -> None:
    fill(desk)
    page = desk.site.page()
    refused = desk.site.failed("broken", "parse", "challenge_page")
    desk.site.commit(type(refused)(refused.item, refused.verdict, (), page, page.sha256))
    desk.publish()
    assert desk.site.rows("SELECT 1 FROM pages WHERE sha256 = ?", page.sha256)
    named = desk.rows("SELECT DISTINCT page_sha256 FROM incident_versions WHERE page_sha256 IS NOT NULL ORDER BY 1")
    assert desk.rows("SELECT sha256 FROM pages ORDER BY 1") == named


def test_a_run_that_changed_nothing_is_there_as_long_as_it_is_the_last(desk: Desk) -> None:
    fill(desk)
    first = desk.site.run.id
    idle = []
    for _ in range(2):
        idle.append(desk.site.begin().id)
        desk.end()
    desk.publish()
    assert desk.rows("SELECT id FROM runs ORDER BY id") == [(first,), (idle[1],)]


def test_the_last_completed_run_is_there_behind_one_that_was_stopped(desk: Desk) -> None:
    fill(desk)
    completed = desk.site.begin().id
    desk.end()
    desk.site.begin()
    desk.end("interrupted")
    desk.publish()
    assert desk.rows("SELECT max(id) FROM runs WHERE outcome = 'completed'") == [(completed,)]


@pytest.mark.skipif(journal_mode() != "wal", reason="Without WAL a writer waits for the end of the copy.")
def test_what_is_committed_while_the_file_is_written_comes_with_the_next_one(desk: Desk) -> None:
    fill(desk)
    publish(desk.settings, announce=lambda versions: desk.edit("late", tags=["z"]))
    assert desk.rows("SELECT cursor, versions, (SELECT count(*) FROM incident_versions) FROM manifest") == [(4, 4, 4)]
    assert desk.rows("SELECT count(*) FROM incidents WHERE id = 'example:late'") == [(0,)]
    assert desk.publish().manifest.cursor == 5


def test_a_run_that_was_continued_is_there_with_the_one_that_continued_it(desk: Desk) -> None:
    interrupted = desk.site.run.id
    desk.end("interrupted")
    desk.site.begin()
    desk.edit("a")
    desk.end()
    desk.publish()
    assert desk.rows("SELECT continues FROM runs WHERE id = ?", desk.site.run.id) == [(interrupted,)]
    assert desk.rows("PRAGMA foreign_key_check") == []


def test_the_manifest_counts_what_is_there(desk: Desk) -> None:
    fill(desk)
    manifest = desk.publish().manifest
    assert (manifest.cursor, manifest.versions, manifest.incidents, manifest.removed) == (4, 4, 1, 1)
    assert (manifest.sources, manifest.changes, manifest.schema_version) == (1, 2, 2)
    assert manifest.last_run == desk.site.run.id
    assert desk.rows("SELECT max(observed_at) FROM incident_versions") == [(manifest.last_change_at,)]
    [row] = desk.rows("SELECT * FROM manifest")
    beside = json.loads((desk.folder / "manifest.json").read_text())
    assert row == tuple(beside[name] for name in list(beside)[3:])
    assert beside["sha256"] == hashlib.sha256(desk.file.read_bytes()).hexdigest()
    assert beside["size"] == desk.file.stat().st_size


def test_an_empty_database_can_be_published(desk: Desk) -> None:
    manifest = desk.publish().manifest
    assert (manifest.cursor, manifest.last_change_at, manifest.last_run, manifest.incidents) == (0, None, None, 0)


def test_commands_read_the_published_file_as_they_read_the_database(desk: Desk) -> None:
    fill(desk)
    desk.publish()
    for command in (["changes", "--json"], ["show", "example:a"], ["history", "example:a"], ["export"]):
        here, there = desk.ingest(*command), desk.ingest(*command, data=desk.folder)
        assert here == there
        assert here[0] == 0
        assert here[1]


@pytest.mark.parametrize("command", [["status"], ["runs"], ["failures"], ["drift"], ["retry"], ["scrape", "provyn"]])
def test_a_command_for_operators_says_where_it_belongs(desk: Desk, command: list[str]) -> None:
    desk.edit()
    desk.end()
    desk.publish()
    status, output, messages = desk.ingest(*command, data=desk.folder)
    assert (status, output) == (2, "")
    assert "published file" in messages
    assert len(messages.splitlines()) <= 2
