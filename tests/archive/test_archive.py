"""Pages are kept as received, in files that any WARC reader reads and that survive a torn end."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from ingest.archive import ArchiveWriter, Capture, Location, cut_torn_tail, files_of_run, read_capture, read_captures
from ingest.errors import ArchiveError, IngestError

AT = "2026-01-01T00:00:00.000000Z"


def capture(number: int, body: bytes = b"<h1>page</h1>") -> Capture:
    headers = (("Content-Type", "text/html"), ("ETag", f'"{number}"'))
    return Capture(f"https://incidents.example/{number}", AT, "HTTP/1.1 200 OK", headers, body)


def write(folder: Path, *captures: Capture) -> tuple[Path, list[Location]]:
    writer = ArchiveWriter(folder, "run")
    locations = [writer.append(one) for one in captures]
    writer.close()
    return folder / locations[0].file, locations


@given(body=st.binary(max_size=2000))
def test_a_capture_reads_back_as_it_was_received(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    folder = tmp_path_factory.mktemp("archive")
    _, [location] = write(folder, capture(1, body))
    assert read_capture(folder, location) == capture(1, body)


def test_warcio_reads_every_record_and_its_digests(tmp_path: Path) -> None:
    packed = Capture(
        "https://incidents.example/z", AT, "HTTP/1.1 200 OK", (("Content-Encoding", "gzip"),), gzip.compress(b"text")
    )
    path, _ = write(tmp_path, capture(1), packed)
    with path.open("rb") as file:
        records = [(record.rec_type, record.raw_stream.read()) for record in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "response"]
    assert records[2][1] == gzip.compress(b"text") or gzip.decompress(records[2][1]) == b"text"
    checker = Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0


def test_fastwarc_reads_every_record_at_its_offset(tmp_path: Path) -> None:
    path, locations = write(tmp_path, capture(1), capture(2))
    with path.open("rb") as file:
        offsets = [record.stream_pos for record in FastArchiveIterator(file, parse_http=False)]
    assert offsets == [0, *(location.offset for location in locations)]


@given(cut=st.integers(min_value=1, max_value=400))
def test_a_torn_end_costs_only_the_record_it_tears(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("archive")
    path, locations = write(folder, *map(capture, range(3)))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size - cut)
    cut_torn_tail(path)
    whole = [one for one in locations if one.offset + one.length <= size - cut]
    assert [location for location, _ in read_captures(folder, path.name)] == whole
    assert path.stat().st_size == (whole[-1].offset + whole[-1].length if whole else locations[0].offset)


def test_a_whole_file_is_not_cut(tmp_path: Path) -> None:
    path, _ = write(tmp_path, capture(1))
    assert cut_torn_tail(path) == 0


def test_garbage_behind_the_last_record_is_cut(tmp_path: Path) -> None:
    path, locations = write(tmp_path, capture(1))
    with path.open("ab") as file:
        file.write(b"\0" * 50)
    assert cut_torn_tail(path) == 50
    assert read_capture(tmp_path, locations[0]) == capture(1)


def test_damage_before_an_indexed_record_is_never_cut(tmp_path: Path) -> None:
    path, locations = write(tmp_path, *map(capture, range(3)))
    damaged = bytearray(path.read_bytes())
    damaged[locations[1].offset + 20] ^= 0xFF
    path.write_bytes(damaged)
    assert cut_torn_tail(path, locations[2].offset + locations[2].length) == 0
    assert read_capture(tmp_path, locations[2]) == capture(2)


def test_a_file_that_has_grown_is_followed_by_another(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "run", file_bytes=600)
    locations = [writer.append(capture(number)) for number in range(6)]
    writer.close()
    assert len(files_of_run(tmp_path, "run")) > 1
    assert [read_capture(tmp_path, location) for location in locations] == [capture(number) for number in range(6)]


def test_a_header_or_a_url_can_not_smuggle_a_line(tmp_path: Path) -> None:
    evil = Capture("https://incidents.example/\r\nX: a", AT, "HTTP/1.1 200 OK", (("X", "a\r\n\r\n<h1>b"),), b"body")
    _, [location] = write(tmp_path, evil)
    kept = read_capture(tmp_path, location)
    assert (kept.url, kept.wire) == ("https://incidents.example/  X: a", b"body")


def test_a_place_without_a_record_is_one_clear_sentence(tmp_path: Path) -> None:
    path, [location] = write(tmp_path, capture(1))
    with pytest.raises(IngestError, match="holds no whole record at offset 3"):
        read_capture(tmp_path, Location(path.name, 3, location.length))
    with pytest.raises(IngestError, match="absent"):
        read_capture(tmp_path, Location("absent.warc.gz", 0, 10))


def test_no_damage_goes_unseen(tmp_path: Path) -> None:
    path, [location] = write(tmp_path, capture(1, b"<h1>A page of some length</h1>" * 9))
    whole = path.read_bytes()
    for place in range(location.offset, location.offset + location.length):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            assert read_capture(tmp_path, location) == capture(1, b"<h1>A page of some length</h1>" * 9)
        except ArchiveError:
            continue
