"""A draft as TOML: every line that is unsure says so above it, and every label says where it was seen."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from ingest.onboarding.draft import Draft
from ingest.onboarding.mapping import Mapped

_EXAMPLE_CHARACTERS, _EXAMPLES, _LINE_CHARACTERS = 30, 3, 80
_UNSURE = "# unsure: "


def render(draft: Draft) -> str:
    """The text of the source's file."""
    return "\n".join((*_head(draft), "", *_tables(draft))) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    pages = _count(draft.pages, "page")
    yield f"# {_plain(draft.title)}: drafted from {pages}. Look at each line that is marked unsure."
    yield "version = 1"
    yield from _line(draft, "title", _quote(draft.title))
    addresses = draft.addresses
    doubts = {**addresses.doubts, **draft.doubts}
    yield from _line(draft, "home_url", _quote(addresses.home_url), doubts)
    yield from _line(draft, "hosts", _list(addresses.hosts), doubts)
    pattern = addresses.incident_url
    yield from _line(draft, "incident_url", f"'{pattern}'" if "'" not in pattern else _quote(pattern), doubts)
    if addresses.trailing_slash != "drop":
        yield from _line(draft, "trailing_slash", _quote(addresses.trailing_slash))
    yield from _line(draft, "listings", _list(addresses.listings), doubts)
    if addresses.sitemaps:
        yield "# Tried; it need not be there."
        yield from _line(draft, "sitemaps", _list(addresses.sitemaps))
    if addresses.feeds:
        yield from _line(draft, "feeds", _list(addresses.feeds))
    yield "delay_seconds = 1.0"
    if draft.licence:
        yield from _line(draft, "licence", _quote(draft.licence), {"licence": "as the pages link to it"})
    else:
        yield f"{_UNSURE}no licence was found; ask before you publish the site's texts"
        yield '# licence = ""'
    yield from _line(draft, "attribution", _quote(f"{draft.title}, {addresses.home_url}"))
    if draft.date_orders:
        doubt = "every date could be read in the other order too" if len(draft.date_orders) > 1 else ""
        yield from _line(draft, "date_order", _quote(draft.date_orders[0]), {"date_order": doubt})
    if draft.badge:
        yield from _line(draft, "badge", _quote(draft.badge), draft.doubts)
    if draft.chips:
        yield from _line(draft, "chips", '"tags"', draft.doubts)
    if draft.lead:
        yield from _line(draft, "lead", _quote(draft.lead), draft.doubts)
    if draft.lines:
        yield from _line(draft, "lines", _list(draft.lines), draft.doubts)
    if draft.optional:
        yield "# By the others a page proves to be an incident's."
        yield from _line(draft, "optional", _list(each.seen.label for each in draft.optional))
    yield from _beside(draft)


def _beside(draft: Draft) -> Iterator[str]:
    if draft.extra:
        yield "# Labels that fill no field: the record keeps them in `extra`."
        yield "extra = ["
        for each in draft.extra:
            if each.note:
                yield f"    {_UNSURE}{_plain(each.note)}"
            yield f"    {_quote(each.label)},  # {each.pages} of {draft.pages}: {_cut(each.example)}"
        yield "]"
    if draft.ignore:
        yield f"{_UNSURE}they seem to speak of the page and not of its incident"
        yield from _line(draft, "ignore", _list(each.label for each in draft.ignore))


def _tables(draft: Draft) -> Iterator[str]:
    if not draft.labels:
        yield f"{_UNSURE}no label fills a field, so a page proves to be an incident's by its sections alone"
    yield "[labels]"
    for each in draft.labels:
        yield from _mapped(draft, each)
    yield ""
    yield "[sections]"
    for each in draft.sections:
        yield from _mapped(draft, each)
    aliases = [(alias, each) for each in draft.fields.mapped for alias in each.aliases]
    if aliases:
        yield ""
        yield "[aliases]"
        for alias, each in aliases:
            pages = f"{len(alias.pages)} of {draft.pages}"
            yield f"{_quote(alias.label)} = {_quote(each.seen.label)}  # {pages}, never beside it"
    for label, roles in draft.roles.items():
        yield ""
        yield f"{_UNSURE}{_plain(draft.doubts['roles'])}"
        yield f"[roles.{_quote(label)}]"
        yield from (f"{_quote(role)} = {_quote(name)}" for role, name in roles.items())
    vocabularies = [(each, words) for each in draft.labels if (words := draft.vocabulary(each))]
    badge = draft.badge is not None
    if vocabularies or badge:
        yield ""
        yield "[vocabularies]"
    for each, words in vocabularies:
        yield f"# Seen: {_words(each)}"
        yield f"{each.field} = {_list(words)}"
    if badge:
        yield f"{draft.badge} = {_list(draft.badge_words)}"


def _mapped(draft: Draft, mapped: Mapped) -> Iterator[str]:
    if mapped.doubts:
        yield f"{_UNSURE}{_plain('; '.join(mapped.doubts))}"
    seen = mapped.seen
    first = next((each for each in seen.printings if each.value), seen.printings[0])
    votes = f"{len(seen.pages)} of {draft.pages} pages, by {first.relation} with {_count(first.votes, 'vote')}"
    yield f"{_quote(seen.label)} = {_quote(mapped.field)}  # {votes}: {_cut(_examples(mapped), _LINE_CHARACTERS)}"


def _examples(mapped: Mapped) -> str:
    values = dict.fromkeys(printing.value for printing in mapped.seen.printings if printing.value)
    return " | ".join(_cut(value) for value in list(values)[:_EXAMPLES]) or "no value"


def _words(mapped: Mapped) -> str:
    counts = sorted(mapped.shape.slugs.items(), key=lambda item: -item[1])
    return _cut(", ".join(f"{word} ({count})" for word, count in counts), 100)


def _line(draft: Draft, key: str, value: str, doubts: Mapping[str, str] | None = None) -> Iterator[str]:
    doubt = (doubts or {}).get(key)
    if doubt:
        yield f"{_UNSURE}{_plain(doubt)}"
    yield f"{key} = {value}"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"


def _quote(text: str) -> str:
    """A TOML basic string; DEL is the one character that JSON lets stand and TOML does not."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cut(text: str, most: int = _EXAMPLE_CHARACTERS) -> str:
    plain = _plain(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _plain(text: str) -> str:
    """A text in one line, without what a comment may not hold or what turns its direction."""
    return " ".join("".join(" " if unicodedata.category(char) in ("Cc", "Cf") else char for char in text).split())


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
