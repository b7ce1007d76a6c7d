"""The sample's data files, and what a page prints of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

Facts = Mapping[str, Any]
"""One incident as incidents.toml has it: field -> value."""

LABELS = {
    "category": "Category",
    "industry": "Industry",
    "status": "Status",
    "date_occurred": "Date Occurred",
    "date_reported": "Date Reported",
    "jurisdiction": "Jurisdiction",
    "ai_provider": "AI Provider",
    "model": "Model",
    "application_type": "Application Type",
    "harm_type": "Harm Type",
    "human_review": "Human Review in Place",
    "litigation_filed": "Litigation Filed",
}
"""Field -> the label that the site prints, in page order."""
SECTIONS = {
    "description": "Full Description",
    "root_cause": "Root Cause",
    "mitigation": "Mitigation Analysis",
    "lessons_learned": "Lessons Learned",
}
REQUIRED_LABELS = (
    *("category", "industry", "status", "date_reported", "ai_provider"),
    *("application_type", "harm_type", "human_review"),
)
"""The fields whose labels every page prints; the others are absent from a few."""

DATES = ("date_occurred", "date_reported")

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_EDTF = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, of one line, or a list of several."""

    lines: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True, slots=True)
class PrintedSource:
    """One entry of the list of sources. line: publisher, date and kind, as far as printed."""

    title: str
    line: tuple[str, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident as the site prints it. labels: each label with its values; sections: each heading with its blocks."""

    slug: str
    title: str
    severity: str
    summary: str
    labels: tuple[tuple[str, tuple[str, ...]], ...]
    tags: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Block, ...]], ...]
    sources: tuple[PrintedSource, ...]

    def label(self, name: str) -> str:
        """The values of a label as one text; "" where it is not printed."""
        return ", ".join(next((values for label, values in self.labels if label == name), ()))


def load_incidents() -> dict[str, Facts]:
    """All incidents of the sample by slug, in the order of the file."""
    return {facts["slug"]: facts for facts in load_data("incidents.toml")["incident"]}


def load_data(name: str) -> dict[str, Any]:
    """A TOML file that lies beside this module, in a wheel too."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def print_entry(facts: Facts) -> Entry:
    """The words that the site prints of an incident."""
    labels = [(label, _print_values(field, facts[field])) for field, label in LABELS.items() if field in facts]
    labels += [(label, (value,)) for label, value in facts.get("extra", {}).items()]
    return Entry(
        slug=facts["slug"],
        title=facts["title"],
        severity=facts["severity"],
        summary=fold(facts["summary"]),
        labels=tuple(labels),
        tags=tuple(facts.get("tags", ())),
        sections=tuple((heading, read_blocks(facts[field])) for field, heading in SECTIONS.items() if field in facts),
        sources=tuple(map(_print_source, facts["sources"])),
    )


def read_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a long text of the data file."""
    return tuple(_read_block(block) for block in text.strip().split("\n\n"))


def fold(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def print_date(text: str) -> str:
    """`2024-12-01` -> `Dec 1, 2024`, a range with a dash between its ends; what is not EDTF stays as it stands."""
    if not _EDTF.fullmatch(text):
        return text
    return " – ".join(map(_print_end, text.split("/")))


def _print_end(edtf: str) -> str:
    year, *rest = edtf.split("-")
    month = [_MONTHS[int(number) - 1] for number in rest[:1]]
    day = [f"{int(number)}," for number in rest[1:]]
    return " ".join([*month, *day, year])


def _print_values(field: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("Yes" if value else "No",)
    if field in DATES:
        return (print_date(value),)
    return tuple(value) if isinstance(value, list) else (value,)


def _print_source(source: Mapping[str, str]) -> PrintedSource:
    parts = (source.get(name) for name in ("publisher", "date", "kind"))
    return PrintedSource(source["title"], tuple(print_date(part) for part in parts if part), source.get("url"))


def _read_block(block: str) -> Block:
    lines = block.splitlines()
    if all(line.startswith("- ") for line in lines):
        return Block(tuple(line.removeprefix("- ") for line in lines), is_list=True)
    return Block((fold(block),), is_list=False)
