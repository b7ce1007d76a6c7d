"""Merging: the published files of several data directories, each with other sources, as one published file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from ingest.errors import IngestError
from ingest.lease import hold_lease
from ingest.publish import FILE_NAME, KEPT, Published, converting_errors, is_intact, published_folder, replace_published
from ingest.settings import Settings
from ingest.store.joined import OpenPart, Part, describe_joined, fill_joined, open_part, read_parts
from ingest.store.snapshot import open_copy, read_manifest
from ingest.times import now


def merge(
    directories: Sequence[Path],
    settings: Settings,
    keep: int = KEPT,
    announce: Callable[[int], None] = lambda versions: None,
    report_done: Callable[[int], None] = lambda versions: None,
) -> Published:
    """Bring the merged file of `settings` to the state of what is published in these data directories.

    A version that has been merged keeps its cursor for ever; what is new gets the next ones, by time of observation.
    Where no part has been published anew, nothing is written. For the rest see `publish.publish`.

    Raises IngestError where that can't be done: a directory has no published file, or one of another schema or merged
    itself; two have the same source; one is missing, or is not a later state of what was merged before.
    """
    folder = published_folder(settings)
    if settings.database.exists():
        raise IngestError(f"{settings.data} has a database of its own, and what it publishes. Name another --out.")
    with converting_errors(folder), hold_lease(settings.locks / "published", "publish"), ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        path, new = folder / FILE_NAME, folder / f".{FILE_NAME}.new"
        parts = [stack.enter_context(_open(directory)) for directory in directories]
        parts.sort(key=lambda part: part.part.sources)  # the order of the arguments decides nothing
        before, known = read_manifest(path), read_parts(path)
        _refuse_shared_sources(parts)
        _refuse_missing_sources(known or (), parts)
        named = tuple(part.part for part in parts)
        if before is not None and known == named and is_intact(folder):
            return Published(path, before, written=False)
        announce(sum(part.cursor for part in named))
        try:
            with open_copy(parts[0].path, new) as copy:
                following = path if before is not None else None
                manifest = fill_joined(copy, parts, following, describe_joined(version("ingest"), now()), report_done)
            replace_published(path, new, before, manifest, keep, {"parts": [asdict(part) for part in named]})
        finally:
            new.unlink(missing_ok=True)
    return Published(path, manifest, written=True)


def _open(directory: Path) -> AbstractContextManager[OpenPart]:
    return open_part(directory / "published" / FILE_NAME, directory.resolve().name)


def _refuse_shared_sources(parts: Sequence[OpenPart]) -> None:
    having: dict[str, Path] = {}
    for part in parts:
        for source in part.part.sources:
            if source in having:
                raise IngestError(
                    f"Both {having[source]} and {part.path} have the source {source}. A source's history stands in one "
                    "data directory."
                )
            having[source] = part.path


def _refuse_missing_sources(known: Sequence[Part], parts: Sequence[OpenPart]) -> None:
    present = {source for part in parts for source in part.part.sources}
    for part in known:
        if missing := set(part.sources) - present:
            raise IngestError(
                f"{', '.join(sorted(missing))} (from {part.name}) was merged before and is in none of these "
                "directories; its readers would lose it. Name its data directory too."
            )
