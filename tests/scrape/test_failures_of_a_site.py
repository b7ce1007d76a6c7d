"""What a site does wrong becomes a failure with a kind; what is stored stays."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.archive import Location, read_capture
from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page


def open_failures(replica: Replica) -> list[tuple[str, str]]:
    rows = replica.rows("SELECT stage, kind FROM open_failures ORDER BY url")
    return [(row["stage"], row["kind"]) for row in rows]


def test_a_challenge_page_with_status_200_leaves_the_record_as_it_is(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    challenge = "<!doctype html><title>Just a moment...</title><h1>Checking your browser before you go on</h1>"
    replica.publish(a=challenge)
    replica.scrape(status=1)
    assert replica.rows("SELECT version, title FROM incidents") == [{"version": 1, "title": "Refund promised"}]
    [row] = replica.rows("SELECT stage, page_sha256 FROM open_failures")
    assert row["stage"] == "parse"
    [page] = replica.rows("SELECT * FROM pages WHERE sha256 = ?", row["page_sha256"])
    location = Location(page["warc_file"], page["warc_offset"], page["warc_length"])
    assert read_capture(replica.data / "archive", location).wire == challenge.encode()


def test_a_date_that_can_not_be_read_fails_validation_with_field_and_text(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised", Date_Occurred="early spring 2025"))
    replica.scrape(status=1)
    assert open_failures(replica) == [("validate", "unreadable_value")]
    [row] = [json.loads(line) for line in replica.ingest("failures", "--json").stdout.splitlines()]
    assert "early spring 2025" in json.dumps(row)
    assert "date_occurred" in json.dumps(row)
    assert replica.rows("SELECT * FROM incidents") == []


def test_a_new_page_that_is_not_found_is_a_failure(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=Answer("no", 404))
    replica.scrape(status=1)
    assert open_failures(replica) == [("fetch", "http_404")]


def test_a_failure_is_resolved_when_the_page_can_be_read(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised", Date_Occurred="early spring 2025"))
    replica.scrape(status=1)
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    assert open_failures(replica) == []
    assert len(replica.rows("SELECT * FROM incidents")) == 1


def test_a_site_that_can_not_be_reached_is_one_clear_sentence_and_status_2(replica: Replica) -> None:
    result = replica.ingest(
        "scrape", "provyn", "--base-url", "http://127.0.0.1:9", "--allow-host", "127.0.0.1:9", "--delay", "0"
    )
    assert result.status == 2
    assert result.stderr.count("\n") == 1
    assert "provyn" in result.stderr


def test_a_loopback_site_is_refused_unless_it_is_named(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    result = replica.ingest("scrape", "provyn", "--base-url", replica.site.url, "--delay", "0")
    assert result.status == 2
    assert "--allow-host" in result.stderr
    assert replica.site.asked == []


def test_an_unknown_source_is_one_clear_sentence(replica: Replica) -> None:
    result = replica.ingest("scrape", "no-such-source")
    assert (result.status, result.stderr.count("\n")) == (2, 1)
    assert "provyn" in result.stderr


def test_a_data_directory_that_can_not_be_written_is_refused(replica: Replica, tmp_path: Path) -> None:
    replica.data = tmp_path / "file"
    replica.data.write_text("not a directory")
    result = replica.scrape(status=2)
    assert str(replica.data) in result.stderr


def test_a_dry_run_reports_and_writes_nothing(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    result = replica.scrape("--dry-run")
    assert "added" in result.stdout
    assert not replica.data.exists()


def test_every_archived_body_has_its_hash_at_its_offset(replica: Replica) -> None:
    import hashlib

    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(5)})
    replica.scrape()
    for page in replica.rows("SELECT * FROM pages"):
        location = Location(page["warc_file"], page["warc_offset"], page["warc_length"])
        body = read_capture(replica.data / "archive", location).wire
        assert hashlib.sha256(body).hexdigest() == page["sha256"]


def test_an_empty_page_is_refused_and_leaves_the_record_as_it_is(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"))
    replica.scrape()
    replica.publish(a=Answer(""), b=Answer(""))
    replica.scrape(status=1)
    assert open_failures(replica) == [("parse", "empty_body"), ("parse", "empty_body")]
    assert replica.rows("SELECT version, title FROM incidents") == [{"version": 1, "title": "Refund promised"}]
