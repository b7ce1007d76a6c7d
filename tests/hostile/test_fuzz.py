"""Whatever a page looks like, its parser gives a record or a refusal, and never a value that the page does not print.

2,000 mutated fixtures here; `make soak` reads 50,000. A failure names the seed and the number of the page.
"""

from __future__ import annotations

import html
import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import unquote

from ingest.extraction import Listing, Refusal
from ingest.page import decode
from ingest.words import YES_NO
from tests.hostile.mutations import mutate
from tests.parsers.cases import Case, cases

PAGES = int(os.environ.get("INGEST_FUZZ", "2000"))
SEED = int(os.environ.get("INGEST_SEED", "1"))
PAGE_SECONDS = 10.0
"""The deadline of a page in a parser process."""

SLUGS = ("severity", "category", "industry", "status", "application_type", "harm_type")
DATES = ("date_occurred", "date_reported")
ANSWERS = ("human_review", "litigation_filed")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


TAG = re.compile(r"<!--.*?-->|<[a-zA-Z!/?][^>]*>?", re.DOTALL)
QUOTING_TAG = re.compile(r"<!--.*?-->|<[a-zA-Z!/?](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>?", re.DOTALL)
LOOSE = re.compile(
    r"<(?:/(?:td|th|tr|tbody|thead|tfoot)|(?:table|tbody|thead|tfoot|tr)\b[^>]*)>((?:[^<]|<(?![a-zA-Z!/?]))+)"
)
"""Text that stands loose in a table: browsers join all of it, but for white space alone, before the table (HTML,
13.2.6.4.9). A `<` before what can't begin a tag is text."""
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def fold(text: str) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


class Print:
    """What a page prints, as a heap of characters: its source, and that without tags, entities read."""

    def __init__(self, body: bytes, content_type: str | None, url: str) -> None:
        text = decode(body, content_type)[0].replace("\0", "")
        bare = TAG.sub("", text)
        spread = [
            text,
            re.sub(r"\s+", "", text),
            html.unescape(text),
            html.unescape(bare),
            re.sub(r"\s+", "", html.unescape(bare)),
            html.unescape(QUOTING_TAG.sub("", text)),
            html.unescape("".join(loose for loose in LOOSE.findall(text) if loose.strip())),
            url,
        ]
        self.heap = fold(" ".join(spread))

    def has(self, value: str) -> bool:
        # Letters apart from digits, which may be joined where a tag between them is dropped.
        words = re.findall(r"[^\W\d_]+|\d+", fold(unquote(value)))
        return all(word in self.heap for word in words)

    def has_date(self, date: str) -> bool:
        return all(self.has_day(*day.split("-")) for day in date.split("/"))

    def has_day(self, year: str, month: str = "", day: str = "") -> bool:
        named = not month or str(int(month)) in self.heap or MONTHS[int(month) - 1] in self.heap
        return year in self.heap and named and (not day or str(int(day)) in self.heap)


def invented(record: dict[str, Any], page: Print) -> Iterator[str]:
    """The fields of a record with a value that the page does not print. (Names of labels are the source's file's.)"""
    for field, value in record.items():
        if value is None:
            continue
        if field in DATES:
            right = page.has_date(value)
        elif field in ANSWERS:
            right = any(word in page.heap for word, answer in YES_NO.items() if answer is value)
        else:
            right = all(page.has(text) for text in texts_of(field, value))
            right &= field != "citations" or all(one["date"] is None or page.has_date(one["date"]) for one in value)
        if not right:
            yield f"{field}: {value!r}"


def texts_of(field: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "date":
                yield from texts_of(field, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_of(field, inner)


def read_mutated(number: int, every: list[Case]) -> tuple[str, list[str]]:
    """What comes of one mutated page, and what its record invents."""
    dice = Random(f"{SEED} {number}")
    case, another = dice.choice(every), dice.choice(every)
    body = mutate(dice, case.body, another.body)
    result = case.read(body)
    if isinstance(result, Refusal):
        return result.kind, []
    if isinstance(result, Listing):
        return "listing", []
    if result.refusal is not None:
        return result.refusal.kind, []
    printed = Print(body, case.response["content_type"], case.response["url"])
    return "record", list(invented(dict(result.fields), printed))


def test_a_mutated_page_is_a_record_of_what_it_prints_or_a_refusal() -> None:
    every = cases()
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    for number in range(PAGES):
        began = time.perf_counter()
        try:
            outcome, inventions = read_mutated(number, every)
        except Exception as error:
            raise AssertionError(f"INGEST_SEED={SEED}, page {number}: {type(error).__name__}: {error}") from error
        slowest = max(slowest, time.perf_counter() - began)
        outcomes[outcome] += 1
        faults += [f"INGEST_SEED={SEED}, page {number}: {fault}" for fault in inventions]
    print(f"INGEST_SEED={SEED}, {PAGES} pages, the slowest {slowest:.2f} s: {dict(outcomes.most_common())}")
    assert outcomes["record"] > PAGES // 20, "too few pages were read for this to prove anything"
    assert not faults, "\n".join([f"{len(faults)} values are invented", *faults[:10]])
    assert slowest < PAGE_SECONDS


def test_an_invented_value_is_seen() -> None:
    page = Print(b"<dl><dt>Status<dd>Op<b>en</b></dl> Mar 4, 2025 Yes", None, "https://site.example/")
    true = {"status": "open", "date_occurred": "2025-03-04", "human_review": True, "tags": ["Status"]}
    assert list(invented(true, page)) == []
    assert list(invented({"extra": {"a": "Patternyth 2"}}, Print(b"<table><tr>Pattern<tr>yth 2", None, ""))) == []
    odd = "<table><tr><td>1</td><Ñd>Pattern<tr>\n<td>2</td>yth</table>".encode()
    assert list(invented({"extra": {"a": "Patternyth"}}, Print(odd, None, ""))) == []
    assert list(invented({"extra": {"a": "OneTwo"}}, Print(b"<a href='x'>One</a><a href='>'>Two", None, ""))) == []
    false = {"status": "closed", "date_occurred": "2025-04-01", "human_review": False, "tags": ["Other"]}
    assert len(list(invented(false, page))) == len(false)
