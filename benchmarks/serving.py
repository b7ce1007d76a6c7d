"""Serves the generated site from a web server in its own process: nginx where there is one, else our own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.site import write_entry_points, write_pages

NGINX = """
daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 10000000;
    types {{ application/xml xml; text/plain txt; }}
    default_type "text/html; charset=utf-8";
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server of `pages` incident pages. home: its scheme and host."""

    software: str
    home: str
    pages: int
    process: subprocess.Popen[bytes]

    @property
    def host(self) -> str:
        return self.home.removeprefix("http://")

    def cpu_seconds(self) -> float:
        """What the server's processes have used so far."""
        return sum(map(_cpu_seconds, (self.process.pid, *_children(self.process.pid))))


@contextmanager
def serve(work: Path, pages: int) -> Iterator[Server]:
    """Serve so many pages until the end of the block; `work` keeps the files for the next time."""
    folder, port = (work / f"site-{pages}").resolve(), _free_port()
    home = f"http://127.0.0.1:{port}"
    write_pages(folder, pages)
    write_entry_points(folder, pages, home)
    nginx = shutil.which("nginx")
    if nginx:
        place = (work / f"nginx-{pages}").resolve()
        place.mkdir(exist_ok=True)
        (place / "nginx.conf").write_text(NGINX.format(work=place, folder=folder, port=port))
        command = [nginx, "-p", str(place), "-c", str(place / "nginx.conf"), "-e", str(place / "error.log")]
    else:
        command = [sys.executable, "-m", "benchmarks.static_server", str(folder), str(port)]
    process = subprocess.Popen(command)
    try:
        _wait_for(port, process)
        yield Server("nginx" if nginx else "benchmarks/static_server.py", home, pages, process)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
            if process.poll() is not None:
                break
        else:
            return
    raise SystemExit("The web server did not start.")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS
