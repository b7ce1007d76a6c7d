"""Credentials do not reach a log, a message or a report; what is no credential stays as it is."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.redaction import HIDDEN, RedactedRecord, escape_unsafe, keep_secrets, redact_headers, redact_text

SECRET = "hunter2hunter2hunter2"
WITH_SECRETS = [
    f"https://user:{SECRET}@site.example/page",
    f"https://{SECRET}@site.example/page",
    f"https://site.example/page?token={SECRET}",
    f"https://site.example/page?a=1&access_token={SECRET}&b=2",
    f"https://site.example/page?X-Amz-Signature={SECRET}",
    f"https://site.example/page?apikey={SECRET}",
    f"https://site.example/page;jsessionid={SECRET}?page=2",
    f"https://site.example/page#access_token={SECRET}",
    f"/page;sid={SECRET}",
    f"GET /page?api_key={SECRET} HTTP/1.1",
    f"Cookie: session={SECRET}; theme=dark",
    f"Set-Cookie: sid={SECRET}; HttpOnly",
    f"Authorization: Bearer {SECRET}",
    f"authorization: Basic {SECRET}",
    f"Proxy-Authorization: Digest username={SECRET}",
    f"{{'X-Api-Key': '{SECRET}'}}",
    f'{{"authorization": "Bearer {SECRET}"}}',
    f"sent with Bearer {SECRET} to the host",
    f"password={SECRET}",
    f"client_secret: {SECRET}",
    f"CLIENT_SECRET: {SECRET}",
    f"PREFECT_API_KEY={SECRET}",
]
BY_FORM = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r",
    "ghp_" + "a1B2" * 9,
    "xoxb-123456789012-abcdef",
    "AKIA" + "ABCD" * 4,
    "sk_live_" + "a1B2" * 5,
]
WITHOUT_SECRETS = [
    "https://provyn.dev/incidents?page=3&sort=date",
    "https://provyn.dev/incidents/token-theft-2025",
    "The host answered 503 Service Unavailable.",
    "text/html; charset=utf-8",
    'W/"5e9-abcdef0123456789"',
    "An assistant told its user the secret of a recipe: butter.",
    "Tue, 24 Nov 2026 20:00:00 GMT",
    "max-age=3600, must-revalidate",
]


@pytest.mark.parametrize("text", WITH_SECRETS)
def test_a_credential_is_hidden(text: str) -> None:
    assert SECRET not in redact_text(text)
    assert HIDDEN in redact_text(text)


@pytest.mark.parametrize("secret", BY_FORM)
def test_a_credential_is_known_by_its_form(secret: str) -> None:
    assert redact_text(f"The answer was {secret}, at last.") == f"The answer was {HIDDEN}, at last."


@pytest.mark.parametrize("text", WITHOUT_SECRETS)
def test_what_is_no_credential_stays(text: str) -> None:
    assert redact_text(text) == text


def test_headers_are_hidden_by_their_names() -> None:
    names = ("Set-Cookie", "authorization", "X-Api-Key", "X-CSRF-Token", "X-Amz-Security-Token", "x-auth-user")
    assert redact_headers((name, SECRET) for name in names) == tuple((name, HIDDEN) for name in names)
    kept = (("ETag", '"abc"'), ("Content-Type", "text/html"), ("Retry-After", "120"), ("WWW-Authenticate", "Basic"))
    assert redact_headers(kept) == kept
    assert SECRET not in str(redact_headers([("Location", f"/page?token={SECRET}")]))


@given(st.text())
def test_any_text_can_be_redacted_and_a_second_time_changes_nothing(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@pytest.mark.parametrize("unsafe", ["\x1b[31m", "\r", "\x00", "\x9b", "\u202e", "\u2066", "\u061c", "\u2028", "\ud800"])
def test_what_a_terminal_could_obey_is_escaped(unsafe: str) -> None:
    shown = escape_unsafe(f"a{unsafe}b")
    shown.encode()
    assert not set(unsafe[:1]) & set(shown)


def test_what_a_person_reads_stays() -> None:
    text = "Zürich – 東京\n\tمرحبا 👩‍👩‍👧"
    assert escape_unsafe(text) == text


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of any library, in a process that keeps secrets."""
    factory, stream = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("a.library")
    logger.addHandler(handler)
    keep_secrets()
    yield logger, stream
    logging.setLogRecordFactory(factory)
    logger.removeHandler(handler)


def test_a_log_record_is_redacted_with_its_arguments(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("asked for %s with %s", f"https://u:{SECRET}@host/", {"Authorization": f"Bearer {SECRET}"})
    assert SECRET not in stream.getvalue()
    assert "asked for https://" in stream.getvalue()


def test_a_traceback_is_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    try:
        raise ValueError(f"https://host/?token={SECRET}")
    except ValueError:
        logger.exception("it failed")
    assert "ValueError" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_a_page_can_not_forge_a_line_of_the_log(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("title: %s", "x\r\x1b[2KERROR all is lost")
    assert "\r" not in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_record_whose_arguments_do_not_fit_is_kept(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("%d pages", f"token={SECRET}")
    assert "%d pages" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_no_attribute_of_a_record_holds_the_secret() -> None:
    record = RedactedRecord("name", logging.INFO, "path", 1, "to %s", (f"https://h/?key={SECRET}",), None)
    assert SECRET not in repr(vars(record))
