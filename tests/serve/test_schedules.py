"""When a source is due next, and from when on it is late."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.schedules import Schedules
from ingest.settings import load_settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_daily_scrape_is_due_tomorrow_and_late_after_two_that_were_missed() -> None:
    schedules = Schedules()
    assert schedules.next_scrape(NOON) == datetime(2026, 11, 25, 3, 15, tzinfo=UTC)
    assert schedules.overdue_before(NOON) == datetime(2026, 11, 23, 3, 15, tzinfo=UTC)


def test_a_time_zone_moves_the_schedule() -> None:
    tokyo = Schedules(timezone="Asia/Tokyo").next_scrape(NOON)
    assert tokyo is not None
    assert tokyo.astimezone(UTC) == datetime(2026, 11, 24, 18, 15, tzinfo=UTC)


def test_an_empty_schedule_is_never_due() -> None:
    never = Schedules(scrape="")
    assert never.next_scrape(NOON) is None
    assert never.overdue_before(NOON) is None


@pytest.mark.parametrize("line", ['scrape = "daily at three"', 'timezone = "Mars/Base"', 'scrap = "0 0 * * *"'])
def test_what_is_no_schedule_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "ingest.toml").write_text(f"[schedules]\n{line}\n")
    with pytest.raises(IngestError, match=r"ingest\.toml: schedules\."):
        load_settings(tmp_path)
