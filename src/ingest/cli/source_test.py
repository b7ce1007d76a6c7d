"""`ingest source test`: what a source's file makes of pages, field by field and all together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from ingest.cases import Case, differences, find_cases, fixtures_of
from ingest.cli.output import print_json, print_table
from ingest.cli.targets import Target, archived_targets, read_targets
from ingest.errors import IngestError
from ingest.extraction import Listing, Refusal
from ingest.onboarding.coverage import Coverage, Tally, filled_fields, measure
from ingest.reading import Reading, read_body, read_listing
from ingest.settings import Settings
from ingest.sources import Source

MOST_ARCHIVED = 200
"""Archived pages that are read where none are named: the newest."""
_CELL_CHARACTERS, _EXAMPLE_CHARACTERS = 200, 26
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page. differs: what its golden file has otherwise; expected: a refusal that one asks for."""

    name: str
    result: Reading | Listing | Refusal
    case: Case | None = None
    differs: tuple[str, ...] = ()

    @property
    def refusal(self) -> Refusal | None:
        return self.result.refusal if isinstance(self.result, Reading) else _as_refusal(self.result)

    @property
    def expected(self) -> bool:
        return self.case is not None and self.case.golden.name == "refused.json"

    @property
    def is_bad(self) -> bool:
        empty = (
            self.case is None and isinstance(self.result, Listing) and not (self.result.urls or self.result.sitemaps)
        )
        return bool(self.differs) or empty or (self.refusal is not None and not self.expected)


def _as_refusal(result: Listing | Refusal) -> Refusal | None:
    return result if isinstance(result, Refusal) else None


@click.command()
@click.argument("name")
@click.argument("pages", nargs=-1, metavar="[PATH|URL|SHA256]...")
@click.option("--archived", is_flag=True, help=f"The pages in the archive, {MOST_ARCHIVED} at most.")
@click.option("--coverage", "only_coverage", is_flag=True, help="Only the tables over all pages.")
@click.option("--allow-host", multiple=True, metavar="HOST:PORT", help="A private address that may be used.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a page and a last one over all.")
@click.pass_obj
def test(
    settings: Settings,
    name: str,
    pages: Sequence[str],
    archived: bool,
    only_coverage: bool,
    allow_host: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show what the source NAME makes of pages, field by field; writes nothing.

    Without pages: its fixture cases, compared with their golden files; where it has none, its pages in the archive.
    Exit status 1 where a page is refused, or differs from its golden file.
    """
    from parsers import load_source, source_files

    found = load_source(name)
    folder = fixtures_of(Path(str(source_files()[name])))
    outcomes = _read_pages(found, folder, settings, pages, archived, allow_host)
    coverage = measure(
        (each.name, each.result) for each in outcomes if not isinstance(each.result, Listing) and not each.expected
    )
    if as_json:
        print_json([*map(_row, outcomes), {"source": name, "coverage": coverage.rows()}])
    else:
        for outcome in () if only_coverage else outcomes:
            _print_page(outcome)
        _print_coverage(coverage)
        _print_verdict(name, outcomes)
    return int(any(outcome.is_bad for outcome in outcomes))


def _read_pages(
    source: Source, folder: Path, settings: Settings, pages: Sequence[str], archived: bool, allow_hosts: tuple[str, ...]
) -> list[Outcome]:
    """Raises IngestError where there is nothing to read."""
    if pages:
        targets = read_targets(pages, settings, allow_hosts)
        return [_read_target(name, target, source) for name, target in zip(pages, targets, strict=True)]
    cases = [] if archived else find_cases(folder)
    if cases:
        return [_read_case(case, source) for case in cases]
    found = list(archived_targets(source.name, settings, MOST_ARCHIVED))
    if not found:
        raise IngestError(
            f"{source.name} has no cases in {folder} and no pages in the archive of {settings.data}: name pages."
        )
    return [_read_target(target.name, target, source) for target in found]


def _read_target(name: str, target: Target | Refusal, source: Source) -> Outcome:
    if isinstance(target, Refusal):
        return Outcome(name, target)
    return Outcome(name, read_page(target.body, target.content_type, target.url, source))


def _read_case(case: Case, source: Source) -> Outcome:
    result = read_page(case.page.read_bytes(), case.content_type, case.url, source)
    return Outcome(case.name, result, case, tuple(differences(case, result)))


def read_page(body: bytes, content_type: str | None, url: str | None, source: Source) -> Reading | Listing | Refusal:
    """An incident's page to its record; a page of the site whose URL is no incident's is read as a listing."""
    from parsers import listing, read

    is_listing = url is not None and source.in_scope(url) and source.identify(url) is None
    way: Any = partial(read_listing, parse=listing) if is_listing else partial(read_body, parse=read)
    result: Reading | Listing | Refusal = way(body, content_type, url, source)
    return result


def _row(outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"page": outcome.name}
    if outcome.case is not None:
        row |= {"reviewed": outcome.case.reviewed, "differs": list(outcome.differs)}
    if outcome.refusal is not None:
        refusal = outcome.refusal
        return {**row, "refused": {"stage": refusal.stage, "kind": refusal.kind, "message": refusal.message}}
    if isinstance(outcome.result, Listing):
        return {**row, "listing": asdict(outcome.result)}
    assert isinstance(outcome.result, Reading)
    warnings = [asdict(observation) for observation in outcome.result.observations]
    return {**row, "id": outcome.result.incident_id, "record": dict(outcome.result.fields), "warnings": warnings}


def _print_page(outcome: Outcome) -> None:
    result = outcome.result
    if outcome.refusal is not None:
        wanted = " (as its golden file says)" if outcome.expected and not outcome.differs else ""
        click.echo(f"{outcome.name}: refused{wanted}, {outcome.refusal.kind}: {outcome.refusal.message}\n")
    elif isinstance(result, Listing):
        click.echo(
            f"{outcome.name}: by its URL no incident's page. As a listing it names {len(result.urls)} incidents.\n"
        )
    else:
        assert isinstance(result, Reading)
        click.echo(f"{outcome.name}: {result.incident_id or 'without a URL of the source'}")
        rows = [{"field": name, "value": _cut(text)} for name, text in filled_fields(result.fields)]
        extra = result.fields["extra"]
        rows += [{"field": f"extra: {label}", "value": _cut(text)} for label, text in extra.items()]
        print_table(rows, {"field": "field", "value": "value"}, "")
        click.echo()


def _cut(text: str, most: int = _CELL_CHARACTERS) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _examples(tally: Tally, most: int = _EXAMPLE_CHARACTERS) -> str:
    return " | ".join(_cut(text, most) for text in tally.examples)


def _print_coverage(coverage: Coverage) -> None:
    click.echo(f"{coverage.read} of {coverage.pages} pages give a record.\n")
    rows = [
        {"field": name, "pages": f"{tally.pages} of {coverage.read}", "examples": _examples(tally)}
        for name, tally in coverage.fields.items()
        if tally.pages
    ]
    print_table(rows, {"field": "field", "pages": "pages", "examples": "examples"}, "No field is filled.")
    empty = [name for name, tally in coverage.fields.items() if not tally.pages]
    if empty and coverage.read:
        click.echo(f"Never filled: {', '.join(empty)}.")
    _print_tallies("Labels that nobody claims", coverage.unclaimed.items())
    words = ((f"{name}: {value}", tally) for (name, value), tally in coverage.unknown_values.items())
    _print_tallies("Words outside their vocabulary", words)
    _print_tallies("Fields that every page should fill, and some do not", coverage.missing.items())
    _print_tallies("Refused pages", coverage.refusals.items())


def _print_tallies(heading: str, tallies: Iterable[tuple[str, Tally]]) -> None:
    rows = [{"what": what, "pages": tally.pages, "examples": _examples(tally)} for what, tally in tallies]
    if rows:
        click.echo(f"\n{heading}:")
        print_table(rows, {"what": "", "pages": "pages", "examples": "examples"}, "")


def _print_verdict(name: str, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.differs:
            click.echo(f"{outcome.name} differs from its golden file: {', '.join(outcome.differs)}.", err=True)
    waiting = [outcome.name for outcome in outcomes if outcome.case is not None and not outcome.case.reviewed]
    if waiting:
        more = f" and {len(waiting) - _NAMED} more" if len(waiting) > _NAMED else ""
        cases = f"{', '.join(waiting[:_NAMED])}{more}"
        click.echo(f"{name}: nobody has reviewed the golden files of {cases} yet.", err=True)
