"""A run after which a source no longer reads as it did is held, and its source until someone ends it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.holds.test_lost_fields import without
from tests.scrape.replica import Replica, incident_page

COUNT = 5


def fill(replica: Replica, change: Callable[[str], str] = str) -> None:
    for number in range(COUNT):
        replica.publish(**{f"page_{number}": change(incident_page(f"Incident {number}"))})


def drift(replica: Replica) -> list[dict[str, object]]:
    return [json.loads(line) for line in replica.ingest("drift", "--json").stdout.splitlines()]


@pytest.fixture
def held(replica: Replica) -> Replica:
    """A site whose pages have all lost the same label, after a good run."""
    fill(replica)
    replica.scrape()
    fill(replica, lambda page: without(page, "Model"))
    replica.scrape(status=1)
    return replica


def test_a_field_that_empties_everywhere_holds_run_and_publishing_and_drift_says_why(held: Replica) -> None:
    assert held.rows("SELECT outcome FROM runs ORDER BY id") == [{"outcome": "completed"}, {"outcome": "held"}]
    ended = held.ingest("publish")
    assert (ended.status, "provyn is held" in ended.stderr) == (1, True)
    assert json.loads(held.ingest("status", "--json").stdout)["held"] is True
    [verdict] = drift(held)
    assert (verdict["measure"], verdict["field"]) == ("fill", "model")
    assert (verdict["value"], verdict["usual"], verdict["floor"], verdict["total"]) == (0.0, 1.0, 0.8, COUNT)
    assert str(verdict["example_url"]).startswith("https://provyn.dev/incidents/page-")
    table = held.ingest("drift").stdout
    assert "model" in table
    assert "0% of 5" in table


def test_a_site_that_mends_itself_stays_held_until_somebody_has_looked(held: Replica) -> None:
    fill(held)
    held.scrape()
    assert held.ingest("publish").status == 1


def test_a_later_run_over_the_same_pages_agrees_until_they_are_the_new_usual(held: Replica) -> None:
    held.scrape(status=1)
    assert held.ingest("accept", "run", "provyn").status == 0
    held.scrape()
    assert drift(held) == []
    assert json.loads(held.ingest("status", "--json").stdout)["held"] is False
    assert held.ingest("publish").status == 0


def test_pages_that_can_no_longer_be_read_hold_the_run_and_empty_nothing(replica: Replica) -> None:
    fill(replica)
    replica.scrape()
    fill(replica, lambda page: page[: page.index("<section>")])
    ended = replica.scrape(status=1)
    assert "of the pages could be read" in ended.stdout
    assert replica.rows("SELECT count(*) AS n FROM incident_versions") == [{"n": COUNT}]
    [verdict] = drift(replica)
    assert (verdict["measure"], verdict["note"]) == ("read", f"partial_page: {COUNT}")


def test_words_that_nobody_knows_hold_the_run_unless_they_are_accepted(replica: Replica) -> None:
    fill(replica)
    replica.scrape()
    for number in range(COUNT):
        replica.publish(**{f"page_{number}": incident_page(f"Incident {number}", Severity="Grave")})
    replica.scrape(status=1)
    [verdict] = [row for row in drift(replica) if "measure" in row]
    assert (verdict["measure"], verdict["field"], verdict["note"]) == ("known", "severity", f"grave: {COUNT}")
    replica.ingest("accept", "drift", "provyn", "unknown_value", "severity", "Grave")
    assert replica.scrape().status == 0


def test_a_shrunken_listing_that_was_accepted_is_the_new_measure(replica: Replica) -> None:
    fill(replica)
    replica.scrape()
    for number in range(2, COUNT):
        replica.unlist(f"page-{number}")
    ended = replica.scrape(status=1)
    assert "2 incidents are listed, usually 5" in ended.stdout
    replica.ingest("accept", "run", "provyn")
    assert replica.scrape().status == 0


def test_a_wave_of_removals_holds_the_run(replica: Replica) -> None:
    fill(replica)
    replica.scrape()
    for number in range(3):
        del replica.site.pages[f"/incidents/page-{number}"]
    ended = replica.scrape(status=1)
    assert "2 incidents are left, usually 5" in ended.stdout
