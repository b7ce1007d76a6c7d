"""A Prefect server of the tests' own. Its settings stand before the first `import prefect`, which reads them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.environment import use_own_prefect

HOME = tempfile.TemporaryDirectory(prefix="ingest-prefect-")
use_own_prefect(Path(HOME.name))


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
