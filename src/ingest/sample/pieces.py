"""HTML that both markups of the sample site share. Every text goes through `escape` of the standard library."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

from ingest.sample.facts import LABELS, Block, Entry, load_incidents, print_entry

SITE_NAME = "Sample Incident Register"
SEVERITIES = ("Low", "Medium", "High", "Critical")
FILTERS = tuple(LABELS[field] for field in ("category", "industry", "status", "harm_type"))
"""The labels that the filter form repeats."""
CARD_LABELS = tuple(LABELS[field] for field in ("category", "status", "harm_type"))
"""The labels that a related card repeats."""


def address(entry: Entry) -> str:
    """The path of an incident's page."""
    return f"/incidents/{entry.slug}"


def listing_address(number: int) -> str:
    """The path of a page of the list of incidents, counted from 1."""
    return "/incidents" if number == 1 else f"/incidents?page={number}"


def write_document(title: str, path: str, head: str, body: str, body_class: str = "") -> str:
    """A whole page; links in it are without a host, so that its bytes are the same wherever it is served."""
    attribute = f' class="{body_class}"' if body_class else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<title>{escape(title)} | {SITE_NAME}</title><link rel="canonical" href="{escape(path)}"/>{head}</head>'
        f"<body{attribute}>{body}</body></html>\n"
    )


def write_blocks(blocks: Iterable[Block]) -> str:
    """Paragraphs and lists of a long text."""
    return "".join(_write_list(block) if block.is_list else f"<p>{escape(block.lines[0])}</p>" for block in blocks)


@cache
def write_options(label: str) -> str:
    """The options of a filter: the same in every edition, whatever is on the site."""
    values = {value for facts in load_incidents().values() for value in _values(print_entry(facts), label)}
    ordered = SEVERITIES if label == "Severity" else sorted(values)
    return "".join(f'<option value="{escape(value)}">{escape(value)}</option>' for value in ("All", *ordered))


def _values(entry: Entry, label: str) -> tuple[str, ...]:
    return next((values for name, values in entry.labels if name == label), ())


def _write_list(block: Block) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in block.lines)}</ul>"
