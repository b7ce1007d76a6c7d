"""Real pages with known answers, where they are at hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SHARED = Path(__file__).parents[3] / "shared"
COMMAND = [sys.executable, "-m", "ingest", "labels"]

pytestmark = pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the real pages are not at hand")


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools/score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_labels_of_two_sites(score: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    recall, precision, _ = score.labels(SHARED / "corpus/labels", COMMAND, 0)
    assert recall >= 0.88
    assert precision >= 0.85


def test_exact_values_of_advisories(score: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert score.advisories(SHARED / "corpus/advisories", COMMAND, 0) >= 0.999
