"""A site is scraped again and again: exactly the right versions, and nothing where nothing changed."""

from __future__ import annotations

from tests.loopback import Answer
from tests.scrape.replica import Replica, incident_page, redesigned_page

HISTORY = ("incidents", "incident_versions", "incident_changes")


def events(replica: Replica) -> list[tuple[str, str]]:
    rows = replica.rows("SELECT incident_id, change FROM incident_versions ORDER BY id")
    return [(row["incident_id"].removeprefix("provyn:"), row["change"]) for row in rows]


def test_every_page_becomes_an_incident_with_its_fields(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice", Model="Breeze 3"))
    replica.scrape()
    rows = replica.rows(
        "SELECT id, url, title, severity, date_occurred, model, human_review FROM incidents ORDER BY id"
    )
    assert rows[0] == {
        "id": "provyn:a",
        "url": "https://provyn.dev/incidents/a",
        "title": "Refund promised",
        "severity": "high",
        "date_occurred": "2025-03-04",
        "model": "Breeze 2",
        "human_review": 0,
    }
    assert rows[1]["model"] == "Breeze 3"


def test_a_second_scrape_touches_no_incident(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    before = [replica.rows(f"SELECT * FROM {table}") for table in HISTORY]
    replica.scrape()
    assert [replica.rows(f"SELECT * FROM {table}") for table in HISTORY] == before
    assert replica.site.asked[-1] == ("/incidents/b", 304)


def test_an_edit_gives_one_version_with_the_edited_fields(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(a=incident_page("Refund promised", "Critical", Status="Resolved"))
    replica.scrape()
    assert events(replica) == [("a", "added"), ("b", "added"), ("a", "changed")]
    edits = [(row["field"], row["old_value"], row["new_value"], row["cause"]) for row in replica.changes(2)]
    assert edits == [("severity", "high", "critical", "site"), ("status", "reported", "resolved", "site")]


def test_gone_and_back_are_a_removal_and_a_restoration(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(b=Answer("gone", 410))
    replica.scrape()
    replica.publish(b=incident_page("Seat sold twice", Status="Resolved"))
    replica.scrape()
    assert events(replica)[2:] == [("b", "removed"), ("b", "restored")]
    assert [row["field"] for row in replica.changes(3)] == [None, "status"]


def test_a_listed_page_that_stays_gone_is_neither_a_change_nor_a_failure(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(b=Answer("gone", 410))
    replica.scrape()
    replica.scrape()
    assert events(replica)[2:] == [("b", "removed")]
    assert replica.rows("SELECT * FROM open_failures") == []


def test_an_incident_that_is_no_longer_listed_and_is_gone_is_removed_in_the_same_run(replica: Replica) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(5)})
    replica.scrape()
    del replica.site.pages["/incidents/page-3"]
    replica.unlist("page-3")
    replica.scrape()
    assert events(replica)[5:] == [("page-3", "removed")]


def test_an_incident_that_is_no_longer_listed_but_answers_is_alive(replica: Replica) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(5)})
    replica.scrape()
    replica.unlist("page-3")
    replica.scrape()
    replica.scrape()
    assert events(replica)[5:] == []


def test_a_listing_that_shrinks_below_its_floor_holds_the_run_and_removes_nothing(replica: Replica) -> None:
    replica.publish(**{f"page_{number}": incident_page(f"Incident {number}") for number in range(5)})
    replica.scrape()
    for number in range(3):
        replica.unlist(f"page-{number}")
        del replica.site.pages[f"/incidents/page-{number}"]
    result = replica.scrape(status=1)
    assert "floor" in result.stdout
    assert events(replica)[5:] == []


def test_a_redesign_with_the_same_words_changes_nothing(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    read = "SELECT page_sha256 FROM urls WHERE kind = 'incident' ORDER BY url"
    before = replica.rows(read)
    replica.publish(a=redesigned_page("Refund promised"), b=redesigned_page("Seat sold twice"))
    replica.scrape()
    assert events(replica)[2:] == []
    assert all(old != new for old, new in zip(before, replica.rows(read), strict=True))


def test_a_page_that_moves_to_another_incident_says_where(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised"), b=incident_page("Seat sold twice"))
    replica.scrape()
    replica.publish(a=Answer("", 301, {"Location": "/incidents/b"}))
    replica.scrape()
    assert events(replica)[2:] == [("a", "removed")]
    assert replica.rows("SELECT moved_to FROM incidents WHERE id = 'provyn:a'") == [{"moved_to": "provyn:b"}]


def test_an_unknown_label_is_kept_and_reported(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised", Estimated_Cost="12 USD"))
    replica.scrape()
    assert replica.rows("SELECT extra FROM incidents") == [{"extra": '{"Estimated Cost": "12 USD"}'}]
    assert replica.rows("SELECT kind, field FROM open_drift") == [{"kind": "unknown_label", "field": "Estimated Cost"}]


def test_links_that_name_the_mirror_stand_for_the_sites_own(replica: Replica) -> None:
    replica.publish(a=incident_page("Refund promised").replace("https://news.example/a", f"{replica.site.url}/report"))
    links = f"<a href='{replica.site.url}/incidents/a'>a</a>"
    replica.site.pages["/incidents"] = Answer(f"<!doctype html><h1>Incidents</h1>{links}")
    replica.scrape()
    assert replica.rows("SELECT url FROM urls WHERE kind = 'incident'") == [{"url": "https://provyn.dev/incidents/a"}]
    assert replica.rows("SELECT url FROM incident_citations") == [{"url": "https://provyn.dev/report"}]
