"""The first markup: what a React server renders, pairs of div and span with utility and hashed classes, svg icons."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ingest.sample.facts import Entry, PrintedSource
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
    '<link rel="stylesheet" href="/_assets/7d1c0be4.css" data-precedence="next"/>'
    '<script src="/_assets/chunks/main-4be1a90c.js" async=""></script>'
)
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" aria-hidden="true"><path d="M4 6h16M4 12h16M4 18h10"></path></svg>'
)
_NOTHING = "<!-- -->"


def write_incident(entry: Entry, related: Sequence[Entry]) -> str:
    """The page of an incident, beside a filter form and cards of others that print the same labels."""
    sections = "".join(_section(heading, write_blocks(blocks)) for heading, blocks in entry.sections)
    sources = f'<ul class="space-y-4">{"".join(map(_source, entry.sources))}</ul>'
    body = (
        f'{_header()}<div class="mx-auto max-w-6xl px-4 py-8 lg:grid lg:grid-cols-4">{_filter()}'
        '<main class="lg:col-span-3 css-k7w1xd"><a class="text-sm text-slate-500 hover:underline" href="/incidents">'
        f"{_ICON}<span>← Back to incidents</span></a>"
        f'<h1 class="mt-4 text-3xl font-bold tracking-tight">{escape(entry.title)}</h1>{_badge(entry)}'
        f'<p class="mt-4 text-lg text-slate-700">{escape(entry.summary)}</p>'
        f'<div class="mt-8 grid grid-cols-2 gap-6 css-1m9z3q">{_facts(entry)}</div>{_tags(entry)}'
        f"{sections}{_section('Sources', sources)}"
        f'<aside class="mt-12 css-9p2k0s"><h2 class="text-xl font-semibold">Related incidents</h2>'
        f'<div class="grid gap-4">{"".join(map(_card, related))}</div></aside></main></div>{_footer()}'
    )
    return write_document(entry.title, address(entry), _HEAD, body, "min-h-screen bg-white antialiased")


def write_listing(entries: Sequence[Entry], number: int, total: int) -> str:
    """One page of the list of incidents, with links to the other pages."""
    numbers = "".join(
        f'<span aria-current="page" class="css-2f6d1a">{each}</span>'
        if each == number
        else f'<a href="{listing_address(each)}">{each}</a>'
        for each in range(1, total + 1)
    )
    next_link = f'<a rel="next" href="{listing_address(number + 1)}">Next</a>' if number < total else ""
    body = (
        f'{_header()}<main class="mx-auto max-w-6xl px-4 py-8"><h1 class="text-3xl font-bold">Incidents</h1>{_filter()}'
        f'<div class="grid gap-4 css-8u3r5t">{"".join(map(_card, entries))}</div>'
        f'<nav aria-label="Pages" class="mt-8 flex gap-2">{numbers}{next_link}</nav></main>{_footer()}'
    )
    return write_document("Incidents", listing_address(number), _HEAD, body, "min-h-screen bg-white antialiased")


def _header() -> str:
    return (
        f'<header class="border-b css-1ab7ye"><nav class="mx-auto flex max-w-6xl px-4"><a href="/">{SITE_NAME}</a>'
        '<a href="/incidents">Incidents</a></nav></header>'
    )


def _footer() -> str:
    return (
        f'<footer class="border-t py-6 text-xs text-slate-500"><p>{SITE_NAME}: made-up site, public facts.</p></footer>'
    )


def _filter() -> str:
    selects = "".join(
        f'<div class="css-q1w8er"><label class="text-xs font-medium" for="filter-{number}">{label}</label>'
        f'<select class="rounded border" id="filter-{number}" name="filter-{number}">{write_options(label)}'
        "</select></div>"
        for number, label in enumerate(("Severity", *FILTERS))
    )
    button = '<button class="rounded bg-slate-900 text-white" type="submit">Apply</button>'
    return f'<aside class="css-5d0c2v"><form action="/incidents" method="get">{selects}{button}</form></aside>'


def _badge(entry: Entry) -> str:
    return (
        f'<div class="mt-2"><span class="inline-flex rounded-full px-2 text-xs css-{entry.severity.lower()}">'
        f"{_ICON}{escape(entry.severity)}</span></div>"
    )


def _facts(entry: Entry) -> str:
    return "".join(
        f'<div class="flex gap-3 css-1x8j4n"><div class="css-icon">{_ICON}</div><div>'
        f'<div class="text-sm font-medium text-slate-500">{_NOTHING}{escape(label)}{_NOTHING}</div>'
        f'<div class="mt-1 text-slate-900">{_values(values)}</div></div></div>'
        for label, values in entry.labels
    )


def _values(values: Sequence[str]) -> str:
    if len(values) == 1:
        return f"{_NOTHING}{escape(values[0])}"
    return "".join(f'<span class="mr-2 rounded bg-slate-100 px-2">{escape(value)}</span>' for value in values)


def _tags(entry: Entry) -> str:
    if not entry.tags:
        return ""
    chips = "".join(
        f'<span class="rounded-full border px-2 text-xs css-t4g0a1">{escape(tag)}</span>' for tag in entry.tags
    )
    return f'<div class="mt-6 flex flex-wrap gap-2">{chips}</div>'


def _section(heading: str, inner: str) -> str:
    return (
        f'<section class="mt-10 css-0h5n6m"><h2 class="text-xl font-semibold">{_ICON}{escape(heading)}</h2>'
        f'<div class="prose mt-3">{inner}</div></section>'
    )


def _source(source: PrintedSource) -> str:
    title = f'<span class="font-medium">{escape(source.title)}</span>'
    if source.url is not None:
        title = (
            f'<a class="font-medium underline" href="{escape(source.url)}" rel="noopener noreferrer" target="_blank">'
            f"{escape(source.title)}</a>"
        )
    line = f"{_NOTHING} · {_NOTHING}".join(map(escape, source.line))
    return f'<li class="css-s0u7ce">{title}<div class="text-sm text-slate-500">{line}</div></li>'


def _card(entry: Entry) -> str:
    pairs = "".join(
        f'<div class="flex gap-2"><span class="text-slate-500">{label}</span>'
        f"<span>{escape(entry.label(label))}</span></div>"
        for label in CARD_LABELS
    )
    return (
        f'<a class="block rounded-lg border p-4 css-c4rd00" href="{address(entry)}"><h3 class="font-semibold">'
        f'{escape(entry.title)}</h3><span class="text-xs">{escape(entry.severity)}</span>'
        f'<p class="text-sm">{escape(entry.summary)}</p><div class="text-xs">{pairs}</div></a>'
    )
