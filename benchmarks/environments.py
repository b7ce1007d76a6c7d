"""The peers' own environments, made once from their pinned requirements, below a git-ignored folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


class EnvironmentMissing(Exception):
    """A peer can't be installed; the message says why, in a sentence."""


def prepare(work: Path, requirements: str) -> Path:
    """The Python of an environment with these requirements, a file of this folder. Raises EnvironmentMissing."""
    file = HERE / requirements
    place = work / "environments" / file.stem
    python, stamp = place / "bin" / "python", place / "requirements.sha256"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python
    print(f"Installing benchmarks/{requirements} ...", file=sys.stderr, flush=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(place)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", str(file)],
    ):
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            why = [line for line in ended.stderr.splitlines() if "ERROR" in line] or [f"status {ended.returncode}"]
            raise EnvironmentMissing(f"benchmarks/{requirements} can't be installed: {why[-1].strip()}")
    stamp.write_text(digest)
    return python
