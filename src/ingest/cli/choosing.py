"""How a command line says which open failures are meant: a source or a failure's number, and filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar, cast

import click
from sqlite_utils import Database

from ingest.extraction import Stage
from ingest.store.worklist import Wanted, find_failure, require_source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was given on the command line. which: a source's name, or a failure's number."""

    which: str | None
    filters: Wanted

    @property
    def is_one(self) -> bool:
        """Whether it means one failure, or one URL."""
        return self.filters.url is not None or (self.which or "").isdecimal()

    @property
    def is_all(self) -> bool:
        return self.which is None and self.filters == Wanted()

    def resolve(self, db: Database) -> Wanted:
        """The failures that are meant. Raises IngestError for a source or a number that the database does not know."""
        if self.which is None:
            return self.filters
        if self.which.isdecimal():
            url, stage = find_failure(db, int(self.which))
            return replace(self.filters, url=url, stage=stage)
        require_source(db, self.which)
        return replace(self.filters, source=self.which)


def failure_filters(command: Callable[..., T]) -> Callable[..., T]:
    """Adds the argument and the options, and hands them in as `choice`."""

    @click.argument("which", metavar="[SOURCE|ID]", required=False)
    @click.option("--stage", type=click.Choice(["fetch", "parse", "validate"]), help="Only failures of this stage.")
    @click.option("--kind", help="Only failures of this kind, such as http_503.")
    @click.option("--host", help="Only URLs of this host.")
    @click.option("--url", help="Only this URL.")
    @wraps(command)
    def with_choice(
        *arguments: Any,
        which: str | None,
        stage: str | None,
        kind: str | None,
        host: str | None,
        url: str | None,
        **options: Any,
    ) -> T:
        filters = Wanted(stage=cast("Stage | None", stage), kind=kind, url=url, host=host)
        return command(*arguments, choice=Choice(which, filters), **options)

    return with_choice
