"""Which network addresses may be connected to. Pure.

Sources: IANA's registries of special-purpose IPv4 and IPv6 addresses, RFC 6890, RFC 6052 (NAT64), RFC 4291 (mapped).
Python's `is_global` differs between versions and calls multicast, 6to4 and site-local addresses global, so the
ranges are written out.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address

_SPECIAL_V4 = {
    IPv4Network(network): name
    for network, name in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "shared by carriers",
        "127.0.0.0/8": "loopback",
        "168.63.129.16/32": "a cloud's own services",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "AS112",
        "192.52.193.0/24": "multicast relays",
        "192.88.99.0/24": "6to4 relays",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "AS112",
        "198.18.0.0/15": "benchmarks",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
}
_SPECIAL_V6 = {
    IPv6Network(network): name
    for network, name in {
        "2001::/23": "protocol assignments",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "2620:4f:8000::/48": "AS112",
        "3fff::/20": "documentation",
    }.items()
}
_UNICAST_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def find_refusal(address: IPAddress) -> str | None:
    """Why an address may not be connected to, such as `loopback`; None where it is public."""
    if isinstance(address, IPv4Address):
        return next((name for network, name in _SPECIAL_V4.items() if address in network), None)
    if address.scope_id is not None:
        return "a zone of one machine"
    if address.ipv4_mapped is not None:
        return find_refusal(address.ipv4_mapped)
    if address in _NAT64:
        return find_refusal(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _UNICAST_V6:
        return "not a public unicast address"
    return next((name for network, name in _SPECIAL_V6.items() if address in network), None)
