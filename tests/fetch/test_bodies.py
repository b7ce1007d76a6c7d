"""Content codings are undone whole, or not at all, and never beyond the bound by more than a step."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.bodies import BodyError, decode_body, read_codings

LIMIT = 1_000_000
ZEROS = bytes(50_000_000)


def deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("coding", ENCODERS)
@given(data=st.one_of(st.binary(max_size=2000), st.integers(0, 300_000).map(lambda size: b"ab" * size)))
def test_what_was_encoded_comes_back(coding: str, data: bytes) -> None:
    assert decode_body(ENCODERS[coding](data), (coding,), LIMIT) == data


@pytest.mark.parametrize("coding", ENCODERS)
@given(data=st.binary(min_size=1, max_size=300), cut=st.integers(1, 300))
def test_a_stream_that_was_cut_is_never_a_shorter_page(coding: str, data: bytes, cut: int) -> None:
    wire = ENCODERS[coding](data)
    with pytest.raises(BodyError) as caught:
        decode_body(wire[: -min(cut, len(wire) - 1)], (coding,), LIMIT)
    assert caught.value.failure.kind in {"truncated_body", "bad_encoding"}


@pytest.mark.parametrize("coding", ENCODERS)
@given(data=st.binary(min_size=1, max_size=500))
def test_any_bytes_are_a_body_or_a_named_failure(coding: str, data: bytes) -> None:
    try:
        decode_body(data, (coding,), LIMIT)
    except BodyError as error:
        assert error.failure.kind in {"truncated_body", "bad_encoding", "decoded_too_large"}


BOMBS = {
    "gzip": (gzip.compress(ZEROS), ("gzip",)),
    "deflate": (zlib.compress(ZEROS), ("deflate",)),
    "bare deflate": (deflate(ZEROS), ("deflate",)),
    "brotli": (brotli.compress(ZEROS, quality=5), ("br",)),
    "zstd": (zstandard.compress(ZEROS), ("zstd",)),
    "zstd in blocks of four bytes": (
        bytes.fromhex("28b52ffd") + b"\x00\x58" + b"\x02\x00\x10\x00" * 3000 + b"\x03\x00\x10\x00",
        ("zstd",),
    ),
    "gzip in gzip": (gzip.compress(gzip.compress(ZEROS)), ("gzip", "gzip")),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_the_bound_and_little_more(name: str) -> None:
    wire, codings = BOMBS[name]
    tracemalloc.start()
    with pytest.raises(BodyError) as caught:
        decode_body(wire, codings, LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.failure.kind == "decoded_too_large"
    assert len(caught.value.partial) <= LIMIT + 140_000
    # The partial body, the buffer that it was copied from and the steps; 50 MB if any were unbounded.
    assert peak < 6 * LIMIT


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_body_at_the_bound_passes_and_one_beyond_does_not(coding: str) -> None:
    body = bytes(LIMIT)
    assert decode_body(ENCODERS[coding](body), (coding,), LIMIT) == body
    with pytest.raises(BodyError):
        decode_body(ENCODERS[coding](body + b"x"), (coding,), LIMIT)


def test_a_plain_body_is_bound_too() -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(b"12345", (), 4)
    assert caught.value.failure.kind == "decoded_too_large"


@pytest.mark.parametrize(
    ("headers", "codings"),
    [
        ([], ()),
        (["gzip"], ("gzip",)),
        (["GZip , br"], ("gzip", "br")),
        (["identity", ""], ()),
        (["br", "gzip"], ("br", "gzip")),
        (["gzip;q=1"], ("gzip;q=1",)),
    ],
)
def test_codings_are_read_in_the_order_of_their_application(headers: list[str], codings: tuple[str, ...]) -> None:
    assert read_codings(headers) == codings


def test_an_empty_body_is_in_every_coding() -> None:
    assert decode_body(b"", ("gzip", "br"), LIMIT) == b""
