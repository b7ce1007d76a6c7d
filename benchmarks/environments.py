"""What contenders run in, below a git-ignored folder: the peers' own environments, and our compiled wheel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PACKAGES = ("src/ingest", "parsers", "flows")
INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--no-deps")


class EnvironmentMissing(Exception):
    """A contender can't be installed; the message says why, in a sentence."""


def prepare(work: Path, requirements: str) -> Path:
    """The Python of an environment with these requirements, a file of this folder. Raises EnvironmentMissing."""
    file = HERE / requirements
    place = work / "environments" / file.stem
    python, stamp = place / "bin" / "python", place / "requirements.sha256"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python
    _make(
        f"benchmarks/{requirements}",
        [sys.executable, "-m", "venv", "--clear", str(place)],
        [str(python), "-m", "pip", *INSTALL, "-r", str(file)],
    )
    stamp.write_text(digest)
    return python


def build_ours(work: Path) -> Path:
    """A folder with this checkout's packages, what reads a page compiled; made again when the sources have changed.

    Raises EnvironmentMissing where there is no C compiler.
    """
    place, stamp = work / "compiled", work / "compiled" / "sources.sha256"
    sources = [ROOT / "hatch_build.py", *sorted(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))]
    digest = hashlib.sha256(b"".join(str(file).encode() + file.read_bytes() for file in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return place
    shutil.rmtree(place, ignore_errors=True)
    wheels = place / "wheel"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(ROOT)]
    _make("a compiled wheel", build)
    _make(
        "it", *([sys.executable, "-m", "pip", *INSTALL, "--target", str(place), str(each)] for each in wheels.iterdir())
    )
    stamp.write_text(digest)
    return place


def _make(what: str, *commands: list[str]) -> None:
    """Run commands one after the other. Raises EnvironmentMissing with the last that one of them said."""
    print(f"Making {what} ...", file=sys.stderr, flush=True)
    for command in commands:
        environment = {**os.environ, "HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true"}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if ended.returncode:
            said = (ended.stderr + ended.stdout).splitlines()
            why = [line for line in said if "ERROR" in line or "can't" in line] or [f"status {ended.returncode}"]
            raise EnvironmentMissing(f"{what} can't be made: {why[-1].strip()}")
