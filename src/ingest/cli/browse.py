"""`ingest browse`: the published file as pages."""

from __future__ import annotations

import click

from ingest.errors import IngestError
from ingest.publish import FILE_NAME, published_folder
from ingest.settings import Settings
from ingest.store.snapshot import read_manifest


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
@click.pass_obj
def browse(settings: Settings, port: int, in_browser: bool) -> None:
    """Browse what is published, in pages: incidents, changes, dashboard, search, SQL, JSON and CSV.

    Only this machine can reach them. What `ingest publish` writes meanwhile is shown from the next page on. Ctrl-C ends
    it.
    """
    path = published_folder(settings) / FILE_NAME
    manifest = read_manifest(path)
    if manifest is None:
        fault = (
            f"{path} is no published file of this version" if path.exists() else f"There is no published file at {path}"
        )
        raise IngestError(f"{fault}. `ingest publish` writes it.")
    from ingest.browse.serving import serve

    def announce(address: str) -> None:
        click.echo(f"{manifest.incidents} incidents at cursor {manifest.cursor}: {address} (Ctrl-C ends it)")
        if in_browser:
            click.launch(address)

    serve(path.resolve(), port, announce)
