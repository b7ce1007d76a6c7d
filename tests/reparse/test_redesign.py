"""A redesign that breaks the parser: nothing is emptied or published until the parser is mended and has read it."""

from __future__ import annotations

import json

from tests.reparse.conftest import Workshop
from tests.scrape.replica import incident_page

COUNT = 6
NEW_WORDS = {
    "Full Description": "What went on",
    "Category": "Sort",
    "Industry": "Field of work",
    "Status": "Where it stands",
    "Date Occurred": "Day of it",
    "Jurisdiction": "Land",
    "AI Provider": "Maker",
    "Model": "Machine",
}


def page(number: int, redesigned: bool, **facts: str) -> str:
    text = incident_page(f"Incident {number}", **facts)
    for old, new in NEW_WORDS.items() if redesigned else ():
        text = text.replace(f">{old}<", f">{new}<")
    return text


def test_a_redesign_empties_nothing_stops_publishing_and_is_mended_from_the_archive(workshop: Workshop) -> None:
    replica = workshop.replica
    for number in range(COUNT):
        replica.publish(**{f"page_{number}": page(number, redesigned=False)})
    for slug in ("a", "b"):
        replica.unlist(slug)
    replica.scrape()
    assert replica.ingest("publish").status == 0
    cursor = replica.changes()[-1]["cursor"]

    for number in range(COUNT):
        replica.publish(**{f"page_{number}": page(number, redesigned=True, Harm_Type="reputational")})
    replica.scrape(status=1)
    assert replica.changes(cursor) == []
    assert replica.rows("SELECT count(*) AS n FROM incidents WHERE model IS NULL OR description IS NULL") == [{"n": 0}]
    assert replica.rows("SELECT outcome FROM runs ORDER BY id DESC LIMIT 1") == [{"outcome": "held"}]
    assert replica.ingest("publish").status == 1

    [verdict] = [json.loads(line) for line in replica.ingest("drift", "--json").stdout.splitlines()]
    assert (verdict["source"], verdict["measure"], verdict["usual"]) == ("provyn", "read", 1.0)
    assert (verdict["value"], verdict["note"]) == (0.25, f"partial_page: {COUNT}")
    assert verdict["example_url"].startswith("https://provyn.dev/incidents/page-")
    workshop.reparse(status=1)
    assert replica.ingest("publish").status == 1

    aliases = "".join(f'"{new}" = "{old}"\n' for old, new in NEW_WORDS.items())
    workshop.edit(more=f"\n[aliases]\n{aliases}")
    workshop.reparse()
    changes = replica.changes(cursor)
    assert {(row["cause"], row["field"], row["new_value"]) for row in changes} == {
        ("site", "harm_type", "reputational")
    }
    assert len(changes) == COUNT
    assert replica.rows("SELECT * FROM open_failures") == []
    drift = [json.loads(line) for line in replica.ingest("drift", "--json").stdout.splitlines()]
    assert {(row["field"], row["value"]) for row in drift} <= {
        (old, f"printed as {new}") for old, new in NEW_WORDS.items()
    }
    assert replica.ingest("publish").status == 0
