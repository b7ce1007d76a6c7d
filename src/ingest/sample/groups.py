"""The second markup: dl groups in sections, long texts in accordions. The words of a page are those of the first."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ingest.sample.facts import LABELS, Entry, PrintedSource
from ingest.sample.pieces import (
    CARD_LABELS,
    FILTERS,
    SITE_NAME,
    address,
    listing_address,
    write_blocks,
    write_document,
    write_options,
)

_HEAD = (
    '<link rel="stylesheet" href="/static/site.css"/><link rel="icon" href="/static/icon.svg" type="image/svg+xml"/>'
)
_GROUPS = (
    ("category", "industry", "status"),
    ("date_occurred", "date_reported", "jurisdiction"),
    ("ai_provider", "model", "application_type"),
)
"""Fields that share a group; those that are left over share the last."""


def write_incident(entry: Entry, related: Sequence[Entry]) -> str:
    """The page of an incident, beside a filter form and cards of others that print the same labels."""
    texts = "".join(
        f'<details class="accordion"{"" if place else " open"}><summary><h2>{escape(heading)}</h2></summary>'
        f'<div class="accordion-panel"><div class="text">{write_blocks(blocks)}</div></div></details>'
        for place, (heading, blocks) in enumerate(entry.sections)
    )
    sources = "".join(map(_source, entry.sources))
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in entry.tags)
    tags = f'<ul class="tags">{tags}</ul>' if tags else ""
    body = (
        f'{_banner()}<main id="content"><article><p class="crumb"><a href="/incidents">← Back to incidents</a></p>'
        f'<div class="title"><h1>{escape(entry.title)}</h1>'
        f'<strong class="level">{escape(entry.severity)}</strong></div>'
        f'<p class="lead">{escape(entry.summary)}</p>{_facts(entry)}'
        f'{tags}{texts}<section class="sources"><h2>Sources</h2><ol>{sources}</ol></section></article>'
        f'<aside class="related"><h2>Related incidents</h2><ul>{"".join(map(_card, related))}</ul></aside></main>'
        f"{_footer()}"
    )
    return write_document(entry.title, address(entry), _HEAD, body)


def write_listing(entries: Sequence[Entry], number: int, total: int) -> str:
    """One page of the list of incidents, with a link to the next."""
    head, more = _HEAD, ""
    if number < total:
        following = listing_address(number + 1)
        head = f'{_HEAD}<link rel="next" href="{following}"/>'
        more = f'<p class="pager"><a class="next" href="{following}">Next →</a></p>'
    body = (
        f'{_banner()}<main id="content"><h1>Incidents</h1><ul class="cards">{"".join(map(_card, entries))}</ul>{more}'
        f"</main>{_footer()}"
    )
    return write_document("Incidents", listing_address(number), head, body)


def _banner() -> str:
    fields = "".join(
        f"<p><label>{label} <select name={label.split()[0].lower()}>{write_options(label)}</select></label></p>"
        for label in ("Severity", *FILTERS)
    )
    return (
        f'<header><p><a href="/">{SITE_NAME}</a></p><nav><ul><li><a href="/incidents">Incidents</a></li></ul></nav>'
        f'<form action="/incidents"><fieldset>{fields}</fieldset><button>Apply</button></form></header>'
    )


def _footer() -> str:
    return f"<footer><p>{SITE_NAME}: made-up site, public facts.</p></footer>"


def _facts(entry: Entry) -> str:
    values = dict(entry.labels)
    grouped = [[LABELS[field] for field in group] for group in _GROUPS]
    rest = [label for label in values if not any(label in group for group in grouped)]
    return "".join(
        f'<section class="facts"><dl>{"".join(_pair(label, values[label]) for label in group if label in values)}</dl>'
        "</section>"
        for group in (*grouped, rest)
    )


def _pair(label: str, values: Sequence[str]) -> str:
    name = escape(label).replace(" ", "&nbsp;", 1)
    return f"<div><dt>{name}</dt>{''.join(f'<dd>{escape(value)}</dd>' for value in values)}</div>"


def _source(source: PrintedSource) -> str:
    title = escape(source.title)
    if source.url is not None:
        title = f'<a href="{escape(source.url)}">{title}</a>'
    return f"<li><cite>{title}</cite><p><small>{' · '.join(map(escape, source.line))}</small></p></li>"


def _card(entry: Entry) -> str:
    pairs = "".join(_pair(label, (entry.label(label),)) for label in CARD_LABELS)
    return (
        f'<li><article><h3><a href="{address(entry)}">{escape(entry.title)}</a></h3><em>{escape(entry.severity)}</em>'
        f"<p>{escape(entry.summary)}</p><dl>{pairs}</dl></article></li>"
    )
