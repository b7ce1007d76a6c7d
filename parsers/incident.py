"""An incident page to what it prints: every label is claimed, left over, or a reason to refuse the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ingest.extraction import SLUG_FIELDS, TEXT_FIELDS, Extraction, Observation, Refusal, is_absent
from ingest.labels import Pair, label_key, read_labels
from ingest.page import Node, Page, block_text
from ingest.sources import Source
from parsers.badge import badge_words
from parsers.claims import Claims, Setting, claim, is_proven, proving_labels
from parsers.entries import read_citations
from parsers.links import IncidentLinks, Links
from parsers.others import find_others
from parsers.outline import Outline
from parsers.refusals import diagnose, is_not_found, refuse
from parsers.tags import split_tags
from parsers.titles import find_titles, split_title
from parsers.unlabelled import Unlabelled


def read_incident(page: Page, root: Node, source: Source) -> Extraction | Refusal:
    """What the page prints of its incident, or why it is none."""
    outline, links = Outline(root), Links(page, source)
    incidents = IncidentLinks(outline, source, links, page.url)
    titles = find_titles(outline, source)
    title = titles[0] if titles else None
    setting = Setting(outline, title, incidents)
    claims = claim(read_labels([root], source.words)[0], source, setting)
    refusal = _refuse(page, root, titles, claims, incidents, source)
    if refusal is not None or title is None:
        return refusal or refuse("no_title", "The page has no heading of the first rank.")
    return _extract(root, title, setting, claims, source, links)


def _refuse(
    page: Page, root: Node, titles: Sequence[Node], claims: Claims, incidents: IncidentLinks, source: Source
) -> Refusal | None:
    heading = titles[0].whole_text() if titles else next((node.whole_text() for node in root.find("title", "h2")), "")
    if is_not_found(heading):
        return refuse("soft_404", f"The page says that it was not found, with status 200: {heading[:100]!r}.")
    shifted = find_shifted(((name, pair.value) for name, pair in claims.labels.items()), source)
    if shifted is not None:
        return shifted
    description = claims_text(claims, source, "description")
    if not is_proven(claims.labels, source) or is_absent(description):
        own = page.url is not None and source.incident_slug(page.url) is not None
        refusal = diagnose(root, heading, len(set(incidents.slugs)), claims, own)
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
    proving = proving_labels(source)
    if not is_proven(labels, source):
        printed = len(proving & labels.keys())
        return refuse(
            "partial_page", f"The page prints {printed} of {len(proving)} known labels; half of them prove it."
        )
    if is_absent(description):
        return refuse("partial_page", "The page prints no description.")
    return None


def find_shifted(values: Iterable[tuple[str, str]], source: Source) -> Refusal | None:
    """The refusal of a page on which a label's value is a known label."""
    for name, value in values:
        if label_key(value) in source.words:
            message = f"The value of {name} is {value!r}, which is a label: the values have shifted."
            return refuse("shifted_values", message, {"field": source.labels[name], "text": value})
    return None


def claims_text(claims: Claims, source: Source, field: str) -> str:
    """The text of a field as blocks and lines, "" where it is not printed."""
    for names, pairs in ((source.sections, claims.sections), (source.labels, claims.labels)):
        for name, pair in pairs.items():
            if names[name] == field:
                return block_text(pair.nodes)
    return ""


def _extract(root: Node, title: Node, setting: Setting, claims: Claims, source: Source, links: Links) -> Extraction:
    texts = {source.labels[name]: pair.value for name, pair in claims.labels.items()}
    values = {source.labels[name]: _items(pair, source.labels[name]) for name, pair in claims.labels.items()}
    for name, pair in claims.sections.items():
        texts[source.sections[name]] = block_text(pair.nodes)
    unlabelled = Unlabelled(title, setting, claims)
    texts["title"], badge = split_title(title, source)
    summary = None if "summary" in texts else unlabelled.summary()
    if summary is not None:
        texts["summary"] = summary.whole_text()
    if source.badge is not None and source.badge not in texts:
        badge = badge or unlabelled.badge(badge_words(source), summary)
        if badge is not None:
            texts[source.badge] = badge
    tags = values.pop("tags", ())
    texts.pop("tags", None)
    if source.chips is not None and not tags:
        tags = unlabelled.chips(source, links)
    sources = [pair for name, pair in claims.sections.items() if source.sections[name] == "citations"]
    texts.pop("citations", None)
    others = find_others(root, source, setting, claims)
    extra = join_extra((pair.label, pair.value) for pair in (*claims.leftovers, *others))
    return Extraction(
        texts=texts,
        values={field: items for field, items in values.items() if len(items) > 1},
        tags=tuple(dict.fromkeys(tags)),
        citations=read_citations(sources[0].nodes, links) if sources else (),
        raw={name: pair.value for name, pair in claims.labels.items()},
        extra=extra,
        observations=(*unknown_labels(extra), *missing_labels({*texts, *(["tags"] if tags else [])}, source)),
    )


def _items(pair: Pair, field: str) -> tuple[str, ...]:
    """A label's values: its items, or its lines where `<br>` parts them."""
    if len(pair.values) > 1 or field not in (*SLUG_FIELDS, *TEXT_FIELDS, "tags"):
        return pair.values
    lines = tuple(line for line in block_text(pair.nodes).split("\n") if line)
    return split_tags(lines[0]) if field == "tags" and len(lines) == 1 else lines


def join_extra(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Unclaimed labels and values; the values of a label that is printed twice are joined."""
    extra: dict[str, str] = {}
    for label, value in pairs:
        extra[label] = f"{extra[label]}; {value}" if label in extra else value
    return extra


def unknown_labels(extra: Mapping[str, str]) -> list[Observation]:
    """An observation for every label that the source's file does not name."""
    return [Observation("unknown_label", label, None) for label in extra]


def missing_labels(filled: Iterable[str], source: Source) -> list[Observation]:
    """An observation for every field that a floor wants on each page and that this page does not print."""
    wanted = [field for field, share in source.floors.fill.items() if share == 1]
    return [Observation("missing_label", field, None) for field in wanted if field not in set(filled)]
