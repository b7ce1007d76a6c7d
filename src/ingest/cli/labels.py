"""`ingest labels`: every label and value that pages print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from ingest.cli.output import print_json, print_table, printable
from ingest.cli.parse import refused_row
from ingest.cli.targets import Target, read_targets
from ingest.extraction import Refusal
from ingest.labels import RELATIONS, Pair, read_labels
from ingest.page import Page, PageError, open_page
from ingest.settings import Settings

_COLUMNS = {"block": "Block", "label": "Label", "votes": "Votes", "way": "Found by", "value": "Value"}


@click.command()
@click.argument("targets", metavar="PATH|URL...", nargs=-1, required=True)
@click.option("--explain", is_flag=True, help="A table of the relation that leads to each value, and its votes.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: JSON Lines, relation and votes among them.")
@click.option("--allow-host", multiple=True, metavar="HOST:PORT", help="A private address that may be used.")
@click.pass_obj
def labels(
    settings: Settings, targets: Sequence[str], explain: bool, as_json: bool, allow_host: tuple[str, ...]
) -> int:
    """Show every label and value that pages print; writes nothing.

    Prints one JSON object a page. Pages given together vote together: give pages of one site. With --explain it shows
    for each pair the way that leads from the label to its value, and how many labels of its block are read that way.
    """
    found = read_targets(targets, settings, allow_host)
    opened = [(name, _open(target)) for name, target in zip(targets, found, strict=True)]
    roots = [page.root for _, page in opened if isinstance(page, Page) and page.root is not None]
    pairs = iter(read_labels(roots))
    lines = (_line(name, page, pairs, explain) for name, page in opened)
    if explain and not as_json:
        for line in lines:
            _print_explained(line)
    else:
        print_json(lines)
    return int(any(isinstance(page, Refusal) for _, page in opened))


def _print_explained(line: Mapping[str, Any]) -> None:
    refused = line.get("refused")
    click.echo(printable(line["path"] if refused is None else f"{line['path']}: {refused['message']}"))
    if refused is None:
        rows = [{**pair, "way": f"{pair['relation']}: {RELATIONS[pair['relation']]}"} for pair in line["pairs"]]
        print_table(rows, _COLUMNS, "  No labels.")
    click.echo()


def _open(target: Target | Refusal) -> Page | Refusal:
    if isinstance(target, Refusal):
        return target
    try:
        return open_page(target.body, target.content_type)
    except PageError as error:
        return Refusal("parse", error.kind, str(error))


def _line(name: str, page: Page | Refusal, pairs: Iterator[tuple[Pair, ...]], explain: bool) -> dict[str, Any]:
    if isinstance(page, Refusal):
        return refused_row(name, page)
    found = next(pairs) if page.root is not None else ()
    return {"path": name, "pairs": [_printed(pair, explain) for pair in found]}


def _printed(pair: Pair, explain: bool) -> dict[str, Any]:
    printed = {"label": pair.label, "value": pair.value, "values": list(pair.values), "section": pair.section}
    return {**printed, "relation": pair.relation, "votes": pair.votes, "block": pair.block} if explain else printed
