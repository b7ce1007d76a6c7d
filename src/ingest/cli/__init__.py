"""The command `ingest`. Each command stands in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ingest.errors import IngestError
from ingest.garbage import collect_seldom
from ingest.redaction import escape_unsafe, keep_secrets, redact_text
from ingest.settings import load_settings

COMMANDS = {
    "demo": "Watch the bundled sample site become a database with history.",
    "scrape": "Fetch a source's incident pages into the database.",
    "parse": "Show what pages say, as records; writes nothing.",
    "labels": "Show every label and value that pages print; writes nothing.",
    "retry": "Try what failed again, from the stage at which it failed.",
    "status": "Show each source: last run, what is open, what is due, what needs a person.",
    "failures": "Show what failed and is still open.",
    "dismiss": "Take failures off the list, with a reason.",
    "runs": "Show what ran, and what came of it.",
    "drift": "Show what pages print that a source's file does not foresee.",
    "reparse": "Read the archive again, after a change to a parser or a source's file.",
    "accept": "Say that a held run, a page that empties fields, or drift is right.",
    "changes": "Show what changed, field by field.",
    "show": "Show one incident, now or as of a time.",
    "history": "Show the versions of one incident.",
    "publish": "Write the snapshot that readers open.",
    "browse": "Browse what is published, in pages.",
    "serve": "Scrape, retry and publish by schedule, with Prefect.",
    "export": "Write the incidents as CSV or JSON Lines.",
    "check": "Verify the database and the archive.",
    "source": "Add a site: list sources, test one on pages, write a new one from example pages.",
    "fixture": "Make a page of the archive a fixture case of its source.",
}


class LazyGroup(click.Group):
    """Commands found by name in `ingest.cli.<name>`, so that each starts without importing the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"ingest.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="Data directory [INGEST_DATA, else ./data].")
@click.version_option(package_name="ingest")
@click.pass_context
def cli(context: click.Context, data: Path | None) -> None:
    """Incident pages in, a versioned SQLite database out.

    Exit status: 0 all well; 1 finished with failures or refusals, held or stopped; 2 could not run.
    """
    context.obj = load_settings(data)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line, without the program's name; its exit status."""
    keep_secrets()
    try:
        status = cli.main(arguments, prog_name="ingest", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except IngestError as error:
        click.echo(f"ingest: {escape_unsafe(redact_text(str(error)))}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 1
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


def main() -> None:
    """The program."""
    collect_seldom()
    sys.exit(run())
