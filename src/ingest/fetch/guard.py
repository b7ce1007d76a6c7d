"""Connects to public addresses only, and to the hosts and ports that the operator named.

Names are checked when they are resolved for a connection, so that a name can't be checked as one address and used
as another. Literals do not pass through a resolver and are checked before the request. Whatever the way, a socket is
made only for an address that passed here.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.fetch.addresses import find_refusal
from ingest.fetch.kinds import FetchError
from ingest.fetch.urls import HostPort, Url, redact


class AddressRefusedError(OSError):
    """A name resolves to an address that may not be connected to."""


class AddressGuard(AbstractResolver):
    """A resolver that gives only addresses that may be connected to. names: resolves, whatever the address."""

    def __init__(self, names: AbstractResolver, allowed_hosts: frozenset[HostPort]) -> None:
        self._names = names
        self._allowed_hosts = allowed_hosts
        self._allowed_addresses: set[HostPort] = set()

    def check_literal(self, url: Url) -> None:
        """Raises FetchError (address_refused) for a URL whose host is an address that may not be connected to."""
        if url.address is None:
            return
        if url.endpoint in self._allowed_hosts:
            self._allowed_addresses.add(url.endpoint)
            return
        reason = find_refusal(url.address)
        if reason is not None:
            raise FetchError("address_refused", f"{redact(url.text)} is not a public address ({reason}).")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises AddressRefusedError where any of the name's addresses is refused, and OSError as the resolver does."""
        results = await self._names.resolve(host, port, family)
        if (host.lower().removesuffix("."), port) in self._allowed_hosts:
            self._allowed_addresses.update((result["host"], port) for result in results)
            return results
        for result in results:
            reason = find_refusal(ip_address(result["host"]))
            if reason is not None:
                raise AddressRefusedError(f"{host} resolves to {result['host']}, not a public address ({reason})")
        return results

    def make_socket(self, info: AddrInfoType) -> socket.socket:
        """A socket to connect to an address that passed. Raises AddressRefusedError for any other."""
        family, kind, protocol, _, place = info
        host, port = str(place[0]), int(place[1])
        address = ip_address(host)
        shown = address.compressed if isinstance(address, IPv6Address) else host
        if (shown, port) not in self._allowed_addresses and find_refusal(address) is not None:
            raise AddressRefusedError(f"{host} is not a public address")
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        await self._names.close()
