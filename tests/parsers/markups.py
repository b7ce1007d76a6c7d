"""One incident in many markups: every part of a page in several forms that say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

TITLE = "Warehouse robot planner routes forklifts through a lunch room"
SUMMARY = "A planner drew the shortest way through a room full of people. It did so for two days before anyone asked."
SEVERITY = "Critical"
FACTS = {
    "Category": "Unsafe Behavior",
    "Industry": "Logistics",
    "Status": "Under Investigation",
    "Date Occurred": "Jun 7, 2025",
    "Date Reported": "Jun 9, 2025",
    "Jurisdiction": "Netherlands",
    "AI Provider": "Kadewerk",
    "Model": "Route 4",
    "Application Type": "planning",
    "Harm Type": "physical",
    "Human Review in Place": "Yes",
    "Litigation Filed": "No",
}
TAGS = ("routing", "robot_safety", "near-miss")
SECTIONS = {
    "Full Description": ("The planner treated doors as floor.", "It sent nine trips through the lunch room."),
    "Root Cause": ("The map had no layer for people.",),
    "Mitigation Analysis": ("Rooms with people are walls to the planner.",),
    "Lessons Learned": ("A shortest way is short for somebody.",),
}
SOURCE = ("Forklifts at lunch", "https://dock.example/lunch", "Dock Daily · Jun 9, 2025 · news")

EXPECTED = {
    "title": TITLE,
    "summary": SUMMARY,
    "severity": "critical",
    "category": "unsafe_behavior",
    "industry": "logistics",
    "status": "under_investigation",
    "application_type": "planning",
    "harm_type": "physical",
    "date_occurred": "2025-06-07",
    "date_reported": "2025-06-09",
    "jurisdiction": "Netherlands",
    "ai_provider": "Kadewerk",
    "model": "Route 4",
    "human_review": True,
    "litigation_filed": False,
    "description": "\n\n".join(SECTIONS["Full Description"]),
    "root_cause": SECTIONS["Root Cause"][0],
    "mitigation": SECTIONS["Mitigation Analysis"][0],
    "lessons_learned": SECTIONS["Lessons Learned"][0],
    "tags": list(TAGS),
    "citations": [
        {"title": SOURCE[0], "publisher": "Dock Daily", "date": "2025-06-09", "kind": "news", "url": SOURCE[1]}
    ],
    "raw": FACTS,
    "extra": {},
}

FIELDS = dict(
    zip(
        FACTS,
        "category industry status date_occurred date_reported jurisdiction ai_provider model application_type "
        "harm_type human_review litigation_filed".split(),
        strict=True,
    )
)
SECTION_FIELDS = dict(zip(SECTIONS, ("description", "root_cause", "mitigation", "lessons_learned"), strict=True))

ICON = '<svg viewBox="0 0 9 9"><path d="M1 1h7v7H1z"/></svg>'


def rows(pattern: str, facts: Mapping[str, str] = FACTS) -> str:
    """One line a fact; `{label}` and `{value}` stand in the pattern."""
    return "\n".join(pattern.format(label=label, value=escape(value)) for label, value in facts.items())


HEADINGS: Sequence[str] = (
    f"<h1>{TITLE}</h1><span>{SEVERITY}</span><p>{SUMMARY}</p>",
    f"<span>{SEVERITY}</span><h1>{TITLE}</h1><p>{SUMMARY}</p>",
    f"<header><div><h1>{TITLE}</h1><div><div>{ICON}{SEVERITY}</div></div></div><div>{SUMMARY}</div></header>",
    f"<div><div><p>{SEVERITY}</p></div><h1><span>{TITLE}</span></h1></div><h2>{SUMMARY}</h2>",
    f"<h1>{TITLE}</h1><p>{SUMMARY}</p><div><span>{SEVERITY.upper()}</span></div>",
    f"<h1>{TITLE}</h1><div><a href='/incidents?severity=critical'>{SEVERITY}</a></div><p>{SUMMARY}</p>",
    f"<div><p>By the desk, <time>Jun 10, 2025</time></p><h1>{TITLE}</h1><b>{SEVERITY}</b><p>{SUMMARY}</p></div>",
)
LABELS: Sequence[tuple[str, str]] = (
    ("<dl>{rows}</dl>", "<dt>{label}</dt><dd>{value}</dd>"),
    ("<dl>{rows}</dl>", "<div><dt>{label}:</dt><dd><span>{value}</span></dd></div>"),
    ("<table><tbody>{rows}</tbody></table>", "<tr><th>{label}</th><td>{value}</td></tr>"),
    ("<table>{rows}</table>", "<tr><td>{label}</td><td><b>{value}</b></td></tr>"),
    ("<div>{rows}</div>", "<div><div>{label}</div><div>{value}</div></div>"),
    ("<div>{rows}</div>", f"<div><div>{ICON}</div><div><div>{{label}}</div><div>{{value}}</div></div></div>"),
    ("<div>{rows}</div>", f"<div>{ICON}<p>{{label}}</p><div><div><span>{{value}}</span></div></div></div>"),
    ("<ul>{rows}</ul>", "<li><span>{label}</span><span>{value}</span></li>"),
    ("<ul>{rows}</ul>", "<li><b>{label}:</b> {value}</li>"),
    ("<ul>{rows}</ul>", "<li>{label}: {value}</li>"),
    ("<p>{rows}</p>", "<strong>{label}:</strong> {value}<br>"),
    ("{rows}", "<p><strong>{label}</strong><br>{value}</p>"),
    ("{rows}", "<h4>{label}</h4><p>{value}</p>"),
    ("{rows}", "<div>{label}</div><div>{value}</div>"),
    ("<div>{rows}</div>", "<p><label>{label}</label> <output>{value}</output></p>"),
    ("<div>{rows}</div>", "<div><span>{label}<!-- --> </span><!-- --><span><!-- -->{value}</span></div>"),
)
"""What holds the facts, and one of them."""


def labelled(markup: tuple[str, str], facts: Mapping[str, str] = FACTS) -> str:
    """Facts in one of LABELS."""
    return markup[0].format(rows=rows(markup[1], facts))


CHIPS: Sequence[str] = (
    f"<div>{''.join(f'<span>{tag}</span>' for tag in TAGS)}</div>",
    f"<ul>{''.join(f'<li>{tag}</li>' for tag in TAGS)}</ul>",
    f"<div><div>{''.join(f'<div><span>{tag}</span></div>' for tag in TAGS)}</div></div>",
    f"<p>{', '.join(f'<a href=/tags/{tag}>{tag}</a>' for tag in TAGS)}</p>",
    f"<section>{' '.join(f'<button>{tag}</button>' for tag in TAGS)}</section>",
)


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


SOURCES: Sequence[str] = (
    f"<ul><li><a href='{SOURCE[1]}'>{SOURCE[0]}</a><p>{SOURCE[2]}</p></li></ul>",
    f"<div><a href='{SOURCE[1]}'><h4>{SOURCE[0]}</h4><p>{SOURCE[2]}</p></a></div>",
    f"<p><a href='{SOURCE[1]}'>{SOURCE[0]}</a><br>{SOURCE[2]}</p>",
    f"<div><div><div><a href='{SOURCE[1]}'>{SOURCE[0]} {ICON}</a></div><div>"
    f"{''.join(f'<span>{part}</span>' for part in SOURCE[2].split(' · '))}</div></div></div>",
)
TEXTS: Sequence[str] = (
    "<section><h2>{label}</h2>{value}</section>",
    "<h3>{label}</h3>{value}",
    "<div><h3>{label}</h3><div><div>{value}</div></div></div>",
    "<details><summary>{label}</summary>{value}</details>",
    "<div><h3><button>{label}</button></h3><div hidden>{value}</div></div>",
    "<div><button>{label}</button><div>{value}</div></div>",
    "<div><div>{label}</div><div>{value}</div></div>",
    "<article><div><span></span><h2>{label}</h2></div><div>{value}</div></article>",
)
"""One section."""


def sectioned(pattern: str, source: str, sections: Mapping[str, Sequence[str]] = SECTIONS) -> str:
    """Every section by one pattern, the sources last."""
    parts = [pattern.format(label=label, value=paragraphs(texts)) for label, texts in sections.items()]
    return "\n".join([*parts, pattern.format(label="Sources", value=source)])


_CARD = (
    "<li><a href='/incidents/other-{n}'><h3>Another incident, number {n}</h3></a><span>Low</span>"
    "<dl><dt>Category</dt><dd>Bias</dd><dt>Industry</dt><dd>Retail</dd><dt>Status</dt><dd>Reported</dd></dl></li>"
)
_FILTERS = "".join(f"<label>{label}<select><option>All</option></select></label>" for label in FACTS)
FRAMES: Sequence[str] = (
    "<main>{page}</main>",
    "<div>{page}</div>",
    "<header><h1><a href='/'>Tracker</a></h1><nav><a href='/i'>Incidents</a> <a href='/s'>Sources</a></nav></header>"
    "<main><a href='/incidents'>← Back to incidents</a><article>{page}</article></main><footer>© Tracker</footer>",
    "<form>" + _FILTERS + "</form><main>{page}</main>",
    "<main>{page}<section><h2>Related incidents</h2><ul>"
    + "".join(_CARD.format(n=n) for n in range(3))
    + "</ul></section></main>",
    "<main>{page}</main><aside><h2>Latest</h2><ul>" + "".join(_CARD.format(n=n) for n in range(4)) + "</ul></aside>",
    "<main><p>Loading…</p></main><div hidden>{page}</div>",
    "<form action='/'><div>{page}</div></form>",
)


def page(frame: str, heading: str, labels: str, chips: str, text: str) -> str:
    """A whole page of one choice for each part."""
    body = frame.format(page=f"{heading}\n{labels}\n{chips}\n{text}")
    return f"<!doctype html><html><head><title>{TITLE}</title></head><body>{body}</body></html>"
