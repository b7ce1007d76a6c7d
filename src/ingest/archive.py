"""The archive: every page as it was received, in WARC 1.1 files of gzip members, one record a member.

A process writes files of its own, named after its run, and never appends to an older one. A file that its process
left behind is cut after its last whole record (ISO 28500:2017; record-at-time compression, annex D).
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from fastwarc.warc import ArchiveIterator
from isal import igzip, isal_zlib

from ingest.errors import ArchiveError
from ingest.times import now

FILE_BYTES = 1_000_000_000
"""A file that has grown beyond this is closed and another one begun."""
COMPRESSION_LEVEL = 2
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as it was received: the status line and headers, and the body with its content coding."""

    url: str
    captured_at: str
    status_line: str
    headers: tuple[tuple[str, str], ...]
    wire: bytes


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: file name within the archive, offset and length in bytes."""

    file: str
    offset: int
    length: int


class ArchiveWriter:
    """Appends captures to files of one run. Not for use by several threads at once."""

    def __init__(self, folder: Path, run_id: str, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder
        self._run_id = run_id
        self._file_bytes = file_bytes
        self._part = 0
        self._file: BinaryIO | None = None
        self._name = ""
        self._offset = 0

    def append(self, capture: Capture) -> Location:
        """Write one capture. It is on disk for sure only after `sync`. Raises OSError, as on a full disk."""
        member = igzip.compress(_response_record(capture), COMPRESSION_LEVEL)
        if self._file is None or self._offset > self._file_bytes:
            self._begin_file()
        location = Location(self._name, self._offset, len(member))
        self._write(member)
        return location

    def sync(self) -> None:
        """Return when every capture appended so far is on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def _begin_file(self) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._name = f"{self._run_id}-{self._part:05d}.warc.gz"
        self._file = (self._folder / self._name).open("xb")
        self._part += 1
        self._offset = 0
        self._write(igzip.compress(_info_record(self._name), COMPRESSION_LEVEL))
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _write(self, member: bytes) -> None:
        assert self._file is not None
        try:
            self._file.write(member)
            self._file.flush()
        except OSError:
            # A half-written member would make every later one unreadable.
            self._file.truncate(self._offset)
            self._file.seek(self._offset)
            raise
        self._offset += len(member)


def read_capture(folder: Path, location: Location) -> Capture:
    """The capture at a location. Raises ArchiveError where the archive does not hold one there."""
    path = folder / location.file
    try:
        with path.open("rb") as file:
            file.seek(location.offset)
            member = file.read(location.length)
        return _parse_record(isal_zlib.decompress(member, wbits=31))
    except (OSError, isal_zlib.error, ValueError) as error:  # type: ignore[misc]  # its stub takes a class for an instance
        raise ArchiveError(
            f"{path} holds no whole record at offset {location.offset} ({location.length} bytes): {error}. "
            "Restore the file, or fetch the page again."
        ) from error


def cut_torn_tail(path: Path, indexed_end: int = 0) -> int:
    """Cut a file after its last whole record. Returns the number of bytes cut off.

    indexed_end: where the last record that the index names ends. A file that is damaged before that place is left as
    it is: what follows the damage is evidence.
    """
    whole = 0
    for offset, length in find_members(path):
        whole = offset + length
    size = path.stat().st_size
    if indexed_end <= whole < size:
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
        return size - whole
    return 0


def read_captures(folder: Path, name: str) -> Iterator[tuple[Location, Capture]]:
    """Every whole response record of one file, in order."""
    for offset, length in find_members(folder / name):
        location = Location(name, offset, length)
        with (folder / name).open("rb") as file:
            file.seek(offset)
            member = file.read(length)
        record = isal_zlib.decompress(member, wbits=31)
        if b"WARC-Type: response" in record[:1000]:
            yield location, _parse_record(record)


def files_of_run(folder: Path, run_id: str) -> list[str]:
    """The names of the files that a run has written."""
    return sorted(path.name for path in folder.glob(f"{run_id}-*.warc.gz"))


def find_members(path: Path) -> Iterator[tuple[int, int]]:
    """The (offset, length) of each whole gzip member; a torn one ends the iteration."""
    with path.open("rb") as file:
        start, rest = 0, b""
        while rest or (rest := file.read(_CHUNK)):
            member = zlib.decompressobj(wbits=31)
            length = 0
            try:
                while not member.eof:
                    chunk = rest or file.read(_CHUNK)
                    if not chunk:
                        return
                    member.decompress(chunk)
                    rest = member.unused_data
                    length += len(chunk) - len(rest)
            except zlib.error:
                return
            yield start, length
            start += length


def _parse_record(unpacked: bytes) -> Capture:
    record = next(iter(ArchiveIterator(io.BytesIO(unpacked), parse_http=False)), None)
    if record is None:
        raise ValueError("the bytes are no WARC record")
    block = record.reader.read()
    head, separator, wire = block.partition(b"\r\n\r\n")
    if not separator:
        raise ValueError("the record's block is no HTTP response")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Capture(
        url=record.headers["WARC-Target-URI"] or "",
        captured_at=record.headers["WARC-Date"] or "",
        status_line=status_line,
        headers=headers,
        wire=wire,
    )


def _response_record(capture: Capture) -> bytes:
    lines = [capture.status_line, *(f"{name}: {value}" for name, value in capture.headers)]
    head = "\r\n".join(map(_one_line, lines))
    block = b"%b\r\n\r\n%b" % (head.encode("latin-1", "replace"), capture.wire)
    about = (
        f"WARC-Date: {capture.captured_at}\r\nWARC-Target-URI: {_one_line(capture.url)}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
    )
    return _record("response", about, block)


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _info_record(name: str) -> bytes:
    about = f"WARC-Date: {now()}\r\nWARC-Filename: {name}\r\nContent-Type: application/warc-fields\r\n"
    return _record("warcinfo", about, b"software: ingest\r\nformat: WARC File Format 1.1\r\n")


def _record(kind: str, about: str, block: bytes) -> bytes:
    """A WARC record (ISO 28500:2017, 4); about: the header lines that are the kind's own."""
    digest = b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    header = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n{about}"
        f"WARC-Block-Digest: sha1:{digest}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return b"%b%b\r\n\r\n" % (header.encode(), block)
