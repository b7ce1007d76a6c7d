"""Prefect's settings for a process of ours. To be called before the first `import prefect`: it reads them then."""

from __future__ import annotations

import logging
import os
from pathlib import Path

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "ingest",
}


def keep_prefect_quiet() -> None:
    """No analytics, and only warnings on the console. What the operator has set stays."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


def speak_up() -> None:
    """As `keep_prefect_quiet`, with a line a batch on the console: for a process whose console is a log."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO")
    logging.getLogger("ingest").setLevel(logging.INFO)
    keep_prefect_quiet()


def use_own_prefect(home: Path) -> None:
    """A Prefect server and profile of our own below `home`, for the demo and for tests.

    It hides the operator's profile, and with it the address of the operator's server.
    """
    home.mkdir(parents=True, exist_ok=True)  # Prefect makes no parents
    keep_prefect_quiet()
    os.environ.pop("PREFECT_API_URL", None)
    os.environ.update(
        {
            "PREFECT_HOME": str(home.resolve()),
            "PREFECT_PROFILES_PATH": str(home.resolve() / "profiles.toml"),
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
            # The first start migrates an empty database, which takes longer than the default of 20 seconds.
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
            "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        }
    )
