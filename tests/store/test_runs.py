"""Runs continue what was interrupted, and keep a data directory to one origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.store.connection import open_reader, open_writer, transaction
from ingest.store.runs import close_dead_runs, dead_runs, end_run, register_source
from ingest.store.work import next_listed
from tests.store.conftest import SITE, Site, record, url_of


def test_a_run_continues_the_one_that_died_and_skips_what_it_committed(site: Site) -> None:
    first = site.run
    site.list("a", "b")
    site.commit(site.read("a", record()))
    with transaction(site.db):
        assert dead_runs(site.db, "example") == [first.id]
        close_dead_runs(site.db, [first.id])
    run = site.begin()
    site.list("a", "b")
    assert run.chain == (run.id, first.id)
    assert [item.url for item in next_listed(site.db, run, "", 10)] == [url_of("b")]


def test_a_run_after_a_completed_one_does_everything_again(site: Site) -> None:
    site.list("a")
    site.commit(site.read("a", record()))
    with transaction(site.db):
        end_run(site.db, site.run, "completed")
    run = site.begin()
    site.list("a")
    assert run.chain == (run.id,)
    assert [item.url for item in next_listed(site.db, run, "", 10)] == [url_of("a")]


def test_a_run_that_died_more_than_a_day_ago_is_not_continued(site: Site) -> None:
    with transaction(site.db):
        site.db.execute("UPDATE runs SET heartbeat_at = '2020-01-01T00:00:00.000000Z'")
        close_dead_runs(site.db, [site.run.id])
    assert site.begin().chain == (site.run.id,)


def test_a_data_directory_refuses_another_origin(site: Site) -> None:
    with pytest.raises(IngestError, match="Name another directory"):
        register_source(site.db, {**SITE, "origin": "http://127.0.0.1:8000"})


def test_a_database_of_a_newer_schema_is_refused(site: Site, tmp_path: Path) -> None:
    site.db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ingest', 'step_99', '')")
    for opener in (open_reader, open_writer):
        with pytest.raises(IngestError, match="newer ingest"):
            opener(tmp_path / "incidents.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "incidents.db").write_text("no database at all, but long enough to have a header of its own" * 9)
    with pytest.raises(IngestError, match="can't be opened"):
        open_writer(tmp_path / "incidents.db")


def test_a_missing_database_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="There is no database"):
        open_reader(tmp_path / "incidents.db")
