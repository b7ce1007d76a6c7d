"""Pages of a made-up tracker that no source describes, in our own words."""

from __future__ import annotations

from pathlib import Path

ORIGIN = "https://tracker.example"
INCIDENTS = {
    "bakery-robot-burns-a-tray": {
        "title": "Bakery robot burns a tray of rolls",
        "Type of harm": "Property damage",
        "Severity level": "Low",
        "Date of incident": "3 May 2025",
        "Published": "12 May 2025",
        "Vendor": "Knead Systems",
        "Country": "Austria",
        "Lawsuit filed": "No",
        "Batch number": "A-17",
        "What happened": "The oven's assistant took the steam of the first tray for an empty oven and went on heating "
        "for twenty minutes. Nobody was hurt, and the rolls were thrown away in the evening.",
        "Lessons": "A camera behind glass needs a second sensor beside it, or a person who looks at what comes out.",
    },
    "choir-app-mutes-the-altos": {
        "title": "Choir app mutes the altos",
        "Type of harm": "Discrimination",
        "Severity level": "Medium",
        "Date of incident": "November 2024",
        "Published": "2 December 2024",
        "Vendor": "Solfa Labs",
        "Country": "Ireland",
        "Lawsuit filed": "Yes",
        "Batch number": "B-3",
        "What happened": "An app that marks singing took low voices for noise of the room and cut them out of the "
        "recordings of a whole term. Nine pupils were marked as absent, and two failed the year.",
        "Lessons": "Marks that an app gives should be shown to those who are marked before they count for anything.",
    },
    "ferry-bot-sells-a-cabin-twice": {
        "title": "Ferry bot sells a cabin twice",
        "Type of harm": "Financial loss",
        "Severity level": "High",
        "Date of incident": "2025-01-09",
        "Published": "10 January 2025",
        "Vendor": "Skerry Lines",
        "Country": "Norway",
        "Lawsuit filed": "No",
        "Batch number": "A-4",
        "What happened": "A booking assistant kept its own list of cabins that were free and read the line's only at "
        "night. On a full crossing it sold one cabin to two families, who shared it for nine hours.",
        "Lessons": "An assistant that promises something has to ask the system that keeps the promise, every time.",
    },
}


def tracker_page(slug: str, origin: str = ORIGIN) -> str:
    """The page of an incident: a table of labels, sections under headings, sources in a list."""
    facts = dict(INCIDENTS[slug])
    title, story, lessons = (facts.pop(name) for name in ("title", "What happened", "Lessons"))
    rows = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in facts.items())
    return f"""<!doctype html><html lang="en"><head><title>{title} | Trouble Ledger</title>
    <link rel="canonical" href="{origin}/cases/{slug}"></head><body>
    <header><nav><a href="/">Trouble Ledger</a> <a href="/cases">All cases</a></nav></header>
    <main><h1>{title}</h1><table>{rows}</table>
    <h2>What happened</h2><p>{story}</p><h2>Lessons</h2><p>{lessons}</p>
    <h2>Sources</h2><ul><li><a href="https://news.example/{slug}">{title}, says the paper</a></li></ul></main>
    <footer><a rel="license" href="https://creativecommons.org/licenses/by/4.0/">Licence</a></footer></body></html>"""


def write_pages(folder: Path) -> list[Path]:
    """The tracker's pages as files."""
    files = []
    for slug in INCIDENTS:
        files.append(folder / f"{slug}.html")
        files[-1].write_text(tracker_page(slug), encoding="utf-8")
    return files
