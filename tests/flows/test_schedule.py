"""A real Prefect server runs a deployment by its schedule. A wrong SQLAlchemy breaks only that, and silently."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.scrape.replica import Replica, incident_page

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from prefect import serve
from flows.scrape import scrape

url, host, data = sys.argv[1:]
parameters = {"source": "provyn", "data": data, "base_url": url, "allow_hosts": [host], "delay_seconds": 0}
serve(scrape.to_deployment("by-schedule", interval=10, parameters=parameters), pause_on_shutdown=False)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(api: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(api + "/health", timeout=5).close()
        except OSError:
            assert server.poll() is None, "the server ended before it had started"
            threading.Event().wait(0.2)
        else:
            return
    raise AssertionError("the server did not start within two minutes")


def ask(api: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(api + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_a_run_fires_by_its_schedule(replica: Replica, tmp_path: Path) -> None:
    replica.publish(a=incident_page("Refund promised"))
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    home = tmp_path / "prefect"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    prefect = (sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with running(*prefect, environment=environment) as server:
        wait_until_healthy(api, server)
        serve = (sys.executable, "-c", textwrap.dedent(SERVE), replica.site.url, replica.site.host, str(replica.data))
        with running(*serve, environment=environment):
            assert replica.site.wait_for("/incidents/a", 120), "no scheduled run has asked for a page"
            runs = ask(api, "/flow_runs/filter", {})
    assert any(run["auto_scheduled"] and run["state_type"] in ("RUNNING", "COMPLETED") for run in runs)
