"""Where a site's incidents are: its host, the pattern of their URLs, and where they are listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from ingest.onboarding.examples import NOWHERE, Example, OnboardingError
from ingest.sources.urls import TrailingSlash, normalize_url
from parsers.links import find_links

_PLAIN, _GENERIC, _ANYTHING = "[A-Za-z0-9][A-Za-z0-9_~-]*", "[A-Za-z0-9][A-Za-z0-9_.~-]*", "[^/?#]+"
"""What a slug may be made of. At a site's top the narrowest: without a dot, a file such as sitemap.xml is none."""
_ENOUGH_FOR_FORM = 3
"""Slugs that must be of one make before the pattern asks for it."""
_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_RUNS = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]+")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a source's file says of the site's addresses; doubts by key of the file."""

    home_url: str
    hosts: tuple[str, ...]
    incident_url: str
    trailing_slash: TrailingSlash
    listings: tuple[str, ...]
    sitemaps: tuple[str, ...]
    feeds: tuple[str, ...]
    doubts: Mapping[str, str]


def guess_addresses(examples: Sequence[Example]) -> Addresses:
    """From the pages' own URLs and links. Raises OnboardingError for pages of several sites, or one page twice."""
    urls = [_normal(example) for example in examples]
    _refuse_twins(urls, examples)
    origin, hosts = _find_origin(urls, examples)
    slash: TrailingSlash = "add" if all(urlsplit(url).path.endswith("/") for url in urls) else "drop"
    doubts: dict[str, str] = {}
    pattern, folder, doubt = _guess_pattern(urls)
    if not all(example.told for example in examples):
        where = "no page says its address" if origin + "/" == NOWHERE else "the addresses are made of the files' names"
        doubts |= {"home_url": where} if origin + "/" == NOWHERE else {}
        doubt = where
    elif not folder:
        doubt = "every page at the site's top would be one"
    elif len(urls) == 1:
        doubt = doubt or "from one URL"
    if doubt:
        doubts["incident_url"] = doubt
    listing, linked = _find_listing(origin, folder, examples)
    if not linked:
        doubts["listings"] = "no example links to it"
    scheme = "https?" if origin.startswith("https") else "http"
    incident_url = f"{scheme}://{_escape(hosts[0])}{pattern}"
    listed = _without_incidents([listing, f"{origin}/"], incident_url, slash)
    sitemaps = _without_incidents([f"{origin}/sitemap.xml"], incident_url, slash)
    feeds = _without_incidents(_find_feeds(origin, examples), incident_url, slash)
    return Addresses(f"{origin}/", hosts, incident_url, slash, listed[:1], sitemaps, feeds, doubts)


def _without_incidents(urls: Sequence[str], pattern: str, slash: TrailingSlash) -> tuple[str, ...]:
    """The addresses that the pattern does not take for an incident's."""
    return tuple(url for url in urls if re.fullmatch(pattern, normalize_url(url, slash)) is None)


def _normal(example: Example) -> str:
    try:
        return normalize_url(example.url)
    except ValueError as error:
        raise OnboardingError(f"{example.name} says that its address is {error}.") from error


def _refuse_twins(urls: Sequence[str], examples: Sequence[Example]) -> None:
    first: dict[str, Example] = {}
    for url, example in zip(urls, examples, strict=True):
        twin = first.setdefault(url, example)
        if twin is not example:
            raise OnboardingError(
                f"{twin.name} and {example.name} both say that they are {url}; give each page once, "
                "and pages of incidents, not of their listing."
            )


def _find_origin(urls: Sequence[str], examples: Sequence[Example]) -> tuple[str, tuple[str, ...]]:
    by_site: dict[str, list[Example]] = {}
    for url, example in zip(urls, examples, strict=True):
        by_site.setdefault(urlsplit(url).netloc.removeprefix("www."), []).append(example)
    if len(by_site) > 1:
        sites = "; ".join(f"{site}: {each[0].name}" for site, each in by_site.items())
        raise OnboardingError(f"The pages are of different sites ({sites}); a source is one site.")
    hosts = Counter(urlsplit(url).netloc for url in urls)
    host = hosts.most_common(1)[0][0]
    scheme = "https" if any(url.startswith("https:") for url in urls) else "http"
    named = any(part.isalpha() for part in host.rsplit(".", 1)[-1:])
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return f"{scheme}://{host}", (host, twin) if named and not host.endswith(".invalid") else (host,)


def _guess_pattern(urls: Sequence[str]) -> tuple[str, str, str | None]:
    """The pattern behind the host, the path of the folder above what differs, and what is doubtful."""
    parts = [urlsplit(url) for url in urls]
    paths = [part.path.strip("/").split("/") for part in parts]
    if len({len(path) for path in paths}) > 1:
        long, short = max(urls, key=lambda url: url.count("/")), min(urls, key=lambda url: url.count("/"))
        raise OnboardingError(
            f"{short} and {long} stand at different depths, so no pattern covers both; give pages of one kind."
        )
    queries = [part.query for part in parts]
    if any(queries):
        return _query_pattern(parts[0].path, queries)
    places = [place for place in range(len(paths[0])) if len({path[place] for path in paths}) > 1]
    last = places[-1] if places else len(paths[0]) - 1
    slugs = [path[last] for path in paths]
    folder = "/".join(paths[0][: places[0] if places else last])
    slash = "/" if parts[0].path.endswith("/") else ""
    if len(set(slugs)) < len(slugs):
        inner = "/".join([_ANYTHING] * (last - places[0] + 1))
        before, after = paths[0][: places[0]], paths[0][last + 1 :]
        return _join([*before, f"(?P<slug>{inner})", *after], before, after) + slash, folder, "the slug spans folders"
    pieces = []
    for place, text in enumerate(paths[0]):
        if place == last:
            pieces.append(_slug_pattern(slugs, at_top=last == 0))
        elif place in places:
            pieces.append(_form([path[place] for path in paths]) or _ANYTHING)
        else:
            pieces.append(_escape(text))
    return f"/{'/'.join(pieces)}{slash}", folder, "two parts of the URLs differ" if len(places) > 1 else None


def _join(pieces: Sequence[str], before: Sequence[str], after: Sequence[str]) -> str:
    escaped = [_escape(piece) if piece in (*before, *after) else piece for piece in pieces]
    return f"/{'/'.join(escaped)}"


def _query_pattern(path: str, queries: Sequence[str]) -> tuple[str, str, str | None]:
    """The pattern of pages that a query tells apart: the parameter that differs is the slug."""
    pairs = [parse_qsl(query, keep_blank_values=True) for query in queries]
    names = [name for name, _ in pairs[0]]
    if any([name for name, _ in each] != names for each in pairs):
        raise OnboardingError(f"The pages' queries differ in more than a value: {queries[0]!r} and {queries[-1]!r}.")
    places = [place for place in range(len(names)) if len({each[place][1] for each in pairs}) > 1] or [len(names) - 1]
    pieces = [
        f"{_escape(name)}={_slug_pattern([each[place][1] for each in pairs]) if place == places[-1] else '[^&]*'}"
        for place, name in enumerate(names)
    ]
    return rf"{_escape(path)}\?{'&'.join(pieces)}", path.strip("/").rpartition("/")[0], None


def _slug_pattern(slugs: Sequence[str], *, at_top: bool = False) -> str:
    """The group `slug`, and an ending such as `.html` behind it."""
    endings = {found[0] if (found := _ENDING.search(slug)) else "" for slug in slugs}
    ending = endings.pop() if len(endings) == 1 else ""
    bare = [slug[: len(slug) - len(ending)] for slug in slugs]
    kinds = (_PLAIN, _GENERIC, _ANYTHING) if at_top else (_GENERIC, _ANYTHING)
    form = _form(bare) or next(each for each in kinds if all(re.fullmatch(each, slug) for slug in bare))
    return f"(?P<slug>{form}){_escape(ending)}"


def _escape(text: str) -> str:
    """As re.escape, but a dash and what else means nothing outside brackets stays readable."""
    return re.sub(r"([.^$*+?{}\\[\]|()])", r"\\\1", text)


def _form(texts: Sequence[str]) -> str | None:
    """What texts of one make share: `[0-9]+`, or `RUSTSEC-[0-9]+-[0-9]+`; None where they are free words."""
    if all(re.fullmatch("[0-9]+", text) for text in texts):
        return "[0-9]+"
    runs = [_RUNS.findall(text) for text in texts]
    if len(texts) < _ENOUGH_FOR_FORM or len({len(each) for each in runs}) > 1:
        return None
    pieces = []
    for column in zip(*runs, strict=True):
        if all(run.isdigit() for run in column):
            pieces.append("[0-9]+")
        elif len(set(column)) == 1:
            pieces.append(_escape(column[0]))
        else:
            return None
    return "".join(pieces)


def _find_listing(origin: str, folder: str, examples: Sequence[Example]) -> tuple[str, bool]:
    """The nearest folder above the incidents to which an example links, and whether one does."""
    linked = {_plain(url): url for example in examples for url in _own_links(origin, example)}
    parts = [part for part in folder.split("/") if part]
    above = [f"{origin}/{'/'.join(parts[:length])}" for length in range(len(parts), 0, -1)]
    for url in above:
        if _plain(url) in linked:
            return linked[_plain(url)].partition("#")[0], True
    return (above[0] if above else f"{origin}/"), False


def _plain(url: str) -> str:
    return normalize_url(url, "drop").partition("://")[2].removeprefix("www.").partition("?")[0]


def _own_links(origin: str, example: Example) -> Iterator[str]:
    own = urlsplit(origin).netloc.removeprefix("www.")
    for link in find_links(example.root):
        try:
            url = urljoin(example.url, link.attributes["href"])
            if urlsplit(url).netloc.removeprefix("www.") == own and urlsplit(url).scheme in ("http", "https"):
                normalize_url(url)
                yield url
        except ValueError:  # a link that is no address
            continue


def _find_feeds(origin: str, examples: Sequence[Example]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in examples[0].root.find("link"):
        kind = node.attributes.get("type", "").strip().lower()
        if kind in _FEED_TYPES and node.attributes.get("href"):
            url = urljoin(examples[0].url, node.attributes["href"].strip())
            if url.startswith(f"{origin}/"):
                found.setdefault(url)
    return tuple(found)
