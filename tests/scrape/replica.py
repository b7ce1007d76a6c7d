"""A replica of an incident site on loopback, and the command that scrapes it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ingest.cli import run
from ingest.store.connection import open_reader
from tests.loopback import Answer, LoopbackSite

FACTS = {
    "Category": "Wrong Output",
    "Industry": "Travel",
    "Status": "Reported",
    "Date Occurred": "Mar 4, 2025",
    "Date Reported": "Mar 9, 2025",
    "Jurisdiction": "Canada",
    "AI Provider": "Northwind AI",
    "Model": "Breeze 2",
    "Application Type": "chatbot",
    "Harm Type": "financial",
    "Human Review in Place": "No",
    "Litigation Filed": "Yes",
}
SECTIONS = {
    "Full Description": "The assistant of a rail company promised a refund that its rules did not allow.",
    "Root Cause": "The model had not been given the rules.",
    "Mitigation Analysis": "Answers about money go to a person.",
    "Lessons Learned": "A promise by a machine is a promise by its owner.",
}


def incident_page(title: str, severity: str = "High", sections: dict[str, str] | None = None, **facts: str) -> str:
    """An incident in `dl` markup; facts override or add labels, given with `_` for spaces."""
    values = FACTS | {name.replace("_", " "): value for name, value in facts.items()}
    pairs = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in values.items())
    texts = "".join(
        f"<section><h2>{name}</h2><p>{escape(text)}</p></section>"
        for name, text in (SECTIONS | (sections or {})).items()
    )
    return (
        f"<!doctype html><title>{escape(title)}</title><main><h1>{escape(title)}</h1><span>{severity}</span>"
        f"<p>A summary of what happened: {escape(title)}.</p><dl>{pairs}</dl>{texts}"
        "<section><h2>Sources</h2><ul><li><a href='https://news.example/a'>A report</a>"
        "<p>Example News · Mar 9, 2025 · news</p></li></ul></section></main>"
    )


def redesigned_page(title: str, severity: str = "High") -> str:
    """The same words as `incident_page` in a table and headings of other levels."""
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in FACTS.items())
    texts = "".join(f"<h3>{name}</h3><div><p>{text}</p></div>" for name, text in SECTIONS.items())
    return (
        f"<!doctype html><title>{title}</title><article><div><h1>{title}</h1></div><b>{severity}</b>"
        f"<p>A summary of what happened: {title}.</p><table>{rows}</table>{texts}"
        "<h3>Sources</h3><div><div><a href='https://news.example/a'>A report</a>"
        "<div>Example News · Mar 9, 2025 · news</div></div></div></article>"
    )


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


@dataclass
class Replica:
    """The loopback site, the data directory and the command."""

    site: LoopbackSite
    data: Path
    slugs: list[str] = field(default_factory=list)

    def publish(self, **pages: str | Answer) -> None:
        """Set incident pages by slug (`_` for `-`); each is listed."""
        for name, page in pages.items():
            slug = name.replace("_", "-")
            self.site.pages[f"/incidents/{slug}"] = page if isinstance(page, Answer) else Answer(page)
            if slug not in self.slugs:
                self.slugs.append(slug)
        self.list()

    def unlist(self, slug: str) -> None:
        self.slugs.remove(slug)
        self.list()

    def list(self) -> None:
        links = "".join(f"<li><a href='/incidents/{slug}'>{slug}</a></li>" for slug in self.slugs)
        self.site.pages["/incidents"] = Answer(
            f"<!doctype html><title>Incidents</title><h1>Incidents</h1><ul>{links}</ul>"
        )

    def ingest(self, *arguments: str) -> Ended:
        output, messages = io.StringIO(), io.StringIO()
        with redirect_stdout(output), redirect_stderr(messages):
            status = run(["--data", str(self.data), *arguments])
        return Ended(status, output.getvalue(), messages.getvalue())

    def scrape(self, *more: str, status: int = 0) -> Ended:
        result = self.ingest(
            "scrape", "provyn", "--base-url", self.site.url, "--allow-host", self.site.host, "--delay", "0", *more
        )
        assert result.status == status, result
        return result

    @property
    def db(self) -> Database:
        return open_reader(self.data / "incidents.db")

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        db = self.db
        try:
            return list(db.query(query, values))
        finally:
            db.close()

    def changes(self, since: int = 0) -> list[dict[str, Any]]:
        output = self.ingest("changes", "--since", str(since), "--json").stdout
        return [json.loads(line) for line in output.splitlines()]
