"""`ingest serve`: every schedule of this installation, in one process on one box."""

from __future__ import annotations

import click

from ingest.cli.fetching import fetch_options
from ingest.cli.output import print_table
from ingest.errors import IngestError
from ingest.session import Wishes, fetch_settings
from ingest.settings import Settings

COLUMNS = {"deployment": "deployment", "cron": "cron", "tags": "tags"}


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@fetch_options
@click.option("--limit", type=click.IntRange(min=1), default=4, show_default=True, metavar="N", help="Runs at a time.")
@click.option("--dry-run", is_flag=True, help="Show what would be served, and serve nothing.")
@click.pass_obj
def serve(settings: Settings, sources: tuple[str, ...], wishes: Wishes, limit: int, dry_run: bool) -> int:
    """Scrape, retry and publish by schedule, until Ctrl-C or SIGTERM. Without SOURCE, all that have been scraped.

    Needs a Prefect server: `prefect server start`, and PREFECT_API_URL where that is not on this machine's port 4200.
    The times are those of `[schedules]` in DIR/ingest.toml. What is due while nothing serves is made up for once, by
    the next `ingest serve`.
    """
    from parsers import load_source

    chosen = sources or known_sources(settings)
    for name in chosen:
        fetch_settings(settings, load_source(name), wishes)
    from flows.environment import speak_up

    speak_up()
    from flows.serving import plan_deployments, serve_all

    plans = plan_deployments(chosen, settings.schedules, str(settings.data.resolve()), wishes)
    rows = [
        {"deployment": f"{plan.flow}/{plan.name}", "cron": plan.cron or "by hand", "tags": ", ".join(plan.tags)}
        for plan in plans
    ]
    print_table(rows, COLUMNS, "")
    if not dry_run:
        click.echo("Publishes after every good scrape, too. Ctrl-C ends it.")
        serve_all(settings, chosen, plans, limit)
    return 0


def known_sources(settings: Settings) -> tuple[str, ...]:
    """The sources that the data directory holds. Raises IngestError where it holds none."""
    from ingest.store.connection import open_work
    from ingest.store.reports import status_rows

    rows = []
    if settings.database.exists():
        db = open_work(settings.database)
        rows = status_rows(db)
        db.close()
    if not rows:
        raise IngestError("Nothing has been scraped here yet, so name the sources: `ingest serve SOURCE ...`.")
    return tuple(row["source"] for row in rows)
