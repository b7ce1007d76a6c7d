"""`ingest check`: whether database and archive are sound."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from ingest.check import Finding, check_all
from ingest.check import repair as repair_all
from ingest.cli.output import print_json, print_table
from ingest.cli.progress import show_progress
from ingest.settings import Settings

COLUMNS = {"severity": "severity", "check": "check", "finding": "finding"}


@click.command()
@click.option("--quick", is_flag=True, help="A sample of the archive's pages, and no indices.")
@click.option("--repair", is_flag=True, help="First mend what can be mended without losing anything.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
@click.pass_obj
def check(settings: Settings, quick: bool, repair: bool, as_json: bool) -> int:
    """Verify the database and the archive: every archived page is read at its place and hashed.

    Exit status: 0 nothing is wrong, 1 something is, 2 it could not be found out.
    """
    with show_progress("pages") as progress:
        findings = list(repair_all(settings)) if repair else []
        findings += check_all(settings, quick=quick, announce=progress.announce, report_done=progress.report_done)
    if as_json:
        print_json(map(asdict, findings))
    else:
        print_table([describe(finding) for finding in findings], COLUMNS, "")
    return int(any(finding.severity == "error" for finding in findings))


def describe(finding: Finding) -> dict[str, Any]:
    """A finding for people: what and where, and below it what to do."""
    where = f"\n{finding.where}" if finding.where else ""
    remedy = f"\n→ {finding.remedy}" if finding.remedy else ""
    return {"severity": finding.severity, "check": finding.check, "finding": f"{finding.what}{where}{remedy}"}
