"""Fixture cases: a page as it was served, and what must come of it. One directory a case.

`page.html` (or `.txt`, `.xml`) is the body, `page.json` its URL, status and content type; `expected.json` the record
and its warnings, or `refused.json` the refusal. A golden file that a program has written is to be read by a person:
until then its `page.json` says `"reviewed": false`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.errors import IngestError
from ingest.extraction import Listing, Refusal
from ingest.reading import Reading

EXPECTED, REFUSED = "expected.json", "refused.json"
CASE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
Result = Reading | Listing | Refusal

_SUFFIXES = {"text/plain": ".txt", "application/xml": ".xml", "text/xml": ".xml"}


class CaseError(IngestError):
    """A case can't be read or written. The message names its directory."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. url and content_type are the response's; reviewed: a person has read the golden file."""

    folder: Path
    page: Path
    url: str | None
    content_type: str | None
    reviewed: bool

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def golden(self) -> Path:
        """What must come of the page; the file need not be there yet."""
        refused = self.folder / REFUSED
        return refused if refused.exists() else self.folder / EXPECTED


def fixtures_of(source_file: Path) -> Path:
    """The directory of a source's cases: `fixtures/NAME` beside its file; `tests/fixtures/NAME` for those built in."""
    place = source_file.parent
    built_in = place.name == "sites" and place.parent.name == "parsers"
    root = place.parent.parent / "tests" if built_in else place
    return root / "fixtures" / source_file.name.removesuffix(".toml")


def find_cases(folder: Path) -> list[Case]:
    """The cases in a directory, by name. Raises CaseError for one that can't be read."""
    return [read_case(file.parent) for file in sorted(folder.glob("*/page.json"))]


def read_case(folder: Path) -> Case:
    """The case of a directory. Raises CaseError."""
    pages = [path for path in sorted(folder.glob("page.*")) if path.suffix != ".json"]
    try:
        response = json.loads((folder / "page.json").read_text(encoding="utf-8"))
        url, content_type = response.get("url"), response.get("content_type")
        reviewed = response.get("reviewed", True)
    except (OSError, ValueError, AttributeError) as error:
        raise CaseError(f"{folder / 'page.json'} can't be read: {error}.") from error
    if len(pages) != 1:
        raise CaseError(f"{folder} holds {len(pages)} pages; a case has one, page.html, page.txt or page.xml.")
    return Case(folder, pages[0], url, content_type, reviewed is True)


def describe(result: Result) -> tuple[str, dict[str, Any]]:
    """The golden file's name and content for a result. Messages are free; kinds and details are not."""
    if isinstance(result, Listing):
        return EXPECTED, dict(json.loads(json.dumps(asdict(result))))
    refusal = result if isinstance(result, Refusal) else result.refusal
    if refusal is not None:
        return REFUSED, {"stage": refusal.stage, "kind": refusal.kind, "detail": dict(refusal.detail)}
    assert isinstance(result, Reading)
    warnings = [asdict(observation) for observation in result.observations]
    return EXPECTED, {"id": result.incident_id, "record": dict(result.fields), "warnings": warnings}


def differences(case: Case, result: Result) -> list[str]:
    """What a result has otherwise than the golden file, by key; of a record by field. Raises CaseError."""
    try:
        golden: Any = json.loads(case.golden.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(f"{case.golden} can't be read: {error}.") from error
    name, found = describe(result)
    if name != case.golden.name:
        return [f"{name} in place of {case.golden.name}"]
    return list(_differing(golden, found))


def _differing(golden: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for key in {**golden, **found}:
        before, after = golden.get(key), found.get(key)
        if key == "record" and isinstance(before, dict) and isinstance(after, dict):
            yield from _differing(before, after)
        elif before != after or (key in golden) != (key in found):
            yield key


def write_case(root: Path, name: str, body: bytes, content_type: str | None, url: str | None, result: Result) -> Case:
    """Write a case that a person is to review into a source's directory of cases.

    Raises CaseError for a name that is none, and where the case exists or can't be written.
    """
    if not CASE_NAME.fullmatch(name):
        raise CaseError(f"{name!r} is no name for a case: use lower-case letters, digits, dots, dashes, underscores.")
    folder = root / name
    kind = (content_type or "").partition(";")[0].strip().lower()
    page = folder / f"page{_SUFFIXES.get(kind, '.html')}"
    response = {"url": url, "status": 200, "content_type": content_type, "reviewed": False}
    golden, content = describe(result)
    try:
        folder.mkdir(parents=True)
        page.write_bytes(body)
        _write_json(folder / "page.json", response)
        _write_json(folder / golden, content)
    except FileExistsError as error:
        raise CaseError(f"{folder} exists; give the case another name, or remove it.") from error
    except OSError as error:
        raise CaseError(f"{folder} can't be written: {error.strerror}.") from error
    return Case(folder, page, url, content_type, reviewed=False)


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
