"""What servers do by accident or malice. Each is the answer to `/page` unless it names its paths."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import zstandard

from tests.hostile.hostile_server import Behaviour, Talk, answer

PAGE = b"<html><h1>An incident</h1><p>" + b"Something went wrong. " * 200 + b"</p></html>"
BOMB_BYTES = 20_000_000
ZEROS = bytes(BOMB_BYTES)


def deflate(data: bytes, window_bits: int) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    return stream.compress(data) + stream.flush()


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, "Content-Type: text/html", f"Content-Encoding: {coding}")


def redirect(location: str, body: bytes = b"", status: str = "302 Found") -> bytes:
    return answer(body, f"Location: {location}", "Connection: close", status=status)


GZIP_BOMB = gzip.compress(ZEROS)
BROTLI_BOMB = brotli.compress(ZEROS, quality=5)
ZSTD_BOMB = zstandard.compress(ZEROS)
ZSTD_WIDE = bytes.fromhex("28b52ffd") + b"\x00\xa0" + b"\x01\x00\x00"  # a window of 1 GiB, one empty block

WHOLE: dict[str, bytes] = {
    "plain": answer(PAGE),
    "gzip": coded(gzip.compress(PAGE), "gzip"),
    "x-gzip": coded(gzip.compress(PAGE), "x-gzip"),
    "gzip in capitals": coded(gzip.compress(PAGE), "GZIP"),
    "gzip in two members": coded(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "gzip"),
    "gzip with rubbish after it": coded(gzip.compress(PAGE) + b"rubbish", "gzip"),
    "deflate wrapped": coded(deflate(PAGE, 15), "deflate"),
    "deflate bare": coded(deflate(PAGE, -15), "deflate"),
    "brotli": coded(brotli.compress(PAGE), "br"),
    "zstd": coded(zstandard.compress(PAGE), "zstd"),
    "zstd in two frames": coded(zstandard.compress(PAGE[:99]) + zstandard.compress(PAGE[99:]), "zstd"),
    "two codings": coded(gzip.compress(brotli.compress(PAGE)), "br, gzip"),
    "two codings in two headers": answer(
        gzip.compress(brotli.compress(PAGE)), "Content-Encoding: br", "Content-Encoding: gzip"
    ),
    "identity": coded(PAGE, "identity"),
    "no length, closed at the end": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PAGE,
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE),
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
    "no reason phrase": answer(PAGE, status="200 "),
    "a charset that does not exist": answer(PAGE, "Content-Type: text/html; charset=klingon"),
    "a content type that is none": answer(PAGE, "Content-Type: \xff\xfe/;;="),
    "no content type": answer(PAGE),
    "a cookie": answer(PAGE, "Set-Cookie: session=secret"),
    "an ETag that is not ASCII": answer(PAGE, "ETag: \xe4"),
    "continue first": b"HTTP/1.1 100 Continue\r\n\r\n" + answer(PAGE),
}


async def _silence(talk: Talk) -> None:
    await talk.client_left()


async def _silence_after_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    await talk.client_left()


async def _silence_in_the_body(talk: Talk) -> None:
    await talk.send(answer(PAGE[:500], length=1000))
    await talk.client_left()


async def _drip_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not await talk.client_left(0.02):
        await talk.send(b"x")


async def _drip_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not await talk.client_left(0.02):
        await talk.send(b"x")


async def _drip_chunks(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not await talk.client_left(0.02):
        await talk.send(b"1\r\nx\r\n")


async def _drip_endless_continues(talk: Talk) -> None:
    while not await talk.client_left(0.02):
        await talk.send(b"HTTP/1.1 100 Continue\r\n\r\n")


async def _endless_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await talk.send(PAGE)


async def _endless_chunks(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await talk.send(b"%x\r\n%b\r\n" % (len(PAGE), PAGE))


async def _endless_gzip(talk: Talk) -> None:
    noise = gzip.compress(random.Random(1).randbytes(50_000))
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    while True:
        await talk.send(noise)


async def _endless_header(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await talk.send(b"x" * 4096)


async def _endless_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await talk.send(b"X-Many: x\r\n" * 100)


async def _endless_reason(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 ")
    while True:
        await talk.send(b"x" * 4096)


async def _reset_at_once(talk: Talk) -> None:
    talk.reset()


async def _reset_in_the_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-")
    talk.reset()


async def _reset_in_the_body(talk: Talk) -> None:
    await talk.send(answer(PAGE[:500], length=100_000))
    await talk.client_left(0.05)
    talk.reset()


async def _close_at_once(_talk: Talk) -> None:
    return


async def _endless_redirects(talk: Talk) -> None:
    await talk.send(redirect(f"{talk.path}x" if "?" in talk.path else "/page?x"))


async def _ping_pong(talk: Talk) -> None:
    await talk.send(redirect("/page?b" if talk.path.endswith("?a") else "/page?a"))


async def _endless_redirect_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n")
    while True:
        await talk.send(PAGE)


async def _not_found_without_end(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\n")
    await talk.client_left()


async def _error_without_end(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 500 Oops\r\n\r\n")
    while True:
        await talk.send(PAGE)


BODIES: dict[str, tuple[Behaviour, str]] = {
    "gzip bomb": (coded(GZIP_BOMB, "gzip"), "decoded_too_large"),
    "deflate bomb, wrapped": (coded(deflate(ZEROS, 15), "deflate"), "decoded_too_large"),
    "deflate bomb, bare": (coded(deflate(ZEROS, -15), "deflate"), "decoded_too_large"),
    "brotli bomb": (coded(BROTLI_BOMB, "br"), "decoded_too_large"),
    "zstd bomb": (coded(ZSTD_BOMB, "zstd"), "decoded_too_large"),
    "bomb in a bomb": (coded(gzip.compress(GZIP_BOMB), "gzip, gzip"), "decoded_too_large"),
    "zstd with a window of a gigabyte": (coded(ZSTD_WIDE, "zstd"), "bad_encoding"),
    "a thousand gzip members": (coded(gzip.compress(b"x") * 1000, "gzip"), "bad_encoding"),
    "a thousand zstd frames": (coded(zstandard.compress(b"x") * 1000, "zstd"), "bad_encoding"),
    "three codings": (coded(gzip.compress(PAGE), "gzip, gzip, gzip"), "too_many_encodings"),
    "a hundred codings": (coded(PAGE, ", ".join(["gzip"] * 100)), "too_many_encodings"),
    "a coding that was not offered": (coded(PAGE, "compress"), "unsupported_encoding"),
    "a coding that is none": (coded(PAGE, "utf-8"), "unsupported_encoding"),
    "plain text as gzip": (coded(PAGE, "gzip"), "bad_encoding"),
    "plain text as deflate": (coded(b"\xff" + PAGE, "deflate"), "bad_encoding"),
    "plain text as brotli": (coded(PAGE, "br"), "bad_encoding"),
    "plain text as zstd": (coded(PAGE, "zstd"), "bad_encoding"),
    "half a gzip stream": (coded(gzip.compress(PAGE)[:-9], "gzip"), "truncated_body"),
    "half a deflate stream": (coded(deflate(PAGE, 15)[:-9], "deflate"), "truncated_body"),
    "half a brotli stream": (coded(brotli.compress(PAGE)[:-9], "br"), "truncated_body"),
    "half a zstd stream": (coded(zstandard.compress(PAGE)[:-9], "zstd"), "truncated_body"),
    "endless body": (_endless_body, "too_large"),
    "endless chunks": (_endless_chunks, "too_large"),
    "endless gzip": (_endless_gzip, "too_large"),
    "a length of a terabyte": (answer(PAGE, length=10**12), "truncated_body"),
}
FRAMING: dict[str, tuple[Behaviour, str]] = {
    "a length beyond the body": (answer(PAGE, length=len(PAGE) + 1), "truncated_body"),
    "a length short of the body": (answer(PAGE, length=len(PAGE) - 100), "malformed_response"),
    "a negative length": (answer(PAGE, length=-5), "malformed_response"),
    "a length in words": (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + PAGE, "malformed_response"),
    "two lengths": (answer(PAGE, "Content-Length: 7"), "malformed_response"),
    "a length and chunks": (
        answer(b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        "malformed_response",
    ),
    "chunks without an end": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "truncated_body",
    ),
    "a chunk size in words": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nhello",
        "malformed_response",
    ),
    "a chunk cut short": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nhello", "truncated_body"),
    "silence": (_silence, "timeout"),
    "silence after the headers": (_silence_after_headers, "timeout"),
    "silence in the body": (_silence_in_the_body, "timeout"),
    "headers drop by drop": (_drip_headers, "timeout"),
    "a body drop by drop": (_drip_body, "timeout"),
    "chunks drop by drop": (_drip_chunks, "timeout"),
    "endless continues": (_drip_endless_continues, "timeout"),
    "a reset at once": (_reset_at_once, "connection_lost"),
    "a reset in the headers": (_reset_in_the_headers, "connection_lost"),
    "a reset in the body": (_reset_in_the_body, "truncated_body"),
    "closed at once": (_close_at_once, "connection_lost"),
    "closed in the headers": (b"HTTP/1.1 200 OK\r\nContent-Le", "connection_lost"),
    "not HTTP": (b"220 mail.example ESMTP\r\n", "malformed_response"),
    "HTTP/0.9": (PAGE, "malformed_response"),
    "HTTP/9.9": (b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed_response"),
    "a status in words": (b"HTTP/1.1 good OK\r\nContent-Length: 0\r\n\r\n", "malformed_response"),
    "a reason that is not UTF-8": (answer(PAGE, status="200 \xff\xfe"), "malformed_response"),
    "a header without a colon": (answer(PAGE, "What is this"), "malformed_response"),
    "a header with a NUL": (answer(PAGE, "X-Nul: a\x00b"), "malformed_response"),
    "a header of 100 kB": (answer(PAGE, "X-Long: " + "x" * 100_000), "headers_too_large"),
    "a thousand headers": (answer(PAGE, *["X-Many: x"] * 1000), "headers_too_large"),
    "an endless header": (_endless_header, "headers_too_large"),
    "endless headers": (_endless_headers, "headers_too_large"),
    "an endless reason": (_endless_reason, "headers_too_large"),
}
STATUSES: dict[str, tuple[Behaviour, str]] = {
    "101": (answer(status="101 Switching Protocols"), "http_101"),
    "202, as challenges answer": (answer(PAGE, status="202 Accepted"), "http_202"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", "http_204"),
    "206 unasked": (answer(PAGE[:50], "Content-Range: bytes 0-49/5000", status="206 Partial Content"), "http_206"),
    "300": (answer(PAGE, status="300 Multiple Choices"), "http_300"),
    "304 unasked": (b"HTTP/1.1 304 Not Modified\r\n\r\n", "unexpected_304"),
    "401": (answer(PAGE, status="401 Unauthorized"), "http_401"),
    "403": (answer(PAGE, status="403 Forbidden"), "http_403"),
    "404": (answer(PAGE, status="404 Not Found"), "http_404"),
    "404 without an end": (_not_found_without_end, "http_404"),
    "410": (answer(PAGE, status="410 Gone"), "http_410"),
    "429": (answer(PAGE, status="429 Too Many Requests"), "http_429"),
    "451": (answer(PAGE, status="451 Unavailable For Legal Reasons"), "http_451"),
    "500": (answer(PAGE, status="500 Oops"), "http_500"),
    "500 without an end": (_error_without_end, "http_500"),
    "500 in a broken coding": (answer(PAGE, "Content-Encoding: gzip", status="500 Oops"), "http_500"),
    "503": (answer(PAGE, status="503 Later"), "http_503"),
    "599": (answer(PAGE, status="599 What"), "http_599"),
    "999": (answer(PAGE, status="999 Request denied"), "http_999"),
}
REDIRECTS: dict[str, tuple[Behaviour, str]] = {
    "endless redirects": (_endless_redirects, "too_many_redirects"),
    "a redirect to itself": (redirect("/page"), "redirect_loop"),
    "redirects to and fro": (_ping_pong, "redirect_loop"),
    "a redirect to a file": (redirect("file:///etc/passwd"), "bad_scheme"),
    "a redirect to data": (redirect("data:text/html,<h1>x</h1>"), "bad_scheme"),
    "a redirect to a script": (redirect("javascript:alert(1)"), "bad_scheme"),
    "a redirect to ftp": (redirect("ftp://127.0.0.1/page"), "bad_scheme"),
    "a redirect to another host": (redirect("http://elsewhere.example/page"), "out_of_scope"),
    "a redirect to another host without a scheme": (redirect("//elsewhere.example/page"), "out_of_scope"),
    "a redirect to a private address": (redirect("http://10.0.0.1/inside"), "address_refused"),
    "a redirect to a cloud's metadata": (redirect("http://169.254.169.254/inside"), "address_refused"),
    "a redirect to a number": (redirect("http://2130706433/inside"), "address_refused"),
    "a redirect to another port": (redirect("http://127.0.0.1:1/inside"), "address_refused"),
    "a redirect with a password": (redirect("http://u:p@127.0.0.1/inside"), "userinfo_in_url"),
    "a redirect to nowhere": (answer(status="302 Found"), "bad_redirect"),
    "a redirect to an empty location": (redirect(""), "bad_redirect"),
    "a redirect that can't be read": (redirect("http://[::1/page"), "bad_redirect"),
    "a redirect to a port that is none": (redirect("http://127.0.0.1:99999/page"), "bad_redirect"),
    "a redirect of 20 kB": (redirect("/" + "x" * 20_000), "bad_redirect"),
    "a redirect with an endless body": (_endless_redirect_body, "http_404"),
}
