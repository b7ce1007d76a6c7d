"""How long publishing, checking and asking about the past take: python -m benchmarks.history DIR [COUNT VERSIONS].

Fills a data directory through the store, as runs would, up to so many versions (a run that was stopped goes on), and
prints a figure a line. Commands run within one process, so without the time to start, unless a line says otherwise.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ingest.archive import ArchiveWriter, Capture
from ingest.captures import hash_body
from ingest.cli import run
from ingest.results import ArchivedPage, AttemptRow, PageResult, Read, Step, WorkItem
from ingest.store.commit import commit_results
from ingest.store.connection import open_reader, open_writer, transaction
from ingest.store.reports import change_rows, incident_as_of
from ingest.store.runs import begin_run, end_run, register_source
from ingest.store.work import note_urls

BATCH = 1000
AT = "2026-01-01T00:00:00.000000Z"
PARSER = "1-00000000"
SOURCE = {
    "id": "bench",
    "name": "Bench",
    "home_url": "https://bench.example/",
    "licence": "CC BY 4.0",
    "terms_url": None,
    "attribution": "Bench",
    "parser_version": PARSER,
    "origin": "https://bench.example",
}
WORDS = "model refund answer court agent airline policy customer invented review bias score loan image deleted".split()
STATUSES = ("reported", "confirmed", "resolved", "disputed")
PROVIDERS = tuple(f"Provider {n}" for n in range(40))


def prose(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def new_record(chance: random.Random, number: int) -> dict[str, Any]:
    """A record of the size of a real page: about 4 kB."""
    date = f"{chance.randint(2019, 2026)}-{chance.randint(1, 12):02}"
    texts = {name: prose(chance, 90) for name in ("description", "root_cause", "mitigation", "lessons_learned")}
    citation = {
        "title": prose(chance, 6),
        "publisher": "Daily",
        "date": date,
        "kind": "news",
        "url": "https://d.example/",
    }
    return {
        "title": f"Incident {number}: {prose(chance, 5)}",
        "summary": prose(chance, 30),
        "severity": chance.choice(("low", "medium", "high", "critical")),
        "category": chance.choice(("privacy_leak", "wrong_output", "research_finding")),
        "industry": chance.choice(("travel", "finance", "health")),
        "status": chance.choice(STATUSES),
        "application_type": "chatbot",
        "harm_type": "financial",
        "date_occurred": date,
        "date_reported": date,
        "jurisdiction": "Canada",
        "ai_provider": chance.choice(PROVIDERS),
        "model": f"Model {number % 30}",
        "human_review": chance.random() < 0.5,
        "litigation_filed": None,
        **texts,
        "tags": sorted(set(chance.choices(WORDS, k=4))),
        "citations": [citation] * 2,
        "raw": {"Status": "Reported", "Severity": "High"},
        "extra": {},
    }


def edit(chance: random.Random, record: dict[str, Any], serial: int) -> dict[str, Any]:
    """One to three fields change."""
    changed = {"status": f"{chance.choice(STATUSES)}_{serial}"}
    if chance.random() < 0.5:
        changed["description"] = prose(chance, 90)
    if chance.random() < 0.2:
        changed["model"] = f"Model {serial}"
    return {**record, **changed}


def readings(incidents: int, versions: int) -> Iterator[tuple[int, dict[str, Any]]]:
    chance = random.Random(1)
    records = [new_record(chance, number) for number in range(incidents)]
    yield from enumerate(records)
    for serial in range(incidents, versions):
        number = chance.randrange(incidents)
        records[number] = edit(chance, records[number], serial)
        yield number, records[number]


def result_of(writer: ArchiveWriter, number: int, serial: int, record: dict[str, Any]) -> PageResult:
    url = f"https://bench.example/incidents/{number}"
    body = f"<h1>{record['title']}</h1><p>{serial}{record['description']}</p>".encode()
    headers = (("Content-Type", "text/html"),)
    location = writer.append(Capture(url, AT, "HTTP/1.1 200 OK", headers, body))
    page = ArchivedPage(hash_body(body), location, len(body), "text/html", AT)
    attempt = AttemptRow(url, 1, AT, 5, "ok", 200, url, None, None)
    verdict = Read(f"bench:{number}", url, (Step(record, "site", page.sha256),))
    return PageResult(WorkItem(url), verdict, (attempt,), page, page.sha256, '"tag"', None)


def fill(data: Path, incidents: int, versions: int) -> None:
    """Write the versions that are missing, through the store as a scrape does but without waiting for the disk."""
    db = open_writer(data / "incidents.db")
    done = count_versions(db)
    if done >= versions:
        db.close()
        return
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -2000000")
    with transaction(db):
        register_source(db, SOURCE)
        current = begin_run(db, "scrape", "bench", "benchmark", None)
        note_urls(db, current, "incident", (f"https://bench.example/incidents/{n}" for n in range(incidents)))
    writer = ArchiveWriter(data / "archive", current.id)
    batch: dict[int, PageResult] = {}
    for serial, (number, record) in enumerate(readings(incidents, versions)):
        if serial < done:
            continue
        if number in batch or len(batch) == BATCH:
            commit_results(db, current, list(batch.values()), PARSER)
            batch.clear()
            print(f"{serial} versions", end="\r", file=sys.stderr, flush=True)
        batch[number] = result_of(writer, number, serial, record)
    writer.close()
    commit_results(db, current, list(batch.values()), PARSER)
    end_run(db, current, "completed")
    db.close()


def count_versions(db: Database) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM incident_versions").fetchone()[0])


def timed(title: str, work: Callable[[], Any]) -> None:
    """Print the least time of up to three runs; what takes over a second runs once."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < 1:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    print(f"{title:<55} {1000 * min(times):11.2f} ms", flush=True)


def process(data: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "ingest", "--data", str(data), *arguments], stdout=subprocess.DEVNULL, check=True
    )


def command(data: Path, *arguments: str) -> None:
    with open(os.devnull, "w") as nothing, redirect_stdout(nothing):  # noqa: PTH123
        assert run(["--data", str(data), *arguments]) == 0, arguments


def measure(data: Path) -> None:
    size = (data / "incidents.db").stat().st_size
    shutil.rmtree(data / "published", ignore_errors=True)
    timed("publish", lambda: command(data, "publish"))
    published = (data / "published" / "incidents.db").stat().st_size
    print(f"{'database; published file':<55} {size / 1e6:11.1f} MB; {published / 1e6:.1f} MB")
    timed("publish again, nothing to do", lambda: command(data, "publish"))
    db = open_reader(data / "incidents.db")
    last = db.execute("SELECT max(id) FROM incident_versions").fetchone()[0]
    middle = db.execute("SELECT observed_at FROM incident_versions WHERE id = ?", [last // 2]).fetchone()[0]
    busiest = db.execute("SELECT id FROM incidents ORDER BY version DESC LIMIT 1").fetchone()[0]
    bare = "SELECT record FROM incident_versions WHERE incident_id = ? AND version = 1"
    timed("bare indexed look-up", lambda: db.execute(bare, [busiest]).fetchone())
    timed("the last 100 versions' changes, in SQL", lambda: list(change_rows(db, last - 100)))
    timed("state of one incident as of a time, in SQL", lambda: incident_as_of(db, busiest, middle))
    view = "SELECT version, valid_from, valid_to FROM incidents_history WHERE incident_id = ?"
    timed("incidents_history of one incident, in SQL", lambda: db.execute(view, [busiest]).fetchall())
    recent = ("changes", "--since", str(last - 100), "--json")
    timed("changes --since: the same, a process of its own", lambda: process(data, *recent))
    timed("status, a process of its own", lambda: process(data, "status"))
    for title, arguments in {
        "changes --since: the last 100 versions": recent,
        "changes --since 0: all of them": ("changes", "--since", "0", "--json"),
        "changes --since 0 --csv": ("changes", "--since", "0", "--csv"),
        "changes --atom: the last 100 versions": ("changes", "--atom"),
        "show --as-of": ("show", busiest, "--as-of", middle, "--json"),
        "show": ("show", busiest, "--json"),
        "history": ("history", busiest, "--json"),
        "export --format jsonl": ("export", "--format", "jsonl"),
        "export --format csv --as-of": ("export", "--as-of", middle),
        "check --quick": ("check", "--quick"),
        "check": ("check",),
    }.items():
        timed(title, lambda arguments=arguments: command(data, *arguments))


def main() -> None:
    data, *counts = sys.argv[1:]
    incidents, versions = (int(count) for count in (*counts, "20000", "60000")[:2]) if counts else (20_000, 60_000)
    folder = Path(data)
    began = time.perf_counter()
    fill(folder, incidents, versions)
    print(f"filled to {incidents} incidents, {versions} versions in {time.perf_counter() - began:.0f} s")
    measure(folder)


if __name__ == "__main__":
    main()
