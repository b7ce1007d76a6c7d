"""The benchmarks' web server answers as a real one does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.serving import Server, serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read /proc")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("PATH", "")  # without nginx
    with serve(tmp_path, 3) as site:
        yield site


def test_one_connection_gives_a_page_then_a_304_then_a_404(server: Server) -> None:
    connection = HTTPConnection(server.host)
    connection.request("GET", "/incidents/incident-2")
    first = connection.getresponse()
    body = first.read()
    assert (first.status, first.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"<h1>Incident 2" in body
    connection.request("GET", "/incidents/incident-2", headers={"if-none-match": first.headers["ETag"]})
    again = connection.getresponse()
    assert (again.status, again.read()) == (304, b"")
    connection.request("GET", "/incidents/incident-3")
    missing = connection.getresponse()
    assert (missing.status, missing.read()) == (404, b"")


def test_the_sitemap_names_every_page_at_the_servers_address(server: Server) -> None:
    connection = HTTPConnection(server.host)
    connection.request("GET", "/sitemap-0.xml")
    text = connection.getresponse().read().decode()
    assert text.count("<loc>") == 3
    assert f"<loc>{server.home}/incidents/incident-2</loc>" in text


def test_the_meter_counts_processes_that_outlive_their_parents() -> None:
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    script = f"from benchmarks.meter import measure; print(measure([sys.executable, '-c', {orphan!r}]).cpu_seconds)"
    out = subprocess.run(
        [sys.executable, "-c", f"import sys; {script}"], capture_output=True, text=True, timeout=60, check=True
    )
    assert float(out.stdout) > 0.3
