"""`ingest fixture`: a page of the archive becomes a fixture case of its source."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click

from ingest.cases import fixtures_of, write_case
from ingest.cli.parse import find_source
from ingest.cli.source_test import read_page
from ingest.cli.targets import archived_target
from ingest.errors import IngestError
from ingest.page import PageError
from ingest.settings import Settings


@click.command()
@click.argument("sha256", metavar="SHA256")
@click.option("--case", "case", required=True, metavar="NAME", help="The case's name: what is special about the page.")
@click.option("--source", metavar="SOURCE", help="The site that the page is from [the one that it names].")
@click.pass_obj
def fixture(settings: Settings, sha256: str, case: str, source: str | None) -> int:
    """Make the archived page with this hash, or with this beginning of one, a fixture case of its source.

    What comes of it today is written as its golden file, which a person is to review. Nothing is overwritten.
    """
    from parsers import load_source, open_source, source_files

    target = archived_target(sha256, settings)
    try:
        name = source or find_source(target, cache(open_source))
    except PageError as error:
        raise IngestError(f"{sha256} is no page that says where it is from; name its source with --source.") from error
    found = load_source(name)
    result = read_page(target.body, target.content_type, target.url, found)
    root = fixtures_of(Path(str(source_files()[name])))
    written = write_case(root, case, target.body, target.content_type, target.url, result)
    click.echo(f'Written: {written.golden}. Review it, and then take "reviewed" out of page.json.')
    return 0
