"""A message reaches the operator's receiver once, and its address stays a secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from ingest.errors import IngestError
from ingest.fetch import posting
from ingest.notify import describe_end, notify
from ingest.settings import Settings, load_settings
from tests.receiver import PATH, Receiver, receive


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(posting, "WAITS_SECONDS", (0.0, 0.0))
    with receive() as one:
        yield one


def settings_for(url: str | None, folder: Path) -> Settings:
    return Settings(data=folder, notify_url=None if url is None else SecretStr(url))


async def test_one_json_object_is_posted(receiver: Receiver, tmp_path: Path) -> None:
    settings = settings_for(receiver.url, tmp_path)
    assert await notify(settings, "held", "The scrape is held.", sources=["provyn"], details={"run": "r1"}) is None
    [message] = receiver.messages
    assert message.pop("at") > "2026"
    assert message == {
        "event": "held",
        "text": "The scrape is held.",
        "sources": ["provyn"],
        "details": {"run": "r1"},
    }


async def test_a_busy_receiver_is_asked_again(receiver: Receiver, tmp_path: Path) -> None:
    receiver.answers[:] = [503, 429]
    assert await notify(settings_for(receiver.url, tmp_path), "failed", "It has failed.") is None
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(("answers", "kind"), [([503] * 3, "http_503"), ([404], "http_404"), ([307], "http_307")])
async def test_a_message_that_is_not_taken_is_logged_without_the_address(
    receiver: Receiver, tmp_path: Path, caplog: pytest.LogCaptureFixture, answers: list[int], kind: str
) -> None:
    receiver.answers[:] = answers
    with caplog.at_level(logging.DEBUG):
        failure = await notify(settings_for(receiver.url, tmp_path), "failed", "It has failed.")
    assert failure is not None
    assert failure.kind == kind
    assert receiver.messages == []
    assert "It has failed." in caplog.text
    assert "s3cret" not in caplog.text + failure.message


@pytest.mark.parametrize("url", ["http://127.0.0.1:9" + PATH, "ftp://example.org" + PATH, "nonsense" + PATH])
async def test_an_address_that_can_not_be_used_ends_nothing_and_is_not_shown(
    receiver: Receiver, tmp_path: Path, url: str
) -> None:
    failure = await notify(settings_for(url, tmp_path), "failed", "It has failed.")
    assert failure is not None
    assert "s3cret" not in failure.message


async def test_nothing_is_posted_where_nothing_is_set(receiver: Receiver, tmp_path: Path) -> None:
    assert await notify(settings_for(None, tmp_path), "failed", "It has failed.") is None
    assert receiver.messages == []


def test_the_address_is_not_shown_by_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INGEST_NOTIFY_URL", "https://hooks.example/s3cret")
    settings = load_settings(tmp_path)
    assert settings.notify_url is not None
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    (tmp_path / "ingest.toml").write_text("notify_url = [1, 's3cret']")
    monkeypatch.delenv("INGEST_NOTIFY_URL")
    with pytest.raises(IngestError) as raised:
        load_settings(tmp_path)
    assert "notify_url" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_only_an_end_that_needs_a_person_is_told() -> None:
    assert describe_end("scrape", "provyn", "completed", None) is None
    assert describe_end("scrape", "provyn", "incomplete", "Limited.") is None
    assert describe_end("scrape", "provyn", "held", "30% of the pages could be read.") == (
        "held",
        "The scrape of provyn is held, and nothing is published until a person says. 30% of the pages could be read.",
    )
    assert describe_end("retry", "provyn", "failed", "The disk is full.") == (
        "failed",
        "The retry of provyn has failed. The disk is full.",
    )
