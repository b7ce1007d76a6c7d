"""Publishing: a closed snapshot of the database, put where readers open it by one rename."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from ingest.errors import IngestError
from ingest.lease import hold_lease
from ingest.settings import Settings
from ingest.store.holds import holding_runs
from ingest.store.snapshot import Manifest, fill_copy, is_earlier_state, open_copy, read_manifest, read_state
from ingest.times import now

FILE_NAME = "incidents.db"
JSON_NAME = "manifest.json"
KEPT = 3
"""Files that are kept of those that were published before."""


@dataclass(frozen=True, slots=True)
class Published:
    """The file that readers find. written: whether it had to be written."""

    path: Path
    manifest: Manifest
    written: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing was written: the newest state of these sources waits for a person."""

    sources: tuple[str, ...]


def published_folder(settings: Settings) -> Path:
    """Where readers find the published file and its manifest."""
    return settings.data / "published"


def publish(
    settings: Settings,
    keep: int = KEPT,
    announce: Callable[[int], None] = lambda versions: None,
    report_done: Callable[[int], None] = lambda versions: None,
) -> Published | Held:
    """Bring the published file to the state of the database; `keep` earlier ones stay under `previous/`.

    Where neither a version nor a run has been added since and the file is intact, nothing is written. Where only a run
    has been, the file is replaced and the one before, with the same history, is not kept. announce and report_done are
    told how many versions there are to copy, and how many have been copied further.

    Raises IngestError where that can't be done, and where the published history is not the beginning of the
    database's: readers keep cursors.
    """
    folder = published_folder(settings)
    # Below the locks of the sources, where no source's name can meet it.
    with converting_errors(folder), hold_lease(settings.locks / "published", "publish"):
        folder.mkdir(parents=True, exist_ok=True)
        path, new = folder / FILE_NAME, folder / f".{FILE_NAME}.new"
        before = read_manifest(path)
        try:
            with open_copy(settings.database, new) as copy:
                if held := holding_runs(copy):
                    return Held(tuple(held))
                manifest = read_state(copy, version("ingest"), now())
                if before is not None and _is_current(copy, before, manifest, path):
                    return Published(path, before, written=False)
                announce(manifest.cursor)
                fill_copy(copy, manifest, report_done)
            replace_published(path, new, before, manifest, keep)
        finally:
            new.unlink(missing_ok=True)
    return Published(path, manifest, written=True)


def is_intact(folder: Path) -> bool:
    """Whether the published file is, byte for byte, the one that its manifest beside describes."""
    try:
        expected = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))["sha256"]
        return bool(expected == _sha256(folder / FILE_NAME))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_current(copy: Database, before: Manifest, manifest: Manifest, path: Path) -> bool:
    if not is_earlier_state(copy, before):
        raise IngestError(
            f"{path} stands at cursor {before.cursor} of another history than the database's, and its readers would "
            f"miss or repeat changes. Move {path.parent} away to publish all the same."
        )
    return before == replace(manifest, written_at=before.written_at) and is_intact(path.parent)


def replace_published(
    path: Path,
    new: Path,
    before: Manifest | None,
    manifest: Manifest,
    keep: int,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Put a whole new file where readers find it, and its manifest beside, with what else there is to say in JSON."""
    if before is not None and before.cursor != manifest.cursor and keep > 0:
        _keep(path, before)
    _put_in_place(new, path)
    _write_json(path.parent, manifest, more)
    _prune(path.parent / "previous", keep)


def _keep(path: Path, manifest: Manifest) -> None:
    """Give the file that is about to be replaced a second name."""
    previous = path.parent / "previous"
    previous.mkdir(exist_ok=True)
    at = manifest.written_at.replace("-", "").replace(":", "")
    kept = previous / f"{path.stem}-{at}-{manifest.cursor}{path.suffix}"
    kept.unlink(missing_ok=True)
    os.link(path, kept)


def _prune(previous: Path, keep: int) -> None:
    kept = sorted(previous.glob("*.db"))
    for path in kept[: len(kept) - keep]:
        path.unlink()


def _write_json(folder: Path, manifest: Manifest, more: Mapping[str, Any]) -> None:
    """The copy beside. It comes after the file: whoever waits for its cursor finds the file there."""
    path = folder / FILE_NAME
    content = {"file": FILE_NAME, "size": path.stat().st_size, "sha256": _sha256(path), **asdict(manifest), **more}
    new = folder / f".{JSON_NAME}.new"
    new.unlink(missing_ok=True)
    new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _put_in_place(new, folder / JSON_NAME)


def _put_in_place(new: Path, path: Path) -> None:
    """Rename over `path` once the bytes are on the disk. Nobody is to write to what is published."""
    new.chmod(0o444)
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def converting_errors(folder: Path) -> Iterator[None]:
    """Raises IngestError for what the system says of a folder."""
    try:
        yield
    except OSError as error:
        raise IngestError(f"{folder} can't be written: {error}. What was published before stays.") from error
