"""An incident page to what it prints: every label is claimed, left over, or a reason to refuse the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.extraction import (
    SLUG_FIELDS,
    TEXT_FIELDS,
    Extraction,
    Refusal,
)
from ingest.labels import Pair, folded_key, read_labels
from ingest.page import TEXT, Node, Page, block_text
from ingest.sources import Source
from ingest.words import VALUE_SEPARATOR, is_absent
from parsers.badge import badge_words
from parsers.claims import Claims, Setting, claim, count_proving, is_proven
from parsers.entries import read_citations
from parsers.fill import (
    fill_in,
    join_extra,
    line_witnesses,
    merge_extra,
    missing_labels,
    renamed_labels,
    unknown_labels,
)
from parsers.lines import PrintedLines, find_lines, read_title, without
from parsers.links import IncidentLinks, Links
from parsers.others import find_others
from parsers.outline import Outline
from parsers.refusals import diagnose, is_not_found, refuse
from parsers.roles import hear_roles
from parsers.tags import split_tags, split_values
from parsers.testimony import hear_page, hear_times
from parsers.titles import find_titles, split_title
from parsers.unlabelled import Unlabelled

_WITH_LINES: Final = frozenset({*SLUG_FIELDS, *TEXT_FIELDS, "tags"})
"""Fields of which each line may be a value."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a page holds: the headings that may be its title, what is claimed of it, and what has no label.

    texts are the long sections by field.
    """

    root: Node
    titles: Sequence[Node]
    setting: Setting
    claims: Claims
    lines: PrintedLines
    unlabelled: Unlabelled | None
    texts: Mapping[str, str]


def read_incident(page: Page, root: Node, source: Source) -> Extraction | Refusal:
    """What the page prints of its incident, or why it is none."""
    outline, links = Outline(root), Links(page, source)
    incidents = IncidentLinks(outline, source, links, page.url)
    titles = find_titles(outline, source)
    setting = Setting(outline, titles[0] if titles else None, incidents)
    claims = claim(read_labels([root], source.words)[0], source, setting)
    lines = find_lines(source, setting, claims)
    unlabelled = Unlabelled(setting.title, setting, claims, lines.nodes) if setting.title is not None else None
    texts = _section_texts(claims, lines, unlabelled, source)
    parts = _Parts(root, titles, setting, claims, lines, unlabelled, texts)
    refusal = _refuse(page, parts, source)
    if refusal is not None or unlabelled is None or setting.title is None:
        return refusal or refuse("no_title", "The page has no heading of the first rank.")
    return _extract(page, parts, setting.title, unlabelled, source, links)


def _section_texts(
    claims: Claims, lines: PrintedLines, unlabelled: Unlabelled | None, source: Source
) -> Mapping[str, str]:
    """The texts of the sections as blocks and lines, by field; for the description it may be the lead."""
    texts = {
        field: text
        for name, pair in claims.sections.items()
        if (field := source.sections[name]) != "citations" and (text := block_text(without(pair.nodes, lines.nodes)))
    }
    if source.lead == "description" and "description" not in texts and unlabelled is not None:
        texts["description"] = block_text(unlabelled.lead_blocks())
    return texts


def _refuse(page: Page, parts: _Parts, source: Source) -> Refusal | None:
    titles, claims, root = parts.titles, parts.claims, parts.root
    heading = titles[0].whole_text() if titles else next((node.whole_text() for node in root.find("title", "h2")), "")
    if is_not_found(heading):
        return refuse("soft_404", f"The page says that it was not found, with status 200: {heading[:100]!r}.")
    shifted = find_shifted(((name, pair.value) for name, pair in claims.labels.items()), claims.printed_keys(), source)
    if shifted is not None:
        return shifted
    description = parts.texts.get("description", "")
    if not is_proven(claims.labels, source) or is_absent(description):
        own = page.url is not None and source.incident_slug(page.url) is not None
        refusal = diagnose(root, heading, len(set(parts.setting.incidents.slugs)), claims, own)
        if refusal is not None:
            return refusal
    if not titles:
        return refuse("no_title", "The page has no heading of the first rank.")
    if len(titles) > 1:
        texts = " / ".join(each.whole_text()[:80] for each in titles[:4])
        return refuse("several_titles", f"The page has {len(titles)} different titles: {texts}.")
    return refuse_partial(claims.labels, description, source)


def refuse_partial(labels: Mapping[str, object], description: str, source: Source) -> Refusal | None:
    """The refusal of a page that prints too few of the source's labels, or no description."""
    if not is_proven(labels, source):
        printed, known = count_proving(labels, source), len(source.proving_labels)
        return refuse("partial_page", f"The page prints {printed} of {known} known labels; half of them prove it.")
    if is_absent(description):
        return refuse("partial_page", "The page prints no description.")
    return None


def find_shifted(values: Iterable[tuple[str, str]], printed: Collection[str], source: Source) -> Refusal | None:
    """The refusal of a page on which a label's value is a known label.

    values: the file's names of labels, and their values, white space folded. printed: the labels of the page as they
    compare. One that fills no field may be a value beside them: `Technology`.
    """
    words, record_words = source.words, source.record_words
    for name, value in values:
        key = folded_key(value)
        if key in record_words or (key in words and key not in printed):
            message = f"The value of {name} is {value!r}, which is a label: the values have shifted."
            return refuse("shifted_values", message, {"field": source.labels[name], "text": value})
    return None


def _extract(
    page: Page, parts: _Parts, title: Node, unlabelled: Unlabelled, source: Source, links: Links
) -> Extraction:
    claims, lines = parts.claims, parts.lines
    texts = {source.labels[name]: pair.value for name, pair in claims.labels.items()}
    values = {source.labels[name]: _items(name, pair, source) for name, pair in claims.labels.items()}
    texts |= parts.texts
    printed_title, badge = split_title(title, source)
    titled, unread = read_title(printed_title, source)
    said = {**titled, **lines.texts}
    texts["title"] = said.pop("title")
    lead = unlabelled.lead()
    if source.lead == "summary" and "summary" not in texts and lead is not None:
        texts["summary"] = lead.whole_text()
    kept = tuple(_kept(parts, source))
    roles, strange = hear_roles(((name, pair.values) for name, pair in kept), source)
    others = [*parts.lines.extra.items(), *((name, _joined(pair)) for name, pair in kept)]
    extra, said_twice = merge_extra(join_extra(others), said, source)
    witnesses = fill_in(texts, (*roles, *line_witnesses(said)))
    if source.badge is not None and source.badge not in texts:
        badge = badge or unlabelled.badge(badge_words(source), lead)
        if badge is not None:
            texts[source.badge] = badge
    tags = values.pop("tags", ()) or split_tags(texts.get("tags", ""))
    texts.pop("tags", None)
    if source.chips is not None and not tags:
        tags = unlabelled.chips(source, links)
    sources = [pair for name, pair in claims.sections.items() if source.sections[name] == "citations"]
    filled = {*texts, *(["tags"] if tags else []), *(["citations"] if sources else [])}
    return Extraction(
        texts=texts,
        values={field: items for field, items in values.items() if len(items) > 1},
        tags=tuple(dict.fromkeys(tags)),
        citations=read_citations(without(sources[0].nodes, lines.nodes), links) if sources else (),
        raw={name: pair.value for name, pair in (*claims.labels.items(), *kept) if name in source.claiming}
        | dict(lines.raw),
        extra=extra,
        observations=(
            *(*unread, *lines.observations, *strange, *said_twice, *unknown_labels(extra, source)),
            *renamed_labels((name, pair.label) for name, pair in (*claims.labels.items(), *claims.sections.items())),
            *missing_labels(filled, source),
        ),
        witnesses=(
            *witnesses,
            *hear_times(claims.labels.items(), source),
            *hear_page(page, parts.setting.outline, texts, source),
        ),
    )


def _kept(parts: _Parts, source: Source) -> Iterator[tuple[str, Pair]]:
    """The labels that fill no field, by the file's names where it has one."""
    for pair in (*parts.claims.leftovers, *find_others(parts.root, source, parts.setting, parts.claims)):
        yield source.extra_names.get(pair.key, pair.label), pair


def _joined(pair: Pair) -> str:
    """The value of a label that fills no field; several values are joined as the record's are."""
    return VALUE_SEPARATOR.join(pair.values) if len(pair.values) > 1 else pair.value


def _items(name: str, pair: Pair, source: Source) -> tuple[str, ...]:
    """A label's values: its items, or its lines where `<br>` parts them, or what the file's separator parts."""
    field = source.labels[name]
    if len(pair.values) > 1 or field not in _WITH_LINES:
        return pair.values
    whole = _is_one_text(pair.nodes)
    lines = pair.values if whole else tuple(line for line in block_text(pair.nodes).split("\n") if line)
    if name in source.separators:
        return split_values(lines, source.separators[name])
    return split_tags(lines[0]) if field == "tags" and len(lines) == 1 else lines


def _is_one_text(nodes: Sequence[Node]) -> bool:
    """Whether nothing but one text stands there, which has no line end."""
    while len(nodes) == 1 and nodes[0].tag not in (TEXT, "pre", "br"):
        nodes = nodes[0].children
    return len(nodes) == 1 and nodes[0].tag == TEXT
