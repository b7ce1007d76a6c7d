"""`ingest publish`: the snapshot that readers open."""

from __future__ import annotations

import click

from ingest.cli.progress import show_progress
from ingest.publish import KEPT, Held
from ingest.publish import publish as publish_snapshot
from ingest.settings import Settings


@click.command()
@click.option(
    "--keep", type=click.IntRange(min=0), default=KEPT, show_default=True, metavar="N", help="Earlier files to keep."
)
@click.pass_obj
def publish(settings: Settings, keep: int) -> int:
    """Write the snapshot that readers open: DIR/published/incidents.db and its manifest.json.

    Readers are not disturbed: the file is replaced by a rename, and who has it open keeps the old one. While a source
    is held nothing is written: exit status 1.
    """
    with show_progress("versions") as progress:
        result = publish_snapshot(settings, keep, progress.announce, progress.report_done)
    if isinstance(result, Held):
        names = ", ".join(result.sources)
        click.echo(f"Nothing is published: {names} is held. `ingest drift` says why and what ends it.", err=True)
        return 1
    manifest = result.manifest
    what = "Published" if result.written else "Nothing has changed since the last time"
    size = result.path.stat().st_size / 1e6
    click.echo(
        f"{what}: {result.path}, {manifest.incidents} incidents and {manifest.removed} removed ones, "
        f"{manifest.versions} versions, cursor {manifest.cursor}, {size:.1f} MB."
    )
    return 0
