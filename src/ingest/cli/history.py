"""`ingest history`: the versions of one incident."""

from __future__ import annotations

import click

from ingest.cli.output import print_json, printable, short_time
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.reports import history_rows


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a version.")
@click.pass_obj
def history(settings: Settings, incident_id: str, as_json: bool) -> None:
    """Show the versions of one incident, oldest first: what changed, why, and from which archived page."""
    rows = history_rows(open_reader(settings.database), incident_id)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        page = f", page {row['page_sha256'][:12]}" if row["page_sha256"] else ""
        click.secho(f"version {row['version']}: {row['change']}", bold=True, nl=False)
        click.echo(f" ({row['cause']}) {short_time(row['observed_at'])}{page}, parser {row['parser_version']}")
        for change in row["changes"]:
            click.echo(f"  {change['field']}")
            click.secho(f"    - {printable(change['old_value'])}", fg="red")
            click.secho(f"    + {printable(change['new_value'])}", fg="green")
