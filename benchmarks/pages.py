"""Time to first byte of each page of `ingest browse`: python -m benchmarks.pages DIR.

DIR has a published file; `benchmarks.history` makes one of any size. Prints, a line a page, the first call and the best
of five more in milliseconds, over HTTP on loopback, and the size of the answer.
"""

from __future__ import annotations

import http.client
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

LIST = "/incidents/incidents"


def pages(file: Path) -> dict[str, str]:
    """Pages with the values that most incidents of the file have."""
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    busiest = db.execute("SELECT id FROM incidents ORDER BY version DESC, id LIMIT 1").fetchone()[0]
    tag = db.execute("SELECT tag FROM incident_tags GROUP BY tag ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
    year = db.execute("SELECT substr(date_occurred, 1, 4) FROM incidents GROUP BY 1 ORDER BY count(*) DESC").fetchone()[
        0
    ]
    provider = db.execute("SELECT ai_provider FROM incidents GROUP BY 1 ORDER BY count(*) DESC").fetchone()[0]
    through = f'{{"table":"incident_tags","column":"tag","value":"{tag}"}}'
    one = {"incident_id": busiest}
    return {
        "front": "/",
        "dashboard": "/dashboard",
        "changes": "/changes",
        "changes, removed only": "/changes?change=removed",
        "incidents": LIST,
        "incidents, not removed": f"{LIST}?removed_at__isnull=1",
        "incidents of a severity": f"{LIST}?severity=high",
        "incidents of a severity and provider": f"{LIST}?{urlencode({'severity': 'high', 'ai_provider': provider})}",
        "incidents of a year": f"{LIST}?date_occurred__startswith={year}",
        "incidents with a tag": f"{LIST}?{urlencode({'_through': through})}",
        "search, a word in every incident": f"{LIST}?_search={tag}",
        "search, one incident": f"{LIST}?_search=%22incident+4711%22",
        "search, none": f"{LIST}?_search=walrus",
        "incident with most versions": f"{LIST}/{busiest.replace(':', '~3A')}",
        "version": "/incidents/incident_versions/1",
        "table of versions": "/incidents/incident_versions",
        "data": "/incidents",
        "query: changed this week": "/incidents/changed_this_week",
        "query: history of one incident": f"/incidents/history_of_one_incident?{urlencode(one)}",
        "query: by provider and month": "/incidents/incidents_by_provider_and_month",
        "query: fields that drift": "/incidents/fields_that_drift",
        "JSON, 100 incidents": f"{LIST}.json?_shape=array&_size=100",
        "JSON, 100 versions behind a cursor": "/incidents/incident_versions.json?id__gt=9&_sort=id&_shape=array",
    }


def first_byte(address: str, path: str) -> tuple[float, int, int]:
    """Milliseconds to the first byte, status, and bytes."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    elapsed = 1000 * (time.perf_counter() - began)
    size = len(answer.read())
    connection.close()
    return elapsed, answer.status, size


def main() -> None:
    data = Path(sys.argv[1])
    command = [sys.executable, "-m", "ingest", "--data", str(data), "browse", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            print(line, end="")
            match = re.search(r"http://\S+", line)
            assert match, line
            for name, path in pages(data / "published" / "incidents.db").items():
                first, status, size = first_byte(match[0], path)
                best = min(first_byte(match[0], path)[0] for _ in range(5))
                print(f"{name:<40} {first:8.0f} {best:8.0f} ms {status} {size / 1000:8.1f} kB", flush=True)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
