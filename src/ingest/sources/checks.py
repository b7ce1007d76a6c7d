"""What a source's file must not say."""

from __future__ import annotations

import re

from ingest.extraction import LABEL_FIELDS, SECTION_FIELDS, SLUG_FIELDS, TEXT_FIELDS
from ingest.labels.pair import label_key
from ingest.sources.faults import fault
from ingest.sources.lines import read_template
from ingest.sources.source import Source

_HOST = re.compile(r"https\??://((?:[\w-]|\\?\.)+)(?=/)")
"""The host that a pattern names in plain letters."""


def check_source(source: Source) -> None:
    """Raises KeyFaultError for the first key that can't be used beside the others."""
    for check in (_check_pattern, _check_fields, _check_words, _check_values, _check_lines, _check_addresses):
        check(source)


def _check_pattern(source: Source) -> None:
    """incident_url names a slug, and matches neither nothing nor everything."""
    pattern = source.incident_url
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise fault(f"no regular expression: {error}", "incident_url") from error
    if "slug" not in compiled.groupindex:
        raise fault("the pattern has no group (?P<slug>...)", "incident_url")
    printed = _HOST.match(pattern)
    host = printed[1].replace("\\", "") if printed is not None else source.own_host
    if host != source.own_host and (host not in source.hosts or _bare(host) == _bare(source.own_host)):
        raise fault(f"the pattern matches nothing: no canonical URL of the site is on {host}", "incident_url")
    if source.trailing_slash == "drop" and pattern.endswith("/"):
        raise fault("the pattern matches nothing: canonical URLs end without a slash", "incident_url")
    for url in (source.home_url, *source.listings, *source.sitemaps, *source.feeds):
        if source.identify(url) is not None:
            raise fault(f"the pattern matches {url} too, which is no incident's", "incident_url")


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _check_fields(source: Source) -> None:
    used: dict[str, str] = {}
    for key, allowed in (("labels", LABEL_FIELDS), ("sections", SECTION_FIELDS)):
        for label, field in getattr(source, key).items():
            if field not in allowed:
                raise fault(f"there is no field {field!r} for it; known: {', '.join(allowed)}", key, label)
            if field in used:
                raise fault(f"{used[field]!r} fills {field} too; make one an alias of the other", key, label)
            used[field] = label
    if "description" not in used and source.lead != "description":
        raise fault("no section fills description, by which a page proves to be an incident's", "sections")
    if source.badge is not None and (source.badge not in SLUG_FIELDS or source.badge not in source.vocabularies):
        raise fault(f"{source.badge!r} has no vocabulary under vocabularies to know it by", "badge")
    for field in source.vocabularies:
        if field not in SLUG_FIELDS:
            raise fault(
                f"{field!r} is no field with a vocabulary; known: {', '.join(SLUG_FIELDS)}", "vocabularies", field
            )
    for field in source.floors.fill:
        if field not in (*used, source.badge, source.chips):
            raise fault(f"nothing in this file fills {field!r}", "floors", "fill", field)
    for field in source.floors.known:
        if field not in source.vocabularies:
            raise fault(f"{field!r} has no vocabulary under vocabularies", "floors", "known", field)
    for number, correction in enumerate(source.corrections):
        if correction.field not in (*LABEL_FIELDS, "citations") or correction.field in ("summary", "tags"):
            raise fault(f"{correction.field!r} is no field that can be corrected", "corrections", str(number), "field")


def _check_words(source: Source) -> None:
    seen: dict[str, str] = {}
    for key in ("labels", "sections", "aliases", "extra", "roles", "ignore"):
        for label in getattr(source, key):
            word = label_key(label)
            if not word:
                raise fault(f"{label!r} has no word that a page could print", key, label)
            if word in seen:
                raise fault(f"{label!r} and {seen[word]!r} are one label to the reader", key, label)
            seen[word] = label
    for name in source.optional:
        if name not in source.labels:
            raise fault(f"{name!r} is no label of this file", "optional")
    for alias, name in source.aliases.items():
        if name not in (*source.labels, *source.sections, *source.extra, *source.roles):
            raise fault(f"{name!r} is no label or section of this file", "aliases", alias)


def _check_values(source: Source) -> None:
    """What takes values apart belongs to a label, and leads to a field that can hold the parts."""
    for label, roles in source.roles.items():
        for role, field in roles.items():
            if field not in (*TEXT_FIELDS, "extra"):
                raise fault(
                    f"a party can't fill {field!r}; known: {', '.join(TEXT_FIELDS)}, extra", "roles", label, role
                )
        if not set(roles.values()) - {"extra"}:
            raise fault("none of its roles fills a field; write it under extra", "roles", label)
    for label, separator in source.separators.items():
        if source.labels.get(label) not in (*SLUG_FIELDS, *TEXT_FIELDS, "tags"):
            raise fault(f"{label!r} is no label here of a field with several values", "separators", label)
        if any(map(str.isalnum, separator)):
            raise fault(f"{separator!r} would part the words of a value", "separators", label)


def _check_lines(source: Source) -> None:
    for number, template in enumerate(source.lines):
        try:
            line = read_template(template, source.line_name)
        except ValueError as error:
            raise fault(f"{template!r} can't be used: {error}", "lines", str(number)) from error
        if line.label is not None and label_key(line.label) in source.record_words | source.ignored:
            raise fault(f"{template!r} begins with {line.label!r}, a label of this file", "lines", str(number))


def _check_addresses(source: Source) -> None:
    """Every address is the site's own, and there is a place to begin."""
    if not source.in_scope(source.home_url):
        raise fault(f"the host of home_url, {source.home_url}, is not among them", "hosts")
    if not source.listings and not source.sitemaps:
        raise fault("neither a listing nor a sitemap is named", "listings")
    for key in ("listings", "sitemaps", "feeds"):
        for url in getattr(source, key):
            if not source.in_scope(url):
                raise fault(f"{url} is on a host that is not among hosts", key)
