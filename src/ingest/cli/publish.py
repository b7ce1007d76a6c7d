"""`ingest publish`: the snapshot that readers open."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.cli.progress import show_progress
from ingest.merge import merge
from ingest.publish import KEPT, Held, Published
from ingest.publish import publish as publish_snapshot
from ingest.settings import Settings


@click.command()
@click.option(
    "--keep", type=click.IntRange(min=0), default=KEPT, show_default=True, metavar="N", help="Earlier files to keep."
)
@click.option("--merge", "merging", is_flag=True, help="Join what is published in the data directories DIR ...")
@click.option("--out", type=click.Path(path_type=Path), help="With --merge: where to, in place of --data.")
@click.argument("directories", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@click.pass_obj
def publish(settings: Settings, keep: int, merging: bool, out: Path | None, directories: tuple[Path, ...]) -> int:
    """Write the snapshot that readers open: published/incidents.db in the data directory, and its manifest.json.

    Readers are not disturbed: the file is replaced by a rename, and who has it open keeps the old one. While a source
    is held nothing is written: exit status 1.

    With --merge it is made of what is published in several data directories, each with other sources. A merged change
    keeps its cursor for ever.
    """
    if merging != bool(directories) or (out and not merging):
        raise click.UsageError("--merge needs the data directories to join, and they and --out need --merge.")
    with show_progress("versions") as progress:
        if merging:
            place = settings.model_copy(update={"data": out}) if out else settings
            result: Published | Held = merge(directories, place, keep, progress.announce, progress.report_done)
        else:
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
