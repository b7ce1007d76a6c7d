"""Pages as a hostile or broken site would send them: mutations of the fixtures, the same for the same dice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

TOKENS = [
    *(
        b"<",
        b">",
        b"</",
        b"&",
        b"&#0;",
        b"&#x202e;",
        b"&nbsp;",
        b"&lt;b&gt;",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
    ),
    *(b"<!--", b"-->", b"]]>", b"<![CDATA[", b"<script>", b"</script>", b"<style>", b"<template>", b"<svg>", b"<math>"),
    *(b"<dl>", b"</dl>", b"<dt>", b"<dd>", b"<table>", b"<tr><td>", b"</table>", b"<h1>", b"</h1>", b"<h2>", b"<li>"),
    *(b"<p>", b"</p>", b"<div>", b"</div>", b"<span hidden>", b"<select><option>", b"<a href='javascript:x'>", b"<br>"),
    *(
        b"<meta charset=utf-16>",
        b"<base href='https://elsewhere.example/'>",
        b"<link rel=canonical href='/incidents/x'>",
    ),
    *(b"Status", b"Category:", b"Date Occurred", b"Unknown", b"Yes", b"No", b"2025-02-30", b"Mar 4, 2025", b"Q3 2024"),
    *("\u202e", "\u00a0", "\u200b", "İ", "ß", "ﬁ", "١٢", "🏳️‍🌈"),
]


def _somewhere(dice: Random, body: bytes) -> tuple[int, int]:
    start = dice.randrange(len(body) + 1)
    return start, min(len(body), start + dice.choice((1, 3, 10, 60, 400)))


def _token(dice: Random) -> bytes:
    token = dice.choice(TOKENS)
    return token if isinstance(token, bytes) else token.encode()


def insert(dice: Random, body: bytes, _: bytes) -> bytes:
    at = dice.randrange(len(body) + 1)
    return body[:at] + _token(dice) * dice.choice((1, 1, 1, 2, 50)) + body[at:]


def insert_at_a_tag(dice: Random, body: bytes, _: bytes) -> bytes:
    tags = [place for place, byte in enumerate(body) if byte == 0x3C] or [0]
    at = dice.choice(tags)
    return body[:at] + _token(dice) + body[at:]


def flip(dice: Random, body: bytes, _: bytes) -> bytes:
    changed = bytearray(body)
    for _number in range(dice.choice((1, 3, 30))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def delete(dice: Random, body: bytes, _: bytes) -> bytes:
    start, end = _somewhere(dice, body)
    return body[:start] + body[end:]


def repeat(dice: Random, body: bytes, _: bytes) -> bytes:
    start, end = _somewhere(dice, body)
    return body[:start] + body[start:end] * dice.choice((2, 3, 40)) + body[end:]


def swap(dice: Random, body: bytes, _: bytes) -> bytes:
    lines = body.split(b"\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def splice(dice: Random, body: bytes, another: bytes) -> bytes:
    start, end = _somewhere(dice, another)
    at = dice.randrange(len(body) + 1)
    return body[:at] + another[start : end + 200] + body[at:]


def join(dice: Random, body: bytes, another: bytes) -> bytes:
    return body[: dice.randrange(len(body) + 1)] + another[dice.randrange(len(another) + 1) :]


def cut(dice: Random, body: bytes, _: bytes) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def drop_a_tag(dice: Random, body: bytes, _: bytes) -> bytes:
    start = body.find(b"<", dice.randrange(len(body) + 1))
    end = body.find(b">", start)
    return body if start < 0 or end < 0 else body[:start] + body[end + 1 :]


WAYS: Sequence[Callable[[Random, bytes, bytes], bytes]] = (
    *(insert, insert_at_a_tag, insert_at_a_tag, flip, delete, repeat, swap, splice, join, cut, drop_a_tag, drop_a_tag),
)


def mutate(dice: Random, body: bytes, another: bytes) -> bytes:
    """A page with one to six mutations, a few of them with material of another page; at most 300 kB."""
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        body = dice.choice(WAYS)(dice, body, another)
    return body[:300_000] or b" "
