"""No URL, name or redirect reaches a private address, but for the hosts and ports that were named."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.fetch import Fetcher, FetchSettings, Request
from ingest.fetch.guard import AddressGuard, AddressRefusedError
from tests.fetch.conftest import Site


class Names(AbstractResolver):
    """Answers each name with its next list of addresses; the last one stays."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): lists for name, lists in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        lists = self.answers[host]
        addresses = lists.pop(0) if len(lists) > 1 else lists[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


LITERALS = """
127.0.0.1 127.1 127.0.1 127.0.0.1. 2130706433 0x7f000001 0x7f.1 0X7F.0.0.1 0177.0.0.1 017700000001 0x7f.0x0.0x0.0x1
127.0.0.01 0127.0.0.1 127.000.000.001 1.2.3.4.5 256.256.256.256 4294967296 0 00 0.0.0.0 127.255.255.254
10.0.0.1 10.1 172.16.0.1 192.168.0.1 169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 100.100.100.200
192.0.0.192 168.63.129.16 224.0.0.1 255.255.255.255 8.8.8.010 0x08080808
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [64:ff9b:1::1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::1] [fec0::1]
[fc00::1] [fd00:ec2::254] [ff02::1] [100::1] [2001:db8::1] [3fff::1]
""".split()
NAMES = {
    "loopback": ["127.0.0.1"],
    "private": ["10.0.0.1"],
    "metadata": ["169.254.169.254"],
    "unspecified": ["0.0.0.0"],
    "carrier": ["100.64.0.1"],
    "multicast": ["224.0.0.1"],
    "loopback6": ["::1"],
    "mapped": ["::ffff:127.0.0.1"],
    "nat64": ["64:ff9b::7f00:1"],
    "sixtofour": ["2002:7f00:1::"],
    "unique-local": ["fd00::1"],
    "link-local": ["fe80::1%1"],
    "public-and-private": ["93.184.216.34", "10.0.0.1"],
    "private-and-public": ["::1", "93.184.216.34"],
}


@pytest.mark.parametrize("host", LITERALS)
async def test_an_address_in_any_notation_is_refused(site: Site, host: str) -> None:
    # The server that is allowed listens on another port than the URL's.
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"http://{host}/"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, fetched.attempts) == ("address_refused", ())


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "127.0.0.2"])
async def test_naming_an_address_does_not_open_its_other_spellings(site: Site, host: str) -> None:
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"http://{host}:{site.port}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.asked) == ("address_refused", [])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_name_for_a_private_address_is_refused(site: Site, scheme: str, name: str) -> None:
    names = Names(**{f"{name}.example".replace(".", "_"): [NAMES[name]]})
    async with Fetcher(site.settings(attempts=1), names=names) as fetcher:
        fetched = await fetcher.fetch(Request(f"{scheme}://{name}.example:{site.port}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.asked) == ("address_refused", [])
    assert names.asked


async def test_a_refused_address_is_not_asked_for_again(site: Site) -> None:
    names = Names(inside_example=[["10.0.0.1"]])
    async with Fetcher(site.settings(attempts=3), names=names) as fetcher:
        fetched = await fetcher.fetch(Request("http://inside.example/page"))
    assert fetched.failure is not None
    assert not fetched.failure.transient
    assert len(names.asked) == 1


async def test_the_name_that_was_named_is_reached_and_no_other_name_for_the_same_address(site: Site) -> None:
    site.handlers["/page"] = "a page"
    allowed = frozenset({("intranet.example", site.port)})
    names = Names(intranet_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    async with Fetcher(site.settings(allowed_hosts=allowed), names=names) as fetcher:
        reached = await fetcher.fetch(Request(f"http://intranet.example:{site.port}/page"))
        other = await fetcher.fetch(Request(f"http://other.example:{site.port}/page"))
        literal = await fetcher.fetch(Request(f"http://127.0.0.1:{site.port}/page"))
    assert reached.response is not None
    assert reached.response.body == b"a page"
    assert [other.failure and other.failure.kind, literal.failure and literal.failure.kind] == ["address_refused"] * 2


async def test_a_machines_own_name_is_reached_where_it_was_named(site: Site) -> None:
    site.handlers["/page"] = "a page"
    async with Fetcher(site.settings(allowed_hosts=frozenset({("localhost", site.port)}))) as fetcher:
        for host in ("localhost", "LOCALHOST", "localhost."):
            assert (await fetcher.fetch(Request(f"http://{host}:{site.port}/page"))).failure is None


async def test_an_ipv6_address_is_reached_where_it_was_named() -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\na page")
        writer.close()

    try:
        server = await asyncio.start_server(answer, "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    port = server.sockets[0].getsockname()[1]
    async with server, Fetcher(FetchSettings("ingest", 0, allowed_hosts=frozenset({("::1", port)}))) as fetcher:
        named = await fetcher.fetch(Request(f"http://[::1]:{port}/page"))
        spelled_out = await fetcher.fetch(Request(f"http://[0:0::0:1]:{port}/page"))
    assert (named.failure, spelled_out.failure) == (None, None)


async def test_a_name_for_a_private_address_stays_refused_however_often_it_is_asked_for(site: Site) -> None:
    names = Names(inside_example=[["10.0.0.1"]])
    async with Fetcher(site.settings(unanswered_limit=2), names=names) as fetcher:
        results = [await fetcher.fetch(Request("http://inside.example/page")) for _ in range(5)]
    assert [item.failure and item.failure.kind for item in results] == ["address_refused"] * 5


async def test_naming_a_port_opens_no_other_port(site: Site, other_site: Site) -> None:
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{other_site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, other_site.asked) == ("address_refused", [])


async def test_a_name_that_changes_its_address_is_checked_at_every_connection(site: Site) -> None:
    """DNS rebinding: a public address at first, then one inside."""
    names = Names(rebinding_example=[["93.184.216.34"], ["127.0.0.1"]])
    guard = AddressGuard(names, frozenset({("127.0.0.1", site.port)}))
    assert await guard.resolve("rebinding.example", site.port)
    with pytest.raises(AddressRefusedError, match="loopback"):
        await guard.resolve("rebinding.example", site.port)


@pytest.mark.parametrize(
    "place", [("127.0.0.1", 80), ("10.0.0.1", 80), ("::1", 80, 0, 0), ("::ffff:10.0.0.1", 80, 0, 0)]
)
def test_no_socket_is_made_for_an_address_that_did_not_pass(place: tuple[str, int]) -> None:
    guard = AddressGuard(Names(), frozenset({("127.0.0.1", 8000), ("localhost", 80)}))
    with pytest.raises(AddressRefusedError):
        guard.make_socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place))


REDIRECTS = ["http://10.0.0.1/", "http://127.1/", "http://[::1]/", "http://0x7f.1:{other}/", "http://inside.example/"]


@pytest.mark.parametrize("target", [*REDIRECTS, "http://127.0.0.1:{other}/page", "//127.0.0.1:{other}/page"])
async def test_a_redirect_inside_is_refused(site: Site, other_site: Site, target: str) -> None:
    location = target.format(other=other_site.port)
    site.handlers["/page"] = web.Response(status=302, headers={"Location": location})
    names = Names(inside_example=[["192.168.0.1"]])
    async with Fetcher(site.settings(), names=names) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, other_site.asked) == ("address_refused", [])
    assert fetched.failure.detail["redirected_from"] == f"{site.origin}/page"


async def test_a_robots_file_that_redirects_inside_closes_its_host(site: Site, other_site: Site) -> None:
    site.handlers["/robots.txt"] = web.Response(status=302, headers={"Location": f"{other_site.origin}/robots.txt"})
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert fetched.failure is not None
    assert (fetched.failure.kind, site.paths, other_site.asked) == ("address_refused", [], [])


async def test_the_environment_names_no_proxy(site: Site, other_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.handlers["/page"] = "a page"
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other_site.origin)
    async with Fetcher(site.settings()) as fetcher:
        fetched = await fetcher.fetch(Request(f"{site.origin}/page"))
    assert (fetched.failure, other_site.asked) == (None, [])
