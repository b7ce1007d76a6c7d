"""The archive is read again: by the present parser, without a request, and without a guess."""

from __future__ import annotations

import pytest

from ingest.store.connection import open_writer
from tests.loopback import Answer
from tests.reparse.conftest import CORRECTION, Workshop
from tests.scrape.replica import incident_page

HISTORY = ("incidents", "incident_versions", "incident_changes", "drift")


def test_a_mended_source_file_changes_records_by_cause_of_the_parser(workshop: Workshop) -> None:
    workshop.edit(more=CORRECTION)
    workshop.reparse("provyn")
    rows = [(row["incident_id"], row["cause"], row["field"], row["new_value"]) for row in workshop.replica.changes(2)]
    assert rows == [("provyn:a", "parser", "model", "Breeze II"), ("provyn:b", "parser", "model", "Breeze II")]
    assert workshop.replica.rows(
        "SELECT DISTINCT u.parser_version = s.parser_version AS new FROM urls u, sources s WHERE u.kind = 'incident'"
    ) == [{"new": 1}]
    workshop.replica.scrape()
    assert workshop.replica.site.asked[-1][1] == 304
    assert len(workshop.replica.changes(4)) == 0


def test_the_same_parser_changes_nothing(workshop: Workshop) -> None:
    before = [workshop.replica.rows(f"SELECT * FROM {table}") for table in HISTORY]
    workshop.reparse()
    assert [workshop.replica.rows(f"SELECT * FROM {table}") for table in HISTORY] == before
    assert workshop.replica.rows("SELECT flow, outcome FROM runs ORDER BY id DESC LIMIT 1") == [
        {"flow": "reparse", "outcome": "completed"}
    ]


def test_a_dry_run_shows_the_differences_by_field_and_writes_nothing(workshop: Workshop) -> None:
    database = workshop.replica.data / "incidents.db"
    workshop.edit(more=CORRECTION)
    before = database.read_bytes()
    shown = workshop.reparse("--dry-run")
    assert "model           2" in shown
    assert "provyn:a: Breeze 2 → Breeze II" in shown
    assert database.read_bytes() == before


def test_a_page_that_no_longer_parses_is_a_failure_and_its_record_stays(workshop: Workshop) -> None:
    workshop.edit('"Full Description"', '"Complete Story"')
    workshop.reparse(status=1)
    failures = workshop.replica.rows("SELECT stage, kind, page_sha256 IS NOT NULL AS evidence FROM open_failures")
    assert failures == [{"stage": "parse", "kind": "partial_page", "evidence": 1}] * 2
    assert workshop.replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": 2}]
    workshop.file.write_text(workshop.text)
    workshop.reparse()
    assert workshop.replica.rows("SELECT * FROM open_failures") == []
    assert workshop.replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": 2}]


def test_what_the_site_failed_to_answer_stays_open_and_what_is_gone_stays_gone(workshop: Workshop) -> None:
    replica = workshop.replica
    replica.publish(a=Answer("", 500), b=Answer("gone", 410))
    replica.scrape(status=1)
    workshop.edit(more=CORRECTION)
    workshop.reparse()
    assert replica.rows("SELECT stage, kind FROM open_failures") == [{"stage": "fetch", "kind": "http_500"}]
    assert [(row["incident_id"], row["change"]) for row in replica.changes(3)] == [("provyn:a", "changed")]


def test_a_page_that_was_refused_is_read_before_the_older_one(workshop: Workshop) -> None:
    replica = workshop.replica
    replica.publish(a=incident_page("Refund promised", Date_Reported="the day after", Status="Resolved"))
    replica.scrape(status=1)
    correction = '\n[[corrections]]\nfield = "date_reported"\nprinted = "the day after"\nright = "2025-03-10"\n'
    workshop.edit(more=CORRECTION + correction)
    workshop.reparse()
    changes = [row for row in replica.changes(2) if row["incident_id"] == "provyn:a"]
    assert [(row["version"], row["cause"], row["field"], row["new_value"]) for row in changes] == [
        (2, "parser", "model", "Breeze II"),
        (3, "site", "date_reported", "2025-03-10"),
        (3, "site", "status", "resolved"),
    ]
    assert replica.rows("SELECT * FROM open_failures") == []


def test_where_site_and_parser_have_changed_a_scrape_tells_them_apart(workshop: Workshop) -> None:
    replica = workshop.replica
    replica.publish(a=incident_page("Refund promised", Status="Resolved", Industry="Rail"))
    workshop.edit(more=CORRECTION)
    replica.scrape()
    changes = [row for row in replica.changes(2) if row["incident_id"] == "provyn:a"]
    assert [(row["version"], row["cause"], row["field"], row["new_value"]) for row in changes] == [
        (2, "parser", "model", "Breeze II"),
        (3, "site", "industry", "rail"),
        (3, "site", "status", "resolved"),
    ]
    assert replica.rows("SELECT count(DISTINCT run_id) AS runs FROM incident_versions WHERE version > 1") == [
        {"runs": 1}
    ]


def test_a_label_that_the_file_has_learnt_is_no_longer_drift(workshop: Workshop) -> None:
    workshop.replica.publish(a=incident_page("Refund promised", Model_Name="x"))
    workshop.replica.scrape()
    assert workshop.replica.rows("SELECT field FROM open_drift") == [{"field": "Model Name"}]
    workshop.edit(more="\n")
    workshop.file.write_text(workshop.text.replace("[labels]", 'ignore = ["Model Name"]\n[labels]'))
    workshop.reparse()
    assert workshop.replica.rows("SELECT field FROM open_drift") == []


@pytest.mark.parametrize(("same_parser", "read"), [(True, 1), (False, 2)])
def test_an_interrupted_reparse_is_continued_by_the_same_parser(
    workshop: Workshop, same_parser: bool, read: int
) -> None:
    workshop.reparse()
    db = open_writer(workshop.replica.data / "incidents.db")
    db.execute("UPDATE runs SET outcome = 'interrupted' WHERE flow = 'reparse'")
    db.execute("UPDATE urls SET reread_run_id = NULL WHERE url LIKE '%/b'")
    db.close()
    if not same_parser:
        workshop.edit(more=CORRECTION)
    workshop.reparse()
    [run] = workshop.replica.rows("SELECT id, continues FROM runs ORDER BY id DESC LIMIT 1")
    assert (run["continues"] is not None) is same_parser
    assert len(workshop.replica.rows("SELECT 1 FROM urls WHERE reread_run_id = ?", run["id"])) == read


def test_without_an_archive_there_is_nothing_to_read(workshop: Workshop) -> None:
    assert "comes first" in workshop.replica.ingest("reparse", "aiid").stderr
