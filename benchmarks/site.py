"""A site of N generated incident pages of about 21 kB, as files that any web server can serve."""

from __future__ import annotations

import random
from pathlib import Path

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
URLS_A_SITEMAP = 20_000
XML = '<?xml version="1.0" encoding="UTF-8"?>'
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
STYLE = "<style>" + "".join(f".c{n}{{margin:{n}px;padding:{n}px;color:#0{n % 10}0}}" for n in range(120)) + "</style>"


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


def write_pages(folder: Path, count: int) -> None:
    """Write the incident pages; those that an earlier call has written stay, with the times that validators are of."""
    incidents = folder / "incidents"
    incidents.mkdir(parents=True, exist_ok=True)
    for number in range(len(list(incidents.iterdir())), count):
        new = folder / ".new"
        new.write_bytes(page(number))
        new.replace(incidents / f"incident-{number}")


def write_entry_points(folder: Path, count: int, home: str) -> None:
    """Write robots.txt and sitemap.xml, an index of sitemaps of 20,000 pages each; home: scheme and host."""
    starts = range(0, count, URLS_A_SITEMAP)
    for start in starts:
        numbers = range(start, min(start + URLS_A_SITEMAP, count))
        urls = "".join(f"<url><loc>{home}/incidents/incident-{number}</loc></url>" for number in numbers)
        (folder / f"sitemap-{start}.xml").write_text(f'{XML}<urlset xmlns="{SITEMAPS}">{urls}</urlset>')
    parts = "".join(f"<sitemap><loc>{home}/sitemap-{start}.xml</loc></sitemap>" for start in starts)
    (folder / "sitemap.xml").write_text(f'{XML}<sitemapindex xmlns="{SITEMAPS}">{parts}</sitemapindex>')
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n")
