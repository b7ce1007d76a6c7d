"""`ingest source new`: a source's file and its fixture cases from example pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ingest.cases import CaseError, fixtures_of, write_case
from ingest.cli.targets import Target, read_targets
from ingest.errors import IngestError
from ingest.extraction import Refusal
from ingest.onboarding.examples import Example, OnboardingError, open_example
from ingest.onboarding.made import Made
from ingest.onboarding.making import make_source
from ingest.settings import Settings
from ingest.words import to_slug

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_CASE_CHARACTERS = 60


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="URL|PATH...")
@click.option("--name", metavar="NAME", help="The source's name, the first part of its incidents' ids [by the host].")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where NAME.toml and fixtures/NAME go [the first directory of INGEST_SOURCES, else ./sites].",
)
@click.option("--folder", metavar="URL", help="The address below which files stand that do not name their own.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="SECONDS", help="Between two requests to one host [1].")
@click.option("--allow-host", multiple=True, metavar="HOST:PORT", help="A private address that may be used.")
@click.pass_obj
def new(
    settings: Settings,
    pages: Sequence[str],
    name: str | None,
    out: Path | None,
    folder: str | None,
    delay: float | None,
    allow_host: tuple[str, ...],
) -> int:
    """Write a source's file, and a fixture case a page, from a few pages of one site's incidents.

    What the file says by a guess is marked unsure. The cases' golden files hold what comes out today, for you to
    review. Exit status 1 where a page gives no record; 2, with nothing written, where the pages can't give a source.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise IngestError(f"{name!r} is no name for a source: use lower-case letters, digits, - and _.")
    if folder is not None and not folder.startswith(("http://", "https://")):
        raise IngestError(f"--folder {folder} is no http or https URL.")
    targets = list(read_targets(pages, settings, allow_host, delay))
    examples = [_open(page, target, folder) for page, target in zip(pages, targets, strict=True)]
    made = make_source(examples, name)
    place = out or _default_place()
    file = place / f"{made.draft.name}.toml"
    _refuse_known(made.draft.name, file)
    cases = _write(made, examples, file)
    _report(made, examples, file, cases)
    return int(made.refused > 0)


def _open(page: str, target: Target | Refusal, folder: str | None) -> Example:
    if isinstance(target, Refusal):
        raise OnboardingError(f"{page} gave no page: {target.message}")
    base = None if folder is None or folder.endswith("/") else f"{folder}/"
    return open_example(page, target.body, target.content_type, target.url, base or folder)


def _directories() -> list[str]:
    """The directories of INGEST_SOURCES; the first need not be there yet."""
    return list(filter(None, os.environ.get("INGEST_SOURCES", "").split(os.pathsep)))


def _default_place() -> Path:
    return Path(next(iter(_directories()), "sites"))


def _refuse_known(name: str, file: Path) -> None:
    """Raises IngestError where the file is there, or its cases, or another source has the name."""
    from parsers import source_files

    places = [file, fixtures_of(file)]
    if all(map(Path.is_dir, map(Path, _directories()))) and name in source_files():
        places.append(Path(str(source_files()[name])))
    for there in places:
        if there.exists():
            raise IngestError(f"{there} exists: choose another name with --name, or move it away. Nothing is written.")


def _write(made: Made, examples: Sequence[Example], file: Path) -> Path:
    """Write the cases and then the file. Raises IngestError where that can't be done."""
    folder = fixtures_of(file)
    names = _case_names(examples, made)
    for example, name, reading in zip(examples, names, made.readings, strict=True):
        write_case(folder, name, example.body, example.content_type, example.url, reading)
    try:
        with file.open("x", encoding="utf-8") as text:
            text.write(made.text)
    except OSError as error:
        raise CaseError(f"{file} can't be written: {error.strerror}.") from error
    return folder


def _case_names(examples: Sequence[Example], made: Made) -> Iterator[str]:
    """A name for each case: the incident's slug, else the page's number."""
    taken: set[str] = set()
    for number, example in enumerate(examples, 1):
        slug = made.source.incident_slug(example.url) or ""
        name = to_slug(slug).encode("ascii", "ignore").decode().replace("_", "-").strip("-")[:_CASE_CHARACTERS]
        name = name if name and name not in taken else f"page-{number}"
        taken.add(name)
        yield name


def _report(made: Made, examples: Sequence[Example], file: Path, folder: Path) -> None:
    draft, name = made.draft, made.draft.name
    unsure = made.text.count("# unsure: ")
    click.echo(f"{file}: {len(draft.labels)} labels, {len(draft.sections)} sections, {unsure} lines marked unsure.")
    click.echo(f'{folder}: {len(examples)} cases; read each golden file, then take "reviewed" out of its page.json.')
    for example, reading in zip(examples, made.readings, strict=True):
        if reading.refusal is not None:
            click.echo(f"{example.name} is refused, {reading.refusal.kind}: {reading.refusal.message}", err=True)
    own = fixtures_of(file).parent == file.parent / "fixtures"
    if own and str(file.parent) not in _directories():
        click.echo(f"To have it known: export INGEST_SOURCES={os.pathsep.join([str(file.parent), *_directories()])}")
    click.echo(f"Next: ingest source test {name}")
