"""`ingest parse`: what pages say, as records; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import click

from ingest.cli.output import print_json
from ingest.cli.targets import Target, read_targets
from ingest.errors import IngestError
from ingest.extraction import Refusal
from ingest.page import PageError, open_page
from ingest.readers import SourceReader
from ingest.reading import canonical_link, read_body
from ingest.settings import Settings


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="PATH|URL|SHA256...")
@click.option("--source", metavar="SOURCE", help="The site that the pages are from [the one that they name].")
@click.option("--allow-host", multiple=True, metavar="HOST:PORT", help="A private address that may be used.")
@click.pass_obj
def parse(settings: Settings, targets: Sequence[str], source: str | None, allow_host: tuple[str, ...]) -> int:
    """Show what pages say: a JSON line a page, its record or why it is refused. Writes nothing.

    A page is a file, a URL, or the hash of an archived page or its beginning.
    """
    from parsers import open_source

    open_once = cache(open_source)
    if source is not None:
        open_once(source)
    refused = False
    for name, target in zip(targets, read_targets(targets, settings, allow_host), strict=True):
        row = refused_row(name, target) if isinstance(target, Refusal) else parse_target(target, source, open_once)
        refused = refused or "refused" in row
        print_json([row])
    return 1 if refused else 0


def parse_target(target: Target, source: str | None, open_source: Callable[[str], SourceReader]) -> dict[str, Any]:
    """One page as a row: its record, or why it is refused. Raises IngestError where its source can't be told."""
    from parsers import read

    try:
        reader = open_source(source or find_source(target, open_source))
    except PageError as error:
        return _refused(target, Refusal("parse", error.kind, str(error)))
    reading = read_body(target.body, target.content_type, target.url, reader.source, read)
    if reading.refusal is not None:
        return _refused(target, reading.refusal)
    return {
        "path": target.name,
        "source": reader.source.name,
        "parser_version": reader.parser_version,
        "record": reading.fields,
        "unclaimed": reading.fields["extra"],
        "warnings": [asdict(observation) for observation in reading.observations],
    }


def _refused(target: Target, refusal: Refusal) -> dict[str, Any]:
    return {"path": target.name, "refused": {"stage": refusal.stage, "kind": refusal.kind, "message": refusal.message}}


def refused_row(name: str, refusal: Refusal) -> dict[str, Any]:
    """A page without a record as a row."""
    return {"path": name, "refused": {"stage": refusal.stage, "kind": refusal.kind, "message": refusal.message}}


def find_source(target: Target, open_source: Callable[[str], SourceReader]) -> str:
    """The only source, or the one on whose hosts the page says that it is.

    Raises IngestError where the page does not say it, PageError where it can't be opened.
    """
    from parsers import source_names

    names = source_names()
    if len(names) == 1:
        return names[0]
    url = target.url or canonical_link(open_page(target.body, target.content_type))
    matching = [name for name in names if url is not None and open_source(name).source.in_scope(url)]
    if len(matching) != 1:
        raise IngestError(f"{target.name} does not say which source it is from; name one of {', '.join(names)}.")
    return matching[0]
