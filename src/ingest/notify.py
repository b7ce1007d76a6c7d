"""Tells a person, by one message to an address of theirs, that a run needs them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson

from ingest.fetch import Failure
from ingest.fetch.posting import post_json
from ingest.redaction import escape_unsafe, redact_text
from ingest.settings import Settings
from ingest.times import now

Event = Literal["held", "failed", "attention"]
_LOG = logging.getLogger("ingest.notify")


def describe_end(flow: str, source: str, outcome: str, message: str | None) -> tuple[Event, str] | None:
    """What there is to tell of a run's end; None where nobody needs to come."""
    match outcome:
        case "held":
            return "held", f"The {flow} of {source} is held, and nothing is published until a person says. {message}"
        case "failed":
            return "failed", f"The {flow} of {source} has failed. {message}"
    return None


async def notify(
    settings: Settings,
    event: Event,
    text: str,
    *,
    sources: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
    user_agent: str = "ingest",
) -> Failure | None:
    """Post one JSON object where the settings say, if they do: event, text, sources, at, and details.

    What went wrong with it is logged and returned; it never ends a run.
    """
    if settings.notify_url is None:
        return None
    text = escape_unsafe(redact_text(text))
    message = {"event": event, "text": text, "sources": list(sources), "at": now(), "details": dict(details or {})}
    failure = await post_json(settings.notify_url.get_secret_value(), orjson.dumps(message), user_agent)
    if failure is not None:
        _LOG.warning("A message could not be delivered (%s): %s", text, failure.message)
    return failure
