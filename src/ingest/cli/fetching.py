"""The options of every command that fetches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from ingest.session import Wishes

T = TypeVar("T")


def fetch_options(command: Callable[..., T]) -> Callable[..., T]:
    """Adds the options and hands them in as `wishes`."""

    @click.option("--base-url", metavar="URL", help="Scheme and host of a mirror that answers in the site's place.")
    @click.option("--delay", type=click.FloatRange(min=0), metavar="SECONDS", help="Between two requests to one host.")
    @click.option("--concurrency", type=click.IntRange(1, 256), metavar="N", help="Requests to one host at a time.")
    @click.option("--allow-host", multiple=True, metavar="HOST:PORT", help="A private address that may be used.")
    @wraps(command)
    def with_wishes(
        *arguments: Any,
        base_url: str | None,
        delay: float | None,
        concurrency: int | None,
        allow_host: tuple[str, ...],
        **options: Any,
    ) -> T:
        return command(*arguments, wishes=Wishes(base_url, allow_host, delay, concurrency), **options)

    return with_wishes
