"""Bodies within bounds: what is read from the wire, and content codings undone in steps that can't explode.

No decoder is asked for more than a step at a time, so a body of a few bytes that stands for gigabytes costs the
bound and at most one step (RFC 9110, 8.4; RFC 8878 and RFC 9659 for zstd's window).
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable, Mapping

import brotli  # type: ignore[import-untyped]
import zstandard

from ingest.fetch.kinds import FetchError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
"""What is offered: every coding here is decoded within a bound."""

MAX_CODINGS = 2
MAX_MEMBERS = 64
"""Compressed streams one after the other in one body; a page has one."""

_SLICE = 16_384
_STEP = 65_536
_ZSTD_WINDOW = 8 << 20
_ZSTD_GROWTH = 32_768
"""A zstd block takes at least 4 bytes and gives at most 128 KiB."""


class BodyError(FetchError):
    """A body that can't be had whole. partial: what was read or decoded before."""

    def __init__(self, kind: str, message: str, partial: bytes = b"") -> None:
        super().__init__(kind, message)
        self.partial = partial


async def read_wire(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    """The body as received. Raises BodyError (too_large) as soon as it has more than max_bytes."""
    received: list[bytes] = []
    size = 0
    async for chunk in chunks:
        received.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise BodyError("too_large", f"The body exceeds {max_bytes} bytes as received.", b"".join(received))
    return b"".join(received)


def read_codings(header_values: list[str]) -> tuple[str, ...]:
    """The content codings of all Content-Encoding headers, in the order in which they were applied."""
    words = (word.strip().lower() for value in header_values for word in value.split(","))
    return tuple(word for word in words if word not in ("", "identity"))


def decode_body(wire: bytes, codings: tuple[str, ...], max_bytes: int) -> bytes:
    """Undo the content codings, last applied first.

    Raises BodyError: too_many_encodings, unsupported_encoding, decoded_too_large, truncated_body, bad_encoding.
    An empty body is in every coding.
    """
    if len(codings) > MAX_CODINGS:
        raise BodyError("too_many_encodings", f"The body has {len(codings)} content codings; {MAX_CODINGS} are undone.")
    unknown = next((coding for coding in codings if coding not in _DECODERS), None)
    if unknown is not None:
        raise BodyError("unsupported_encoding", f"The content coding {unknown[:40]!r} can't be undone.")
    body = wire
    for coding in reversed(codings):
        if body:
            body = _DECODERS[coding](body, max_bytes)
    if len(body) > max_bytes:
        raise _too_large(body, max_bytes)
    return body


def _too_large(partial: bytes | bytearray, max_bytes: int) -> BodyError:
    return BodyError("decoded_too_large", f"The body exceeds {max_bytes} bytes once decoded.", bytes(partial))


def _truncated(coding: str, partial: bytearray) -> BodyError:
    return BodyError("truncated_body", f"The body ends in the middle of its {coding} stream.", bytes(partial))


def _broken(coding: str, partial: bytearray, reason: object) -> BodyError:
    return BodyError("bad_encoding", f"The body is not {coding}: {reason}.", bytes(partial))


def _inflate(coding: str, window_bits: int, wire: bytes, max_bytes: int) -> bytes:
    """zlib's formats. Bytes after the last stream that do not begin another are ignored, as browsers do."""
    body = bytearray()
    position = 0
    for _ in range(MAX_MEMBERS):
        stream = zlib.decompressobj(window_bits)
        while not stream.eof:
            data = stream.unconsumed_tail
            if not data:
                if position >= len(wire):
                    raise _truncated(coding, body)
                data = wire[position : position + _SLICE]
                position += len(data)
            try:
                body += stream.decompress(data, _STEP)
            except zlib.error as error:
                raise _broken(coding, body, error) from error
            if len(body) > max_bytes:
                raise _too_large(body, max_bytes)
        position -= len(stream.unused_data)
        if wire[position : position + 2] != b"\x1f\x8b":
            return bytes(body)
    raise _broken(coding, body, f"it has more than {MAX_MEMBERS} members")


def _decode_gzip(wire: bytes, max_bytes: int) -> bytes:
    return _inflate("gzip", 16 + zlib.MAX_WBITS, wire, max_bytes)


def _decode_deflate(wire: bytes, max_bytes: int) -> bytes:
    """Deflate in zlib's wrapper as RFC 9110 asks for, or bare as some servers send it."""
    wrapped = wire[0] & 0x0F == 8 and int.from_bytes(wire[:2], "big") % 31 == 0
    return _inflate("deflate", zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, wire, max_bytes)


def _decode_brotli(wire: bytes, max_bytes: int) -> bytes:
    body = bytearray()
    decoder = brotli.Decompressor()
    data = wire
    try:
        while not decoder.is_finished():
            step = decoder.process(data, output_buffer_limit=_STEP)
            body += step
            if len(body) > max_bytes:
                raise _too_large(body, max_bytes)
            data = b""
            if not step and decoder.can_accept_more_data() and not decoder.is_finished():
                raise _truncated("br", body)
    except brotli.error as error:
        raise _broken("br", body, error) from error
    return bytes(body)


def _decode_zstd(wire: bytes, max_bytes: int) -> bytes:
    """The slices handed over shrink as the bound comes near: the decoder gives out all that a slice stands for."""
    body = bytearray()
    position = 0
    for _ in range(MAX_MEMBERS):
        frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        while not frame.eof:
            if position >= len(wire):
                raise _truncated("zstd", body)
            size = max(4, min(_SLICE, (max_bytes - len(body)) // _ZSTD_GROWTH))
            try:
                body += frame.decompress(wire[position : position + size])
            except zstandard.ZstdError as error:
                raise _broken("zstd", body, error) from error
            position += size
            if len(body) > max_bytes:
                raise _too_large(body, max_bytes)
        position = min(position, len(wire)) - len(frame.unused_data)
        if position >= len(wire):
            return bytes(body)
    raise _broken("zstd", body, f"it has more than {MAX_MEMBERS} frames")


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_brotli,
    "zstd": _decode_zstd,
}
