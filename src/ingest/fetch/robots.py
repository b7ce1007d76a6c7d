"""robots.txt: what it says for us (RFC 9309). Pure.

Protego reads the rules. It takes a group for `in` as meant for `ingest`, ignores the first line after a byte order
mark, and stores every rule once for each agent of its group; so it is given only what concerns us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

MAX_ROBOTS_BYTES = 512_000
QUICK_BYTES = 50_000
"""Rules up to this size are compared in a few milliseconds, whatever they are."""
MAX_SITEMAPS = 100

_AGENT_LINE = re.compile(r"[ \t]*user[- ]?agent[ \t]*[: \t](.*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[A-Za-z_-]+")
_ANYONE_ELSE = "another-agent"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin for one product token. crawl_delay_seconds: None where none is named.

    quick: comparing a URL takes too little time to be worth a thread.
    """

    rules: Protego
    product: str
    crawl_delay_seconds: float | None
    sitemaps: tuple[str, ...]
    quick: bool

    def allows(self, url: str) -> bool:
        return self.rules.can_fetch(url, self.product)


def read_robots(body: bytes, product: str) -> Robots:
    """The rules in the first 500 KiB of a robots.txt. An empty one allows everything."""
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
    rules = Protego.parse("\n".join(_keep_agent(line, product) for line in text.splitlines()))
    sitemaps = dict.fromkeys(rules.sitemaps)
    return Robots(
        rules=rules,
        product=product,
        crawl_delay_seconds=rules.crawl_delay(product),
        sitemaps=tuple(sitemaps)[:MAX_SITEMAPS],
        quick=len(body) <= QUICK_BYTES,
    )


def _keep_agent(line: str, product: str) -> str:
    """The line; one that names an agent in the spelling that Protego compares."""
    match = _AGENT_LINE.fullmatch(line.partition("#")[0])
    if match is None:
        return line
    agent = match[1].lstrip(": \t").strip()
    if agent == "*":
        return "User-agent: *"
    named = _PRODUCT.match(agent)
    ours = named is not None and named[0].lower() == product
    return f"User-agent: {product if ours else _ANYONE_ELSE}"
