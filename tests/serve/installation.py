"""A Prefect server with a database of its own, a worker and our deployments, all real processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml

from ingest.times import now
from tests.flows.servers import free_port
from tests.scrape.replica import Replica

ROOT = Path(__file__).parents[2]
POOL = "ingest"
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T], seconds: float = 120) -> T:
    """What `look` gives, once it is true. Raises AssertionError where that takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        threading.Event().wait(0.2)
    raise AssertionError(f"{what}: not within {seconds:g} s")


@dataclass
class Installation:
    """Prefect below `folder`, and the replica that its flows scrape. more: further environment of its processes."""

    folder: Path
    replica: Replica
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started_at: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        home = self.folder / "prefect"
        home.mkdir(parents=True)
        hidden = ("PREFECT_", "INGEST_")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | {
            "PREFECT_HOME": str(home),
            "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "DO_NOT_TRACK": "1",
            **self.more,
        }

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self, name: str, *command: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.started_at[name] = now()
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=self.folder, env=self.environment, stdout=log, stderr=log
        )
        log.close()

    def start_server(self) -> None:
        self.start("server", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for("the server answers", self.is_healthy)

    def start_worker(self) -> None:
        self.start("worker", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--limit", "4")

    def deploy(self, scrape_every: timedelta) -> None:
        """Deploy the project's prefect.yaml for the replica: provyn alone, and its scrape at intervals."""
        plan = yaml.safe_load((ROOT / "prefect.yaml").read_text())
        plan["deployments"] = [one for one in plan["deployments"] if one["name"] in ("provyn", "all")]
        where = {"base_url": self.replica.site.url, "allow_hosts": [self.replica.site.host], "delay_seconds": 0.0}
        for one in plan["deployments"]:
            flow = one["entrypoint"].partition(":")[2]
            fetches = flow in ("scrape", "retry_failures")
            own = one.get("parameters", {}) | {"data": str(self.replica.data)}
            one["parameters"] = own | (where if fetches else {})
            if flow == "scrape":
                one["schedules"] = [{"interval": scrape_every.total_seconds(), "timezone": "UTC"}]
        (self.folder / "prefect.yaml").write_text(yaml.safe_dump(plan))
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def kill(self, *names: str) -> None:
        for name in names:
            process = self.processes.pop(name)
            process.kill()
            process.wait()

    def holder(self) -> int:
        """The process that holds the source, by the word of its lease."""
        return int(json.loads((self.replica.data / "locks" / "provyn.lock").read_text())["pid"])

    def kill_run(self) -> None:
        """Kill the process that holds the source."""
        os.kill(self.holder(), signal.SIGKILL)

    def close(self) -> None:
        for name in reversed(self.processes):
            self.processes[name].terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def is_healthy(self) -> bool:
        assert self.processes["server"].poll() is None, (self.folder / "server.log").read_text()[-2000:]
        try:
            urllib.request.urlopen(self.api + "/health", timeout=5).close()
        except OSError:
            return False
        return True

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the server answers; asked again, as Prefect's own client does, while its database is busy."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, content, {"Content-Type": "application/json"})

        def answer() -> list[Any]:
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    text = response.read()
                    return [json.loads(text) if text else None]
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
                return []
            except TimeoutError:
                if content is not None:  # it may have been heard all the same
                    raise
                return []

        return wait_for(path, answer)[0]

    def has_pool(self) -> bool:
        return any(pool["name"] == POOL for pool in self.ask("/work_pools/filter", {}))

    def run_now(self, deployment: str, **parameters: Any) -> str:
        """Ask for a run of a deployment, such as retry/provyn; the run's id."""
        found = self.ask(f"/deployments/name/{deployment}")
        run = self.ask(f"/deployments/{found['id']}/create_flow_run", {"parameters": found["parameters"] | parameters})
        return str(run["id"])

    def pause(self, deployment: str) -> None:
        """No more runs by schedule."""
        found = self.ask(f"/deployments/name/{deployment}")
        self.ask(f"/deployments/{found['id']}/pause_deployment", {})

    def miss_runs(self, deployment: str, days: int) -> list[dict[str, Any]]:
        """Have the server create what its schedule asks of the last days; the runs, oldest first."""
        found = self.ask(f"/deployments/name/{deployment}")
        end = datetime.now(UTC)
        span = {"start_time": (end - timedelta(days=days)).isoformat(), "end_time": end.isoformat(), "min_runs": days}
        self.ask(f"/deployments/{found['id']}/schedule", span)
        chosen = {
            "flow_runs": {
                "deployment_id": {"any_": [found["id"]]},
                "expected_start_time": {"before_": end.isoformat()},
            },
            "sort": "EXPECTED_START_TIME_ASC",
        }
        runs: list[dict[str, Any]] = self.ask("/flow_runs/filter", chosen)
        return runs

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """The runs of a deployment that have begun or are about to, oldest first."""
        found = self.ask(f"/deployments/name/{deployment}")
        chosen = {"flow_runs": {"deployment_id": {"any_": [found["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
        runs: list[dict[str, Any]] = self.ask("/flow_runs/filter", chosen)
        return [run for run in runs if run["state_type"] != "SCHEDULED"]

    def state(self, run_id: str) -> str:
        return str(self.ask(f"/flow_runs/{run_id}")["state_name"])

    def ended(self, run_id: str, seconds: float = 120) -> str:
        """The name of the state in which a run ends."""
        final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        run = wait_for(
            f"run {run_id} ends",
            lambda: next((r for r in [self.ask(f"/flow_runs/{run_id}")] if r["state_type"] in final), None),
            seconds,
        )
        assert run is not None
        return str(run["state_name"])


@contextmanager
def installed(folder: Path, replica: Replica, **more: str) -> Iterator[Installation]:
    """A server with a worker that polls it, until the end of the block."""
    installation = Installation(folder, replica, more)
    try:
        installation.start_server()
        installation.start_worker()
        wait_for("the worker has made its pool", installation.has_pool)
        yield installation
    finally:
        installation.close()
