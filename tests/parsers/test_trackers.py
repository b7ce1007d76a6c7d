"""Trackers whose pages nobody has fetched yet: one record an incident in any markup, and a file that says so."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ingest.changes import content_sha256
from ingest.cli import run
from ingest.labels import label_key
from parsers import load_source
from tests.parsers.cases import Case, cases

SEEN = {
    "aiaaic": (
        *("Occurred", "Operator", "Developer", "Country", "Sector", "Purpose", "Technology", "Issue", "Transparency"),
        *("Type", "Published", "Last updated", "Page info"),
    ),
    "aiid": (
        *("Description", "Alleged", "Incident ID", "Report Count", "Incident Date", "Editors", "Harm Type", "Severity"),
        "Near Miss",
    ),
    "failureindex": (
        *("What", "Incident date", "Who", "Failure mode", "AI surface", "Severity", "Public visibility"),
        *("Financial impact", "Time to disclosure", "Sources"),
    ),
    "topaithreats": (
        *("Date Occurred", "Severity", "Evidence Level", "Impact Level", "Domain", "Primary Pattern", "Regions"),
        *("Secondary Patterns", "Sectors", "Affected Groups", "Exposure Pathways", "Causal Factors", "Entities"),
        *("Assets & Technologies", "Harm Types", "Last Updated"),
    ),
}
"""Each tracker -> the labels that were read off renderings of its pages."""
TRACKERS = tuple(SEEN)
LEAST_MARKUPS = 3

pytestmark = pytest.mark.parametrize("name", TRACKERS)


def incident_cases(name: str) -> list[Case]:
    """The fixtures of a source that are an incident's pages."""
    source = load_source(name)
    return [case for case in cases(name) if source.identify(case.response["url"]) is not None]


def test_ingest_parse_gives_every_fixtures_record(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = incident_cases(name)
    goldens = [json.loads(case.golden.read_text()) for case in pages]
    status = run(["--data", str(tmp_path / "data"), "parse", "--source", name, *(str(case.page) for case in pages)])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == any("kind" in golden for golden in goldens)
    assert list(map(outcome, rows)) == [golden.get("record", golden.get("kind")) for golden in goldens]


def outcome(row: dict[str, Any]) -> Any:
    """The record of a row of `ingest parse`, or the kind of its refusal."""
    return row["refused"]["kind"] if "refused" in row else row["record"]


def test_every_label_that_was_seen_on_the_site_is_known(name: str) -> None:
    source = load_source(name)
    assert [label for label in SEEN[name] if label_key(label) not in source.words] == []
    for case in incident_cases(name):
        warnings = json.loads(case.golden.read_text()).get("warnings", ())
        assert [one for one in warnings if one["kind"] == "unknown_label"] == []


def test_every_markup_of_an_incident_gives_one_content(name: str) -> None:
    contents: dict[str, list[str]] = defaultdict(list)
    for case in incident_cases(name):
        golden = json.loads(case.golden.read_text())
        if "record" in golden:
            contents[golden["id"]].append(content_sha256(golden["record"]))
    assert max(map(len, contents.values())) >= LEAST_MARKUPS
    assert {incident: len(set(hashes)) for incident, hashes in contents.items()} == dict.fromkeys(contents, 1)


def test_incidents_are_found_in_the_listing_and_under_their_own_ids(name: str) -> None:
    identities = {json.loads(case.golden.read_text()).get("id") for case in incident_cases(name)} - {None}
    (listing,) = (json.loads(case.golden.read_text()) for case in cases(name) if case.folder.name == "listing")
    listed = [load_source(name).identify(url) for url in listing["urls"]]
    assert listed
    assert {identity and identity[0] for identity in listed} <= identities


def test_the_file_says_that_the_live_site_is_untried_and_what_the_licence_is(name: str) -> None:
    text = files("parsers").joinpath(f"sites/{name}.toml").read_text(encoding="utf-8")
    assert "not yet tried on the live site" in text.splitlines()[0]
    source = load_source(name)
    assert source.delay_seconds == 1.0
    assert source.licence is not None
    assert "CC BY" in source.licence
    assert source.attribution is not None
    assert source.home_url in source.attribution
