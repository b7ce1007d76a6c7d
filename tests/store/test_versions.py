"""Incidents get a version when, and only when, their record changes."""

from __future__ import annotations

import json

import pytest

from ingest.store.commit import commit_results
from tests.store.conftest import PARSER, Site, record, url_of


def test_a_page_read_for_the_first_time_adds_an_incident(site: Site) -> None:
    site.list("a")
    counts = site.commit(site.read("a", record(severity="high", human_review=True, tags=["x", "y"])))
    assert counts.added == 1
    [row] = site.rows("SELECT * FROM incidents")
    assert (row["id"], row["version"], row["severity"], row["human_review"]) == ("example:a", 1, "high", 1)
    assert json.loads(row["tags"]) == ["x", "y"]
    [version] = site.rows("SELECT * FROM incident_versions")
    assert (version["change"], version["cause"], version["content_sha256"]) == ("added", "site", row["content_sha256"])
    assert json.loads(version["record"])["human_review"] is True
    assert site.rows("SELECT * FROM incident_changes") == []


def test_the_same_record_again_writes_no_incident_row(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(raw={"Status": "Open"})))
    site.db.execute("CREATE TRIGGER no_write BEFORE UPDATE ON incidents BEGIN SELECT raise(ABORT, 'written'); END")
    counts = site.commit(site.read("a", record(raw={"State": "Open"})))
    assert counts.same == 1
    assert len(site.rows("SELECT * FROM incident_versions")) == 1


def test_an_edit_is_a_version_with_a_row_a_changed_field(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(status="reported", model=None, human_review=False)))
    site.commit(site.read("a", record(status="resolved", model="M-1", human_review=None)))
    changes = site.rows("SELECT field, old_value, new_value FROM incident_changes ORDER BY field")
    assert changes == [
        {"field": "human_review", "old_value": 0, "new_value": None},
        {"field": "model", "old_value": None, "new_value": "M-1"},
        {"field": "status", "old_value": "reported", "new_value": "resolved"},
    ]
    assert [row["version"] for row in site.rows("SELECT version FROM incident_versions ORDER BY id")] == [1, 2]


def test_tags_in_another_order_change_nothing_and_keep_the_stored_order(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(tags=["b", "a"])))
    assert site.commit(site.read("a", record(tags=["a", "b"]))).same == 1
    site.commit(site.read("a", record(tags=["a", "b"], status="closed")))
    [row] = site.rows("SELECT tags FROM incidents")
    assert json.loads(row["tags"]) == ["b", "a"]
    assert [change["field"] for change in site.rows("SELECT field FROM incident_changes")] == ["status"]


def test_going_back_to_an_earlier_record_is_a_third_version(site: Site) -> None:
    site.list("a")
    for status in ("one", "two", "one"):
        site.commit(site.read("a", record(status=status)))
    hashes = [row["content_sha256"] for row in site.rows("SELECT content_sha256 FROM incident_versions ORDER BY id")]
    assert len(hashes) == 3
    assert hashes[0] == hashes[2] != hashes[1]


def test_a_page_that_is_gone_leaves_a_tombstone_and_its_record(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(status="open")))
    assert site.commit(site.gone("a")).removed == 1
    [row] = site.rows("SELECT removed_at, status, version FROM incidents")
    assert row["removed_at"] is not None
    assert (row["status"], row["version"]) == ("open", 2)
    [url] = site.rows("SELECT etag, page_sha256, parser_version FROM urls")
    assert url == {"etag": None, "page_sha256": None, "parser_version": None}


def test_a_page_that_comes_back_is_restored_with_what_changed_meanwhile(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(status="open")))
    site.commit(site.gone("a"))
    assert site.commit(site.read("a", record(status="closed"))).restored == 1
    [row] = site.rows("SELECT removed_at, status, version FROM incidents")
    assert row == {"removed_at": None, "status": "closed", "version": 3}
    assert [change["field"] for change in site.rows("SELECT field FROM incident_changes")] == ["status"]


def test_a_removed_incident_is_not_removed_twice(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    site.commit(site.gone("a"))
    site.commit(site.gone("a"))
    assert [row["change"] for row in site.rows("SELECT change FROM incident_versions")] == ["added", "removed"]


def test_a_redirect_to_another_incident_removes_the_old_one_and_says_where_it_went(site: Site) -> None:
    site.list("old", "new")
    site.commit(site.read("old", record()))
    site.commit(site.read("old", record(), known=True, as_slug="new"))
    old, new = site.rows("SELECT id, removed_at, moved_to FROM incidents ORDER BY number")
    assert (old["id"], old["moved_to"], old["removed_at"] is not None) == ("example:old", "example:new", True)
    assert (new["id"], new["removed_at"]) == ("example:new", None)


def test_two_steps_of_one_reading_are_two_versions_with_a_cause_each(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(status="open")))
    site.commit(
        site.read("a", record(status="open", model="M"), record(status="closed", model="M"), causes=("parser", "site"))
    )
    versions = site.rows(
        "SELECT v.cause, c.field FROM incident_versions v JOIN incident_changes c ON c.version_id = v.id ORDER BY v.id"
    )
    assert versions == [{"cause": "parser", "field": "model"}, {"cause": "site", "field": "status"}]


def test_one_batch_may_touch_an_incident_twice(site: Site) -> None:
    site.list("old", "new")
    site.commit(site.read("old", record()))
    site.commit(site.read("old", record(), known=True, as_slug="new"), site.read("new", record(status="open")))
    [row] = site.rows("SELECT version, status FROM incidents WHERE id = 'example:new'")
    assert row == {"version": 2, "status": "open"}


def test_cursors_have_no_gaps_even_after_a_transaction_that_failed(site: Site) -> None:
    site.list("a", "b")
    site.commit(site.read("a", record()))
    broken = site.read("b", {**record(), "no_such_column": 1})
    with pytest.raises(Exception, match="no_such_column"):
        commit_results(site.db, site.run, [broken], PARSER)
    site.commit(site.read("b", record()))
    assert [row["id"] for row in site.rows("SELECT id FROM incident_versions")] == [1, 2]


def test_a_failed_batch_leaves_nothing_behind(site: Site) -> None:
    site.list("a", "b")
    good, broken = site.read("a", record()), site.read("b", {**record(), "no_such_column": 1})
    with pytest.raises(Exception, match="no_such_column"):
        commit_results(site.db, site.run, [good, broken], PARSER)
    for table in ("incidents", "incident_versions", "fetches", "pages"):
        assert site.rows(f"SELECT * FROM {table}") == []
    assert site.rows("SELECT result_run_id FROM urls WHERE url = ?", url_of("a")) == [{"result_run_id": None}]


def test_observed_times_never_decrease(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(status="one")))
    site.db.execute("UPDATE incident_versions SET observed_at = '2999-01-01T00:00:00.000000Z'")
    site.commit(site.read("a", record(status="two")))
    times = [row["observed_at"] for row in site.rows("SELECT observed_at FROM incident_versions ORDER BY id")]
    assert times == sorted(times)


def test_the_search_index_follows_every_change(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record(summary="a parrot")))
    site.commit(site.read("a", record(summary="a walrus")))
    found = "SELECT rowid FROM incidents_fts WHERE incidents_fts MATCH ?"
    assert site.rows(found, "parrot") == []
    assert site.rows(found, "walrus") == [{"rowid": 1}]


def test_the_search_index_survives_a_vacuum(site: Site) -> None:
    site.list("a", "b")
    site.commit(site.read("a", record(summary="a parrot")), site.read("b", record(summary="a walrus")))
    site.db.vacuum()
    [row] = site.rows(
        "SELECT i.id FROM incidents_fts f JOIN incidents i ON i.number = f.rowid WHERE incidents_fts MATCH 'walrus'"
    )
    assert row["id"] == "example:b"
