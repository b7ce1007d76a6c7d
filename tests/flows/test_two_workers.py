"""Two Prefect workers on one server, each with a source and a data directory of its own, and one merged file.

docs/scaling.md describes this set-up. It takes a minute or two: `make soak` runs it, or INGEST_WORKERS=1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from ingest.cli import run
from ingest.store.connection import open_reader
from tests.flows.servers import ROOT, ask, free_port, running, wait_until_healthy
from tests.loopback import serve
from tests.scrape.replica import Replica, incident_page

pytestmark = pytest.mark.skipif(not os.environ.get("INGEST_WORKERS"), reason="only with INGEST_WORKERS: make soak")
SHARDS = ("north", "south")
PROVYN = (ROOT / "parsers" / "sites" / "provyn.toml").read_text(encoding="utf-8")
DEPLOYMENT = """
- name: {shard}
  entrypoint: flows.scrape:scrape
  parameters:
    source: {shard}
    data: {data}
    base_url: {url}
    allow_hosts: ["{host}"]
    delay_seconds: 0
  work_pool: {{name: shards, work_queue_name: {shard}}}
"""


def prefect(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_two_workers_scrape_and_their_files_become_one(tmp_path: Path) -> None:
    sources, home = tmp_path / "sources", tmp_path / "prefect"
    sources.mkdir()
    home.mkdir()
    for shard in SHARDS:
        text = PROVYN.replace("provyn.dev", f"{shard}.example").replace(r"provyn\.dev", rf"{shard}\.example")
        (sources / f"{shard}.toml").write_text(text, encoding="utf-8")
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
        "INGEST_SOURCES": str(sources),
    }
    server_command = (sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with ExitStack() as stack:
        replicas = {shard: Replica(stack.enter_context(serve()), tmp_path / shard) for shard in SHARDS}
        for shard, replica in replicas.items():
            replica.publish(a=incident_page(f"Refund promised in the {shard}"), b=incident_page("Seat sold twice"))
        server = stack.enter_context(running(*server_command, environment=environment))
        wait_until_healthy(api, server)
        prefect(environment, "work-pool", "create", "shards", "--type", "process")
        file = tmp_path / "prefect.yaml"
        entries = (
            DEPLOYMENT.format(shard=shard, data=replica.data, url=replica.site.url, host=replica.site.host)
            for shard, replica in replicas.items()
        )
        file.write_text("deployments:" + "".join(entries))
        prefect(environment, "deploy", "--all", "--prefect-file", str(file))
        for shard in SHARDS:
            worker = ("worker", "start", "--pool", "shards", "--work-queue", shard, "--name", shard, "--limit", "1")
            stack.enter_context(running(sys.executable, "-m", "prefect", *worker, environment=environment))
        for shard in SHARDS:
            prefect(environment, "deployment", "run", f"scrape/{shard}", "--watch", "--watch-interval", "2")
        runs = ask(api, "/flow_runs/filter", {})
        assert [one["state_type"] for one in runs] == ["COMPLETED", "COMPLETED"]
        assert {one["work_queue_name"] for one in runs} == set(SHARDS)
    for replica in replicas.values():
        assert run(["--data", str(replica.data), "publish"]) == 0
    merged = tmp_path / "all"
    assert run(["publish", "--merge", *(str(replica.data) for replica in replicas.values()), "--out", str(merged)]) == 0
    db = open_reader(merged / "published" / "incidents.db")
    assert [row["id"] for row in db.query("SELECT id FROM incidents ORDER BY id")] == [
        *("north:a", "north:b", "south:a", "south:b"),
    ]
    assert db.execute("SELECT cursor FROM manifest").fetchone() == (4,)
    db.close()
