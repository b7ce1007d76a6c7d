"""A draft from three real pages reads all of its site, where the pages are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.dates import read_date
from ingest.onboarding.examples import Example, open_example
from ingest.onboarding.making import make_source
from ingest.reading import read_body
from ingest.words import to_slug
from parsers import read

ADVISORIES = Path(__file__).parents[3] / "shared/corpus/advisories"
FOLDER = "https://advisories.example/"

pytestmark = pytest.mark.skipif(not ADVISORIES.is_dir(), reason="the real pages are not at hand")


def open_file(file: Path) -> Example:
    return open_example(file.name, file.read_bytes(), "text/html", None, FOLDER)


def test_three_pages_of_a_site_give_its_source() -> None:
    files = sorted(ADVISORIES.glob("*.html"))
    source = make_source([open_file(file) for file in files[20:80:20]]).source
    records = right = known = 0
    for file in files:
        reading = read_body(file.read_bytes(), "text/html", f"{FOLDER}{file.name}", source, read)
        if reading.refusal is not None:
            continue
        records += 1
        fields = reading.fields
        for label, values in json.loads(file.with_suffix(".json").read_text()).items():
            known += 1
            field = source.labels.get(label)
            if field == "date_reported":
                right += fields[field] == read_date(values[0])
            elif field == "category":
                right += set(fields[field].split("; ")) == set(map(to_slug, values))
            else:
                printed = fields["extra"].get(label, "").replace(";", " ").split()
                right += printed[:1] == values if label == "Package" else sorted(printed) == sorted(values)
    assert records >= 0.93 * len(files)  # the others print their description under a heading of their own
    assert right == known
