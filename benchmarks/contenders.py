"""Who is compared: the command of each, what it does, and the proof that it did all of it."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import HERE, ROOT, EnvironmentMissing, build_ours, prepare
from benchmarks.serving import Server

PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Job:
    """What a contender is given: a site, an empty folder that its group shares, and how many requests at a time."""

    site: Server
    folder: Path
    concurrency: int


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of the comparison. count: how many pages its result shows to be done.

    packages: the folder whose packages it imports before the checkout's. run_seconds: how long its work took by its own
    account, without what comes before and after; None where it keeps none.
    """

    name: str
    does: str
    command: Callable[[Job], list[str]]
    count: Callable[[Job], int]
    packages: Path = ROOT
    run_seconds: Callable[[Job], float | None] = lambda job: None


def groups(work: Path) -> tuple[list[list[Contender]], list[str]]:
    """Contenders in groups: those of a group work one after the other on what the first has made. Those that are set
    beside each other follow each other, so that the machine has little time to become another one between them.

    Also a sentence for each one that is left out.
    """
    left_out = []
    try:
        packages = build_ours(work)
    except EnvironmentMissing as missing:
        packages = ROOT
        left_out.append(f"Ours runs as plain Python: {missing}")
    found = [[prefect(work, packages)], ours(packages), bare(packages)]
    for make in (scrapy, crawlee):
        try:
            found.append([make(work)])
        except EnvironmentMissing as missing:
            left_out.append(f"{make.__name__} is left out: {missing}")
    if packages is not ROOT:
        found.append(plain())
    return found, left_out


def environment(contender: Contender) -> Mapping[str, str]:
    """Without the operator's settings, and with the benchmark's source."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INGEST_", "PREFECT_"))}
    return {**kept, "INGEST_SOURCES": str(HERE / "sources"), "PYTHONPATH": f"{contender.packages}{os.pathsep}{ROOT}"}


def _ingest(job: Job, *arguments: str) -> list[str]:
    return [PYTHON, "-P", "-m", "ingest", "--data", str(job.folder / "data"), *arguments]


def _scrape(job: Job) -> list[str]:
    site = ("--base-url", job.site.home, "--allow-host", job.site.host)
    return _ingest(job, "scrape", "bench", *site, "--delay", "0", "--concurrency", str(job.concurrency))


def _rows(database: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return int(db.execute(query).fetchone()[0])


def _ours(query: str) -> Callable[[Job], int]:
    return lambda job: _rows(job.folder / "data" / "incidents.db", query)


def _seconds_of_run(job: Job) -> float:
    """From the beginning to the end of the newest run, as the database has it."""
    query = (
        "SELECT round(86400000 * (julianday(finished_at) - julianday(started_at))) FROM runs ORDER BY id DESC LIMIT 1"
    )
    return _rows(job.folder / "data" / "incidents.db", query) / 1000


_LAST_RUN = "(SELECT max(id) FROM runs WHERE outcome = 'completed')"
_WHOLE = "title <> '' AND severity <> '' AND category <> '' AND lessons_learned <> '' AND citations <> '[]'"
_OURS_FIRST = f"SELECT count(*) FROM incidents WHERE {_WHOLE}"
_PAGE = "url LIKE '%/incident-%'"
_EVERYTHING = (
    "robots, archive (WARC), strict records, history, drift, full-text search; killed at any time, loses nothing"
)


def ours(packages: Path, note: str = "") -> list[Contender]:
    """The three runs of ingest, each on what the first has made. note: what sets these apart."""
    return [
        Contender(f"ingest{note}", f"First run: {_EVERYTHING}", _scrape, _ours(_OURS_FIRST), packages, _seconds_of_run),
        Contender(
            f"ingest{note}, nothing changed",
            "Second run: a conditional request and a heartbeat a page",
            _scrape,
            _ours(f"SELECT count(*) FROM fetches WHERE run_id = {_LAST_RUN} AND outcome = 'unchanged' AND {_PAGE}"),
            packages,
        ),
        Contender(
            f"ingest{note} reparse",
            "Every page again from the archive: parsed, validated, compared; no request",
            lambda job: _ingest(job, "reparse", "bench"),
            lambda job: (
                _ours(_OURS_FIRST)(job) if _ours("SELECT count(*) FROM runs WHERE flow = 'reparse'")(job) else 0
            ),
            packages,
        ),
    ]


def plain() -> list[Contender]:
    """Ours as `make demo` installs it, where nothing is compiled."""
    return ours(ROOT, " (plain Python)")


def prefect(work: Path, packages: Path) -> Contender:
    home = work / "prefect"

    def command(job: Job) -> list[str]:
        where = (str(home), str(job.folder / "data"), job.site.home, job.site.host, str(job.concurrency))
        return [PYTHON, "-P", "-m", "benchmarks.flow_run", *where]

    does = f"First run under Prefect, with its temporary server: {_EVERYTHING}, a task run a batch"
    return Contender("ingest under Prefect", does, command, _ours(_OURS_FIRST), packages, _seconds_of_run)


def _peer(python: Path, script: str, *more: str) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        where = (job.site.home, str(job.folder / "rows.db"), str(job.concurrency))
        return [str(python), str(HERE / "peers" / script), *where, *more]

    return command


def _count_records(title: str, lessons: str) -> Callable[[Job], int]:
    """Rows whose record holds the title and the last section, at these JSON paths."""
    whole = f"record ->> '{title}' <> '' AND record ->> '{lessons}' <> ''"
    return lambda job: _rows(job.folder / "rows.db", f"SELECT count(*) FROM incidents WHERE {whole}")


_BARE_RECORDS = _count_records("$.texts.title", "$.texts.lessons_learned")


def bare(packages: Path) -> list[Contender]:
    """The least that a program of our own could do."""
    return [
        Contender(
            "bare loop",
            "httpx on aiohttp, our label reader, JSON rows in SQLite; no robots, bounds, archive, validation, history",
            _peer(Path(PYTHON), "bare_loop.py"),
            _BARE_RECORDS,
            packages,
        ),
        Contender(
            "bare loop of 304s",
            "httpx on aiohttp: asks whether each page has changed; writes nothing",
            _peer(Path(PYTHON), "bare_loop.py", "again"),
            _BARE_RECORDS,
            packages,
        ),
    ]


_PEER_RECORDS = _count_records("$.title", '$."Lessons Learned"')


def scrapy(work: Path) -> Contender:
    does = "robots, selectors by class name, JSON rows in SQLite; no archive, validation or history"
    python = prepare(work, "peers/scrapy.txt")
    return Contender("Scrapy", does, _peer(python, "scrapy_spider.py"), _PEER_RECORDS)


def crawlee(work: Path) -> Contender:
    does = "robots, selectors by class name, queue in memory, JSON rows in SQLite; no archive, validation or history"
    python = prepare(work, "peers/crawlee.txt")
    return Contender("Crawlee", does, _peer(python, "crawlee_crawler.py"), _PEER_RECORDS)
