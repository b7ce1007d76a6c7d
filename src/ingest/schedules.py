"""Cron schedules: when they are due, before and after a moment. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict


def _check_cron(text: str) -> str:
    try:
        if text:
            CronSim(text, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(f"{text!r} is no cron schedule of five fields") from error
    return text


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone, such as UTC or Europe/Vienna") from error
    return name


Cron = Annotated[str, AfterValidator(_check_cron)]


class Schedules(BaseModel):
    """When each source is worked on, as cron of five fields; empty for never."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scrape: Cron = "15 3 * * *"
    retry: Cron = "45 * * * *"
    publish: Cron = "30 5 * * *"
    """Besides after every good scrape."""
    timezone: Annotated[str, AfterValidator(_check_timezone)] = "UTC"

    def next_scrape(self, after: datetime) -> datetime | None:
        """When the next scrape is due."""
        return next(self._times(after), None)

    def overdue_before(self, moment: datetime) -> datetime | None:
        """A source whose last good scrape began before this has missed two in a row."""
        return next(islice(self._times(moment, reverse=True), 1, None), None)

    def _times(self, moment: datetime, reverse: bool = False) -> Iterator[datetime]:
        if self.scrape:
            yield from CronSim(self.scrape, moment.astimezone(ZoneInfo(self.timezone)), reverse=reverse)
