"""Posts a JSON object to an address that the operator has set: bounded in time, never redirected, never shown.

The path and query of such an address are a secret, so messages name its host only.
"""

from __future__ import annotations

import asyncio

import aiohttp
import httpx
from aiohttp import ThreadedResolver

from ingest.fetch.exchange import explain_error, open_transport
from ingest.fetch.guard import AddressGuard
from ingest.fetch.kinds import Failure, FetchError
from ingest.fetch.urls import Url, parse_url

POST_SECONDS = 10.0
WAITS_SECONDS = (1.0, 3.0)
"""Before the further attempts, where the failure may pass."""


async def post_json(url: str, content: bytes, user_agent: str) -> Failure | None:
    """Post once, and again where the receiver gave no answer or a busy one; the last failure, None when it took it.

    The address is the operator's own word, so it may be private.
    """
    try:
        target = parse_url(url)
    except FetchError as error:
        return Failure(error.failure.kind, "The address is no URL that can be posted to.")
    guard = AddressGuard(ThreadedResolver(), frozenset({target.endpoint}))
    headers = {"Content-Type": "application/json", "User-Agent": user_agent}
    try:
        guard.check_literal(target)
        transport = open_transport(guard, None)
        async with transport:
            for wait in (*WAITS_SECONDS, None):
                failure = await _post(transport, target, headers, content)
                if failure is None or not failure.transient or wait is None:
                    return failure
                await asyncio.sleep(wait)
    finally:
        await guard.close()
    return None


async def _post(
    transport: httpx.AsyncBaseTransport, target: Url, headers: dict[str, str], content: bytes
) -> Failure | None:
    try:
        async with asyncio.timeout(POST_SECONDS):
            request = httpx.Request("POST", target.text, headers=headers, content=content)
            response = await transport.handle_async_request(request)
            await response.aclose()
    except TimeoutError:
        return Failure("timeout", f"{target.host} gave no answer within {POST_SECONDS:.0f} s.")
    except (httpx.HTTPError, aiohttp.ClientError, OSError, UnicodeError) as error:
        kind, why = explain_error(error)
        return Failure(kind, f"{target.host}: {why}.")
    status = response.status_code
    return None if 200 <= status < 300 else Failure(f"http_{status}", f"{target.host} answered {status}.")
