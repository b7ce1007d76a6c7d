"""`ingest show`: one incident, now or as of a time."""

from __future__ import annotations

import click

from ingest.cli.output import print_json, print_table, printable, short_time
from ingest.settings import Settings
from ingest.store.connection import open_reader
from ingest.store.reports import incident_as_of

LONG = ("summary", "description", "root_cause", "mitigation", "lessons_learned")
LISTS = ("citations", "raw", "extra")


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--as-of", metavar="TIME", help="As it stood then: 2026-03-31 (its beginning, UTC) or a full time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(settings: Settings, incident_id: str, as_of: str | None, as_json: bool) -> None:
    """Show one incident, now or as of a time."""
    found = incident_as_of(open_reader(settings.database), incident_id, as_of)
    if as_json:
        print_json([found])
        return
    record = found["record"]
    until = short_time(found["valid_to"]) or "now"
    click.echo(printable(record["title"]))
    click.echo(
        f"{incident_id}, version {found['version']} ({found['change']}), "
        f"valid from {short_time(found['valid_from'])} to {until}\n"
    )
    short = {name: value for name, value in record.items() if name not in (*LONG, *LISTS, "title")}
    short["tags"] = ", ".join(record["tags"]) or None
    rows = [{"field": name, "value": value} for name, value in short.items()]
    print_table(rows, {"field": "field", "value": "value"}, "")
    for name in LONG:
        if record[name]:
            click.echo(f"\n{name.replace('_', ' ').upper()}\n{printable(record[name])}")
    if record["citations"]:
        click.echo("\nSOURCES")
    for citation in record["citations"]:
        parts = [citation[name] for name in ("title", "publisher", "date", "kind", "url") if citation[name]]
        click.echo("- " + printable(" · ".join(parts)))
    if record["extra"]:
        click.echo("\nPRINTED WITHOUT A FIELD")
    for label, value in record["extra"].items():
        click.echo(f"- {printable(label)}: {printable(value)}")
