"""A site of N generated incident pages of about 20 kB, from a server in its own process.

python benchmarks/site.py N PORT
"""

from __future__ import annotations

import hashlib
import random
import sys
from functools import cache

from aiohttp import web

LABELS = {
    "Category": ("Wrong Output", "Privacy Leak", "Unsafe Advice", "Research Finding"),
    "Industry": ("Travel", "Health", "Finance", "Technology"),
    "Status": ("Reported", "Confirmed", "Resolved"),
    "Date Occurred": ("Mar 4, 2025", "December 2024", "2024"),
    "Date Reported": ("Mar 9, 2025", "Jan 2, 2025"),
    "Jurisdiction": ("US", "Canada", "International"),
    "AI Provider": ("Northwind AI", "Contoso Labs", "Fabrikam"),
    "Model": ("Breeze 2", "Atlas", "Large 7"),
    "Application Type": ("chatbot", "agent", "classifier"),
    "Harm Type": ("financial", "operational", "privacy"),
    "Human Review in Place": ("Yes", "No"),
    "Litigation Filed": ("Yes", "No"),
}
WORDS = (
    "the assistant answered customers with rules that nobody had written and the company followed them until a person "
    "compared two answers and found that they could not both be true so the service was stopped and its owners told"
).split()
SECTIONS = {"Full Description": 900, "Root Cause": 250, "Mitigation Analysis": 250, "Lessons Learned": 250}
STYLE = "<style>" + "".join(f".c{n}{{margin:{n}px;padding:{n}px;color:#0{n % 10}0}}" for n in range(120)) + "</style>"


@cache
def page(number: int) -> bytes:
    """One incident page; always the same for a number."""
    dice = random.Random(number)
    pairs = "".join(
        f'<div class="x{n}"><dt class="label">{label}</dt><dd class="value">{dice.choice(values)}</dd></div>'
        for n, (label, values) in enumerate(LABELS.items())
    )
    sections = "".join(
        f'<section class="s"><h2>{name}</h2><p>{prose(dice, size // 2)}</p><p>{prose(dice, size // 2)}</p></section>'
        for name, size in SECTIONS.items()
    )
    menu = "".join(f'<li><a class="nav" href="/topics/{n}">Topic {n}</a></li>' for n in range(60))
    cards = "".join(
        f'<article class="card"><h3><a href="/incidents/incident-{n}">Incident {n}</a></h3>'
        f"<p>{prose(dice, 20)}</p></article>"
        for n in range(6)
    )
    tags = "".join(f'<a class="tag" href="/tags/{word}">{word}</a>' for word in ("refunds", "chatbots", "travel"))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Incident {number}</title>{STYLE}</head><body>"
        f"<header><nav><ul>{menu}</ul></nav></header><main><h1>Incident {number}: {prose(dice, 6)}</h1>"
        f'<span class="badge">{dice.choice(("Low", "Medium", "High"))}</span><p class="lead">{prose(dice, 30)}</p>'
        f"<dl>{pairs}</dl><div class='tags'>{tags}</div>{sections}<section><h2>Sources</h2><ul>"
        f"<li><a href='https://news.example/{number}'>A report</a><p>Example News · Mar 9, 2025 · news</p></li></ul>"
        f"</section></main><aside><h2>Related incidents</h2>{cards}</aside></body></html>"
    ).encode()


def prose(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def serve(count: int, port: int) -> None:
    """Serve the pages, a sitemap that names them all, and robots.txt; conditional requests get 304."""

    async def incident(request: web.Request) -> web.Response:
        body = page(int(request.match_info["number"]))
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers={"ETag": etag})

    async def sitemap(request: web.Request) -> web.Response:
        home = request.query.get("home", f"http://127.0.0.1:{port}")
        urls = "".join(f"<url><loc>{home}/incidents/incident-{n}</loc></url>" for n in range(count))
        return web.Response(
            text=f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>',
            content_type="application/xml",
        )

    async def robots(_: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /\n")

    app = web.Application()
    app.router.add_get("/incidents/incident-{number:\\d+}", incident)
    app.router.add_get("/sitemap.xml", sitemap)
    app.router.add_get("/robots.txt", robots)
    for number in range(count):
        page(number)
    web.run_app(app, host="127.0.0.1", port=port, print=lambda *_: print("ready", flush=True), access_log=None)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
