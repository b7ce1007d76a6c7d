"""Settings: one frozen object from `DIR/ingest.toml` and the environment, which wins."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from ingest.errors import IngestError
from ingest.schedules import Schedules

FILE_NAME = "ingest.toml"
HostPort = Annotated[str, StringConstraints(pattern=r"^\S+:\d{1,5}$")]


class Settings(BaseModel):
    """What an operator decides about this installation. A site's own rules stand in the source's file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    data: Path
    """The data directory; the database is `incidents.db` in it."""
    contact: str = ""
    """An address or page for the owners of scraped sites, sent in the User-Agent."""
    allow_hosts: tuple[HostPort, ...] = ()
    """HOST:PORT names that may be private or loopback addresses."""
    delay_seconds: float | None = Field(default=None, ge=0)
    """Overrides the sources' delay between two requests to one host."""
    parse_processes: int = Field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)), ge=1, le=64)
    parse_seconds: float = Field(default=10.0, gt=0)
    """The deadline of one page in a parser process."""
    notify_url: SecretStr | None = None
    """Where a message is posted when a run is held, fails or does not arrive. Whoever knows it can post there too."""
    schedules: Schedules = Schedules()

    @property
    def database(self) -> Path:
        return self.data / "incidents.db"

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def locks(self) -> Path:
        return self.data / "locks"

    @property
    def turns(self) -> Path:
        """Where the sources of this data directory share the turns of their hosts."""
        return self.locks / "hosts"


ENVIRONMENT = {
    "contact": "INGEST_CONTACT",
    "allow_hosts": "INGEST_ALLOW_HOSTS",
    "delay_seconds": "INGEST_DELAY_SECONDS",
    "notify_url": "INGEST_NOTIFY_URL",
}
SECRETS = {"notify_url"}
"""What is never shown."""


def load_settings(data: Path | None = None) -> Settings:
    """Settings for a data directory: the argument, else INGEST_DATA, else `./data`.

    Raises IngestError for a file that is no TOML, an unknown key or a value of the wrong kind.
    """
    folder = data or Path(os.environ.get("INGEST_DATA") or "data")
    file = folder / FILE_NAME
    values: dict[str, Any] = {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise IngestError(f"{file} can't be read: {error}. Mend it or move it away.") from error
    for key, name in ENVIRONMENT.items():
        text = os.environ.get(name)
        if text:
            values[key] = text.split() if key == "allow_hosts" else text
    try:
        return Settings(**{**values, "data": folder})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        given = "" if key in SECRETS else f" (given: {first.get('input')!r})"
        raise IngestError(f"{file}: {key}: {first['msg']}{given}.") from None
