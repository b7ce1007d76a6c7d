"""One run over hosts of which each does its worst: named failures, bounded memory, and the good pages are there."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from tests.hostile import behaviours
from tests.hostile.hostile_server import Behaviour, HostileServer, answer
from tests.hostile.tour import ATTEMPT_SECONDS
from tests.scrape.replica import FACTS, SECTIONS, incident_page

ROOT = Path(__file__).parents[2]
MAX_MEGABYTES = 300
PAST_DEADLINE_SECONDS = 2.0
FIELDS = ("category", "industry", "status", "date_occurred", "date_reported", "jurisdiction", "ai_provider", "model")
HTML = "Content-Type: text/html; charset=utf-8"


def page(body: str | bytes, *headers: str) -> bytes:
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return answer(content, *(headers or (HTML,)), "Connection: close")


GOOD = page(incident_page("Refund promised"))
UNREADABLE: dict[str, bytes] = {
    "100,000 nested elements": page("<div>" * 100_000),
    "200,000 attributes": page("<p " + " ".join(f"a{number}" for number in range(200_000)) + ">"),
    "10,000 formatting tags": page("<b><i><u><s>" * 2_500 + "<p>" * 200),
    "a login page": page("<title>Log in</title><h1>Log in</h1><form><input type=password></form>"),
    "a challenge": page("<title>Just a moment...</title><h1>Checking your browser</h1>"),
    "an empty page": page(""),
    "a PDF": page(b"%PDF-1.7\n" + bytes(range(256)) * 40),
    "JSON": page('{"title": "Refund promised"}', "Content-Type: application/json"),
    "another type": page(incident_page("Refund promised"), "Content-Type: image/png"),
    "NUL characters only": page(b"\0" * 50_000),
    "lone surrogates": page("<h1>\ud800</h1><p>\udfff</p>"),
    "two encodings at once": page("<h1>Grüße</h1>".encode() + "<p>Grüße</p>".encode("utf-16")),
    "half a page": page(incident_page("Refund promised")[:450]),
}
HOSTILE: dict[str, Behaviour] = {
    **{name: behaviour for name, (behaviour, _) in behaviours.BODIES.items()},
    **{name: behaviour for name, (behaviour, _) in behaviours.FRAMING.items()},
    **{name: behaviour for name, (behaviour, _) in behaviours.STATUSES.items()},
    **{name: behaviour for name, (behaviour, _) in behaviours.REDIRECTS.items()},
    **UNREADABLE,
}
EXPECTED = {
    name: kind
    for group in (behaviours.BODIES, behaviours.FRAMING, behaviours.STATUSES, behaviours.REDIRECTS)
    for name, (_, kind) in group.items()
}


@contextmanager
def hosts(pages: dict[str, Behaviour]) -> Iterator[dict[str, str]]:
    """A server for each of the pages, and one for their listing: name -> host and port."""
    ports: dict[str, str] = {}
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            for name, behaviour in pages.items():
                server = await stack.enter_async_context(HostileServer({"/page": behaviour}))
                ports[name] = server.origin.removeprefix("http://")
            links = "".join(f"<li><a href='http://{host}/page'>An incident</a></li>" for host in ports.values())
            listing = page(f"<!doctype html><title>Incidents</title><h1>Incidents</h1><ul>{links}</ul>")
            server = await stack.enter_async_context(HostileServer({"/incidents": listing}))
            ports["listing"] = server.origin.removeprefix("http://")
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield ports
    done.set()
    thread.join(30)


def source_file(ports: dict[str, str]) -> str:
    labels = "\n".join(f'"{label}" = "{field}"' for label, field in zip(FACTS, FIELDS, strict=False))
    sections = zip(SECTIONS, ("description", "root_cause", "mitigation", "lessons_learned"), strict=True)
    listing = ports["listing"]
    return f"""version = 1
title = "Hostile hosts"
home_url = "http://{listing}/"
hosts = {[listing, *(host for host in ports.values() if host != listing)]}
incident_url = 'http://127\\.0\\.0\\.1:(?P<slug>\\d+)/page'
listings = ["http://{listing}/incidents"]
delay_seconds = 0
concurrency = 8
[labels]
{labels}
[sections]
{"".join(f'"{label}" = "{field}"' + chr(10) for label, field in sections)}"""


def proportional_megabytes(session: int) -> float:
    """What the processes of a session hold together, a page that they share counted once."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                text = (folder / "smaps_rollup").read_text()
                total += int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])  # type: ignore[index]
        except (OSError, TypeError):
            continue
    return total / 1024


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's /proc")
def test_a_run_among_hostile_hosts_is_bounded_and_brings_the_good_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {f"good {number}": GOOD for number in range(6)}
    with hosts({"good 0": GOOD, **HOSTILE, **good}) as ports:
        sites = tmp_path / "sites"
        sites.mkdir()
        (sites / "hostile.toml").write_text(source_file(ports))
        monkeypatch.setenv("INGEST_SOURCES", str(sites))
        allowed = [option for host in ports.values() for option in ("--allow-host", host)]
        command = [sys.executable, "-m", "tests.hostile.tour", "--data", str(tmp_path), "scrape", "hostile", *allowed]
        peak = 0.0
        with subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            while process.poll() is None:
                peak = max(peak, proportional_megabytes(process.pid))
                threading.Event().wait(0.05)
            assert process.stderr is not None
            messages = process.stderr.read()
    assert process.returncode == 1, messages
    main = int(messages.partition("peak: ")[2].split()[0]) / 1024
    rows = read_rows(tmp_path / "incidents.db")
    names = {f"http://{host}/page": name for name, host in ports.items()}
    kinds = {names[row["url"]]: row["kind"] for row in rows["failures"]}
    late = max(row["elapsed_ms"] for row in rows["fetches"]) / 1000 - ATTEMPT_SECONDS
    print(f"{len(HOSTILE)} behaviours; peak {peak:.0f} MB in all processes, {main:.0f} MB in the main one;")
    print(f"{late:.2f} s past the deadline at most; by kind: {dict(Counter(kinds.values()).most_common())}")
    different = {
        name: kind for name, kind in kinds.items() if EXPECTED.get(name, kind) not in (kind, "address_refused")
    }
    assert not different
    assert kinds.keys() == HOSTILE.keys(), {name: kinds.get(name) for name in kinds.keys() ^ HOSTILE.keys()}
    assert [row["url"] for row in rows["incidents"]] == sorted(url for url, name in names.items() if name in good)
    different = {
        name: kind for name, kind in kinds.items() if EXPECTED.get(name, kind) not in (kind, "address_refused")
    }
    assert not different
    assert peak < MAX_MEGABYTES
    assert late < PAST_DEADLINE_SECONDS


def read_rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    db = Database(path)
    queries = {
        "failures": "SELECT url, kind FROM open_failures",
        "fetches": "SELECT elapsed_ms FROM fetches",
        "incidents": "SELECT url FROM incidents ORDER BY url",
    }
    found = {name: list(db.query(query)) for name, query in queries.items()}
    db.close()
    return found
