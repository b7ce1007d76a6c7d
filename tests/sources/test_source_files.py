"""A source's file is read into frozen objects, or refused in one sentence that names file, line and key."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from ingest.sources import Source, SourceError, read_source

FILE = """version = 3
title = "Example tracker"
home_url = "https://example.org/"
hosts = ["example.org", "www.example.org"]
incident_url = 'https://example\\.org/incidents/(?P<slug>[a-z-]+)'
listings = ["https://example.org/incidents"]
badge = "severity"

[labels]
"Category" = "category"
"Date Occurred" = "date_occurred"

[sections]
"Full Description" = "description"
"Sources" = "citations"

[aliases]
"Occurred" = "Date Occurred"

[vocabularies]
severity = ["low", "high"]

[[corrections]]
field = "category"
printed = "Bais"
right = "Bias"

[floors]
listing = 0.9

[floors.fill]
category = 1.0
"""


def read(text: str = FILE) -> Source:
    return read_source("example", text, "sites/example.toml")


def sentence(old: str, new: str) -> str:
    assert old in FILE
    with pytest.raises(SourceError) as caught:
        read(FILE.replace(old, new, 1))
    message = str(caught.value)
    assert message.startswith("sites/example.toml")
    assert "\n" not in message
    return message


def test_a_file_gives_labels_sections_and_rules() -> None:
    source = read()
    assert (source.name, source.version, source.title, source.origin) == (
        *("example", 3, "Example tracker"),
        "https://example.org",
    )
    assert source.label_names["occurred"] == "Date Occurred"
    assert source.label_names["category"] == "Category"
    assert source.section_names["sources"] == "Sources"
    assert {"category", "occurred", "full description"} <= source.words
    assert (source.floors.listing, source.floors.fill) == (0.9, {"category": 1.0})
    assert (source.delay_seconds, source.concurrency, source.licence) == (1.0, 1, None)
    assert source.correct("category", "Bais") == "Bias"
    assert source.correct("status", "Bais") == "Bais"


def test_a_source_is_frozen_and_travels_to_other_processes() -> None:
    source = read()
    with pytest.raises(ValidationError):
        source.title = "Other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(source)) == source


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('"Category" = "category"', '"Category" = "categroy"', 10, "labels.Category"),
        ('"Date Occurred" = "date_occurred"', '"Date Occurred" = "category"', 11, "labels.Date Occurred"),
        ('"Full Description" = "description"', '"Full Description" = "tags"', 14, "sections.Full Description"),
        ('"Sources" = "citations"', '"CATEGORY:" = "citations"', 15, "sections.CATEGORY:"),
        ('"Occurred" = "Date Occurred"', '"Occurred" = "Happened"', 18, "aliases.Occurred"),
        ('badge = "severity"', 'badge = "severity"\noptional = ["Kind"]', 8, "optional"),
        ("(?P<slug>[a-z-]+)", "([a-z-]+)", 5, "incident_url"),
        ("(?P<slug>[a-z-]+)", "(?P<slug>[a-z-+)", 5, "incident_url"),
        ("(?P<slug>[a-z-]+)", "(?P<slug>[a-z-]+)/", 5, "incident_url"),
        ("https://example\\.org/incidents/(?P", "https://www\\.example\\.org/incidents/(?P", 5, "incident_url"),
        ("https://example\\.org/incidents/(?P", "https://example\\.com/incidents/(?P", 5, "incident_url"),
        ("incidents/(?P<slug>[a-z-]+)", "(?P<slug>.+)", 5, "incident_url"),
        ("https://example\\.org/incidents/(?P<slug>[a-z-]+)", "(?P<slug>.*)", 5, "incident_url"),
        ('badge = "severity"', 'badge = "severity"\nextra = ["Category"]', 8, "extra.Category"),
        ('badge = "severity"', 'badge = "severity"\nlead = "nothing"', 8, "lead"),
        ('badge = "severity"', 'badge = "severity"\nlines = ["By {author}"]', 8, "lines.0"),
        ('badge = "severity"', 'badge = "severity"\nlines = ["By {model}", "{title}"]', 8, "lines.1"),
        ('badge = "severity"', 'badge = "severity"\nlines = ["Category: {model} bias"]', 8, "lines.0"),
        ("[sections]", '[roles."Parties"]\nmaker = "category"\n[sections]', 14, "roles.Parties.maker"),
        ("[sections]", '[roles."Parties"]\nmaker = "extra"\n[sections]', 13, "roles.Parties"),
        ("[sections]", '[roles."Category"]\nmaker = "model"\n[sections]', 13, "roles.Category"),
        ("[sections]", '[separators]\n"Date Occurred" = ","\n[sections]', 14, "separators.Date Occurred"),
        ("[sections]", '[separators]\n"Categry" = ","\n[sections]', 14, "separators.Categry"),
        ("[sections]", '[separators]\n"Category" = " and "\n[sections]', 14, "separators.Category"),
        ("version = 3", 'version = "3"', 1, "version"),
        ("version = 3", "version = 3\nlicense = 'CC0'", 2, "license"),
        ('badge = "severity"', 'badge = "status"', 7, "badge"),
        ('severity = ["low", "high"]', 'severity = ["Low Risk"]', 21, "vocabularies.severity.0"),
        ('severity = ["low", "high"]', 'severity = ["low"]\nmodel = ["x"]', 22, "vocabularies.model"),
        ('field = "category"', 'field = "colour"', 24, "corrections.0.field"),
        ("listing = 0.9", "listing = 90", 29, "floors.listing"),
        ("category = 1.0", "model = 1.0", 32, "floors.fill.model"),
        ('["https://example.org/incidents"]', '["https://elsewhere.example/"]', 6, "listings"),
        ('"https://example.org/"', '"ftp://example.org/"', 3, "home_url"),
        ('hosts = ["example.org", "www.example.org"]', 'hosts = ["example.com"]', 4, "hosts"),
    ],
)
def test_a_fault_names_file_line_and_key(old: str, new: str, line: int, key: str) -> None:
    assert sentence(old, new).startswith(f"sites/example.toml, line {line}, key {key}: ")


def test_what_a_mirrors_address_is_depends_on_the_mirror() -> None:
    source = read()
    url = "http://127.0.0.1:8000/incidents/one"
    assert source.identify(url) is None
    mirrored = source.model_copy(update={"mirror_origin": "http://127.0.0.1:8000"})
    assert mirrored.identify(url) == ("example:one", "https://example.org/incidents/one")
    assert source.identify(url) is None


def test_a_missing_key_is_named_without_a_line() -> None:
    assert "key title: this key is missing" in sentence('title = "Example tracker"\n', "")


def test_a_misspelt_key_goes_before_the_one_that_it_leaves_missing() -> None:
    assert "line 2, key titel: there is no such key" in sentence("title", "titel")


def test_two_labels_for_one_field_must_be_aliases() -> None:
    message = sentence('"Date Occurred" = "date_occurred"', '"Date Occurred" = "date_occurred"\n"Kind" = "category"')
    assert "'Category' fills category too; make one an alias of the other" in message


def test_a_page_proves_itself_by_its_description_so_one_must_be_named() -> None:
    assert "description" in sentence('"Full Description" = "description"\n', "")


def test_broken_toml_is_told_by_its_line() -> None:
    assert "line 1" in sentence("version = 3", "version = ")


def test_the_name_is_the_files() -> None:
    assert "key name" in sentence("version = 3", 'version = 3\nname = "other"')
