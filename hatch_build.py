"""Compiles what reads a page to C while a wheel is built, where it is asked for: `make wheel`.

The compiled modules stand beside their sources in the wheel, and Python prefers them. Without them the same sources run
as plain Python, and read every page the same.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOTS = ("src/ingest", "parsers")
READERS = (
    *("ingest/page", "ingest/labels", "parsers"),
    *("ingest/dates.py", "ingest/values.py", "ingest/witnesses.py", "ingest/words.py"),
)
"""What makes an Extraction of a page; what travels between processes is none of it, for pickle must take it apart."""
SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(name="readers", packages=[], py_modules=[], ext_modules=mypycify({modules!r}, opt_level="3", debug_level="0"))
"""


class CompileReaders(BuildHookInterface[Any]):
    """Hatchling's hook; `enable-by-default = false` in pyproject.toml keeps it off."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled modules to the wheel. An editable install stays as it is: what is edited must run."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        place = Path(self._folder.name)
        for root in ROOTS:
            shutil.copytree(Path(self.root, root), place / Path(root).name, ignore=shutil.ignore_patterns("*.so"))
        compile_modules(place)
        for module in place.rglob("*.so"):
            if "build" not in module.relative_to(place).parts:
                build_data["force_include"][str(module)] = str(module.relative_to(place))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled; the wheel has it."""
        if version != "editable":
            self._folder.cleanup()


def compile_modules(place: Path) -> None:
    """Compile the readers in a folder that holds the packages side by side."""
    files = [file for name in READERS for file in sorted((place / name).glob("*.py")) or [place / name]]
    modules = [str(file.relative_to(place)) for file in files if file.name != "__init__.py"]
    (place / "setup.py").write_text(SETUP.format(modules=modules))
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"]
    ended = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(
            f"The readers can't be compiled (a C compiler and Python's headers are needed):\n{ended.stderr[-2000:]}"
        )
