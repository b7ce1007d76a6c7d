"""One site: its addresses, and which label and section fill which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.dates import DateOrder
from ingest.extraction import LINE_FIELDS
from ingest.labels.pair import label_key
from ingest.page import fold
from ingest.sources.lines import Line, read_template
from ingest.sources.urls import TrailingSlash, normalize_url

WebUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
SlugWord = Annotated[str, StringConstraints(pattern=r"^[^\W_]+(_[^\W_]+)*$")]
Share = Annotated[float, Field(ge=0, le=1)]


OWN_KEYS = frozenset({"name", "file_sha256", "mirror_origin"})
"""What a source has of the program and not of its file."""

_MAX_IDENTITIES = 2_000
_MAX_ORIGINS = 1_000
_ORIGIN = re.compile(r"[^/?#]*//[^/?#]*")


class Correction(BaseModel):
    """A misprint of the site: where a field prints this text, the record is made from the right one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    """A field of the record, or `citations` for the date of a source."""
    printed: Text
    """The text as the site prints it."""
    right: str
    """The text that the record is made from; empty where the site should print nothing."""


class Floors(BaseModel):
    """Below which a run or a page counts as damaged; a share is from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listing: Share = 0.7
    """The share of the source's last complete listing that a listing must name."""
    listing_count: int | None = Field(default=None, ge=0)
    """How many incidents a listing must name at least."""
    read: Share | None = None
    """The share of pages that must be readable."""
    fill: Mapping[str, Share] = Field(default_factory=dict)
    """Field -> the share of incidents of which it is filled. With 1 it is missed on every page that lacks it."""
    known: Mapping[str, Share] = Field(default_factory=dict)
    """Field -> the share of its values that are in its vocabulary."""


class Source(BaseModel):
    """One site. `name` is the name of its file, and what comes before the colon in an incident's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """The name of the file without its ending."""
    file_sha256: str
    """The hash of the file."""
    mirror_origin: str | None = None
    """Scheme and host of a mirror whose links stand for the site's own; it is a run's, not the file's."""
    version: Annotated[int, Field(ge=1, strict=True)]
    """The number before the hyphen of `parser_version`; raise it to say that the file means something else now."""
    title: Text
    """The site's name for people."""
    home_url: WebUrl
    """The address at which the site begins."""
    hosts: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9.:\[\]-]+$")], ...] = ()
    """Hosts in scope; the site's own comes first, and its twin with or without `www.` is the same host."""
    incident_url: str
    """A regular expression that a canonical incident URL matches as a whole; its group `slug` names the incident."""
    trailing_slash: TrailingSlash = "drop"
    """How a canonical URL ends: without a slash, with one, or as it is linked."""
    listings: tuple[WebUrl, ...] = ()
    """Pages that list incidents; their next pages are followed. A file names a listing or a sitemap at least."""
    sitemaps: tuple[WebUrl, ...] = ()
    """Sitemaps that list incidents, or indexes of such."""
    feeds: tuple[WebUrl, ...] = ()
    """Feeds that name further incidents; never the whole list."""
    next_words: tuple[Text, ...] = ("next", "next page", "older", "older posts", "»", "›", ">", "→")
    """What the link to a listing's next page says, in any case."""
    delay_seconds: Annotated[float, Field(ge=0)] = 1.0
    """From the start of one request to the start of the next."""
    concurrency: Annotated[int, Field(ge=1, le=64)] = 1
    """Requests under way at once."""
    licence: Text | None = None
    """The licence of the site's content; it is carried into what is published."""
    terms_url: WebUrl | None = None
    """Where the site states its terms."""
    attribution: Text | None = None
    """How the site wants to be named."""
    date_order: DateOrder | None = None
    """What `01/02/2024` means on the site; without it, such a date can't be read."""
    badge: str | None = None
    """The field that the page prints as a word of its vocabulary without a label."""
    chips: Literal["tags"] | None = None
    """The field that the page prints as a run of short texts without a label."""
    labels: Mapping[Text, str]
    """Short labels as the page prints them, in any case -> the field that each fills."""
    sections: Mapping[Text, str] = Field(default_factory=dict)
    """Headings of long texts, and of the list of sources -> the field that each fills."""
    aliases: Mapping[Text, str] = Field(default_factory=dict)
    """Other printings of a label or section -> its name above."""
    optional: tuple[Text, ...] = ()
    """Labels that an incident's page may do without: by the others a page proves to be an incident's."""
    extra: tuple[Text, ...] = ()
    """Labels that are known and fill no field: they stand in `extra`, and are no drift."""
    roles: Mapping[Text, Mapping[Text, str]] = Field(default_factory=dict)
    """Labels that print parties with their roles, `Acme (developer, deployer)`: role -> the field that the party fills,
    or `extra`. The label's value stands in `extra` whole."""
    separators: Mapping[Text, Text] = Field(default_factory=dict)
    """Labels whose value holds several values -> what stands between them, where it is no semicolon."""
    ignore: tuple[Text, ...] = ()
    """Labels that are no part of the record."""
    lead: Literal["summary", "description", "none"] = "summary"
    """What the paragraph under the title fills where no label does."""
    lines: tuple[Text, ...] = ()
    """Lines that the site prints in one way, with a field or a name of `extra` in braces: `Incident {}: {title}`."""
    vocabularies: Mapping[str, tuple[SlugWord, ...]] = Field(default_factory=dict)
    """Field -> its words as the record has them. Another word is kept, and is drift."""
    corrections: tuple[Correction, ...] = ()
    """Misprints of the site; see below."""
    floors: Floors = Floors()
    """Below which a run or a page counts as damaged; see below."""

    @cached_property
    def origin(self) -> str:
        """Scheme and host of the site."""
        parts = urlsplit(self.home_url)
        return f"{parts.scheme}://{parts.netloc}"

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields without which a page is no incident's, and those that the file says every page fills."""
        return frozenset({"title", "description", *(name for name, share in self.floors.fill.items() if share == 1)})

    @cached_property
    def label_names(self) -> Mapping[str, str]:
        """How a printed label compares -> the file's name for it, for short labels."""
        return self._names(self.labels)

    @cached_property
    def section_names(self) -> Mapping[str, str]:
        """The same for long sections."""
        return self._names(self.sections)

    @cached_property
    def extra_names(self) -> Mapping[str, str]:
        """The same for the labels under `extra` and `roles`."""
        return self._names((*self.extra, *self.roles))

    @cached_property
    def proving_labels(self) -> frozenset[str]:
        """The labels by which a page proves to be an incident's: all but those of what it may do without."""
        spare = (self.badge, self.chips)
        return frozenset(name for name, field in self.labels.items() if field not in spare) - frozenset(self.optional)

    @cached_property
    def claiming(self) -> frozenset[str]:
        """The file's names of the labels that fill a field."""
        return frozenset(self.labels) | frozenset(self.roles)

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Every label under `ignore` as it compares."""
        return frozenset(map(label_key, self.ignore))

    @cached_property
    def line_templates(self) -> tuple[Line, ...]:
        """The templates of `lines`. Raises ValueError for one that can't be used."""
        return tuple(read_template(template, self.line_name) for template in self.lines)

    def line_name(self, name: str) -> str | None:
        """The field or the name under `extra` that a template means; None for neither."""
        return name if name in LINE_FIELDS else self.extra_names.get(label_key(name))

    @cached_property
    def line_anchors(self) -> re.Pattern[str]:
        """A word of each worded part of a line that is no title; text without one is no line's."""
        lines = (line for line in self.line_templates if "title" not in line.names)
        words = sorted({re.escape(word) for line in lines for word in line.anchors})
        return re.compile("|".join(words) or "(?!)", re.IGNORECASE)

    @cached_property
    def line_labels(self) -> frozenset[str]:
        """The labels that lines begin with, as they compare."""
        return frozenset(label_key(line.label) for line in self.line_templates if line.label is not None)

    @cached_property
    def record_words(self) -> frozenset[str]:
        """Every label, section and alias that fills a field, as it compares."""
        return frozenset(self.label_names) | frozenset(self.section_names)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every label that the file knows, as it compares."""
        return self.record_words | frozenset(self.extra_names) | self.ignored | self.line_labels

    def _names(self, names: Iterable[str]) -> Mapping[str, str]:
        own = {label_key(name): name for name in names}
        return own | {label_key(alias): name for alias, name in self.aliases.items() if name in own.values()}

    @cached_property
    def _incident_url(self) -> re.Pattern[str]:
        return re.compile(self.incident_url)

    @cached_property
    def own_host(self) -> str:
        """The host of the site's canonical URLs."""
        return urlsplit(normalize_url(self.home_url)).netloc

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(self.hosts) or frozenset({self.own_host})

    def own_url(self, url: str) -> str:
        """The site's own URL for one of its mirror; any other URL as it is."""
        mirror = self.mirror_origin
        if mirror is None or not url.startswith(mirror):
            return url
        rest = url[len(mirror) :]
        return self.origin + rest if rest[:1] in ("", "/", "?", "#") else url

    def canonical_url(self, url: str) -> str:
        """One spelling for a page of the site, by normalize_url and the file's trailing_slash.

        The twin of the site's host with or without `www.` becomes that host. Raises ValueError for what is no http or
        https URL.
        """
        canonical = normalize_url(self.own_url(url), self.trailing_slash)
        scheme, _, rest = canonical.partition("://")
        host, slash, path = rest.partition("/")
        if host in self._hosts and host.removeprefix("www.") == self.own_host.removeprefix("www."):
            host = self.own_host
        return f"{scheme}://{host}{slash}{path}"

    def in_scope(self, url: str) -> bool:
        """Whether a URL is on one of the source's hosts, over http or https."""
        origin = _ORIGIN.match(url)
        if origin is None:
            return False
        key = (self.mirror_origin, origin[0])
        if key not in self._scopes:
            if len(self._scopes) >= _MAX_ORIGINS:
                self._scopes.clear()
            self._scopes[key] = self._is_own(origin[0])
        return self._scopes[key]

    @cached_property
    def _scopes(self) -> dict[tuple[str | None, str], bool]:
        """What in_scope has found, by origin. A copy with another mirror shares it."""
        return {}

    def _is_own(self, origin: str) -> bool:
        try:
            return urlsplit(self.canonical_url(origin)).netloc in self._hosts
        except ValueError:
            return False

    def incident_slug(self, url: str) -> str | None:
        """The slug of an incident's URL; None for every other URL."""
        identity = self.identify(url)
        return identity and identity[0].partition(":")[2]

    def identify(self, url: str) -> tuple[str, str] | None:
        """An incident's id (`<source>:<slug>`) and canonical URL; None for a URL that is no incident's."""
        key = (self.mirror_origin, url)
        if key not in self._identities:
            if len(self._identities) >= _MAX_IDENTITIES:
                self._identities.clear()
            self._identities[key] = self._identify(url)
        return self._identities[key]

    @cached_property
    def _identities(self) -> dict[tuple[str | None, str], tuple[str, str] | None]:
        """What identify has found: the pages of a site share their menus. A copy with another mirror shares it too."""
        return {}

    def _identify(self, url: str) -> tuple[str, str] | None:
        try:
            canonical = self.canonical_url(url)
        except ValueError:
            return None
        if canonical.split("/", 3)[2] not in self._hosts:
            return None
        match = self._incident_url.fullmatch(canonical)
        return (f"{self.name}:{match['slug']}", canonical) if match and match["slug"] else None

    def correct(self, field: str, printed: str) -> str:
        """The text that a field's record is made from."""
        return self._corrections.get((field, fold(printed)), printed) if self.corrections else printed

    @cached_property
    def _corrections(self) -> Mapping[tuple[str, str], str]:
        return {(each.field, fold(each.printed)): each.right for each in self.corrections}
