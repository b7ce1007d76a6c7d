"""Both markups are well-formed and print every word of an incident once over."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from types import ModuleType
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sample import divs, groups
from ingest.sample.editions import Edition, editions
from ingest.sample.facts import Block, Entry, PrintedSource
from ingest.sample.markup import LISTED, write_challenge, write_notice, write_pages, write_robots, write_sitemap

VOID = {"meta", "link", "path", "input", "br"}
MARKUPS = [divs, groups]
ORIGIN = "http://127.0.0.1:8000"


class Reader(HTMLParser):
    """Collects texts and links, and fails where a tag closes that is not the last one opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.comments = 0
        self.tags: dict[str, int] = {}
        self.links: list[dict[str, str | None]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        if tag in ("a", "link"):
            self.links.append(dict(attributes))
        assert len({name for name, _ in attributes}) == len(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, _: str) -> None:
        self.comments += 1

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).replace("\u00a0", " ").split())


def words(entry: Entry) -> Iterator[str]:
    """Every text of an incident that its page has to print."""
    yield from (entry.title, entry.summary, entry.severity, *entry.tags)
    for label, values in entry.labels:
        yield from (label, *values)
    for heading, blocks in entry.sections:
        yield heading
        yield from (line for block in blocks for line in block.lines)
    for source in entry.sources:
        yield from (source.title, *source.line)


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: f"edition-{edition.number}")
def test_every_page_is_well_formed_and_says_all_that_it_has_to_say(edition: Edition) -> None:
    pages = write_pages(edition)
    for entry in edition.entries:
        reader = Reader(pages[f"/incidents/{entry.slug}"])
        assert [text for text in words(entry) if text not in reader.text] == []
        assert reader.tags["h1"] == reader.tags["form"] == 1
        assert {link["href"] for link in reader.links} >= {source.url for source in entry.sources if source.url}
    for path in pages.keys() - {f"/incidents/{entry.slug}" for entry in edition.entries}:
        assert Reader(pages[path]).tags["h1"] == 1


def test_a_redesign_keeps_the_words_and_changes_every_page() -> None:
    _, before, after = editions()
    old, new = write_pages(before), write_pages(after)
    same = {entry.slug for entry in before.entries} & {entry.slug for entry in after.entries if entry in before.entries}
    assert len(same) == 21
    for slug in same:
        assert old[f"/incidents/{slug}"] != new[f"/incidents/{slug}"]
    first, second = Reader(old["/incidents"]), Reader(new["/incidents"])
    assert "dl" in second.tags
    assert "dl" not in first.tags


def test_the_first_markup_has_icons_and_comment_nodes_and_the_second_has_accordions() -> None:
    entry = editions()[0].entries[0]
    first, second = (Reader(markup.write_incident(entry, ())) for markup in MARKUPS)
    assert first.tags["svg"] > 12
    assert first.comments > 24
    assert second.tags["details"] == len(entry.sections)
    assert second.tags["dl"] == 4


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_form_and_the_cards_repeat_labels_and_values(markup: ModuleType) -> None:
    entry, *others = editions()[0].entries[:3]
    page = Reader(markup.write_incident(entry, others))
    assert page.texts.count("Category") + page.texts.count("Category ") == 4
    assert page.tags["option"] > 40
    for other in others:
        assert other.title in page.text


def test_the_listing_names_every_incident_once_over_its_pages() -> None:
    for edition in editions():
        pages, path, named = write_pages(edition), "/incidents", list[str]()
        seen = []
        while path:
            assert path not in seen
            seen.append(path)
            links = [link for link in Reader(pages[path]).links if link.get("rel") != "canonical"]
            named += [link["href"] or "" for link in links if (link["href"] or "").startswith("/incidents/")]
            following = {link["href"] for link in links if "next" in (link.get("rel"), link.get("class"))}
            assert len(following) <= 1
            path = next(iter(following), None) or ""
        assert named == [f"/incidents/{entry.slug}" for entry in edition.entries]
        assert len(seen) == -(-len(named) // LISTED) == 3


def test_pages_do_not_depend_on_where_they_are_served() -> None:
    for edition in editions():
        for page in write_pages(edition).values():
            own = [link["href"] or "" for link in Reader(page).links]
            assert "127.0.0.1" not in page
            assert all(href.startswith(("/", "https://")) for href in own)


def test_robots_txt_allows_the_pages_and_names_the_sitemap() -> None:
    robots = write_robots(ORIGIN)
    assert "Crawl-delay" not in robots
    assert f"Sitemap: {ORIGIN}/sitemap.xml\n" in robots
    assert "Disallow: /incidents" not in robots


def test_the_sitemap_is_well_formed() -> None:
    day = editions()[0].published
    root = ElementTree.fromstring(write_sitemap(ORIGIN, {"/incidents/a?b&c": day}))
    [url] = root
    assert [child.text for child in url] == [f"{ORIGIN}/incidents/a?b&c", "2025-12-01"]


def test_a_challenge_and_a_notice_are_pages_without_an_incident() -> None:
    for page in (write_challenge(), write_notice("Gone", "Nothing <here>.")):
        reader = Reader(page)
        assert reader.tags["h1"] == 1
        assert "Category" not in reader.text
    assert "just a moment" in Reader(write_challenge()).text.lower()


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\xa0")),
    st.text(st.sampled_from("<>&\"'/;#abt =!-")),
    st.sampled_from(["<b>bold</b>", "</p><script>", "&amp;", "&lt;i&gt;", "<!-- -->", '" onclick="']),
).map(lambda text: " ".join(text.split()) or "x")


@given(text=TEXT, tag=TEXT, markup=st.sampled_from(MARKUPS))
def test_whatever_an_incident_says_is_text_and_never_markup(text: str, tag: str, markup: ModuleType) -> None:
    entry = Entry(
        slug="a",
        title=text,
        severity="High",
        summary=text,
        labels=(("Category", (text, tag)), (tag, (text,))),
        tags=(tag,),
        sections=(("Full Description", (Block((text,), False), Block((text, tag), True))),),
        sources=(PrintedSource(text, (tag, text), f"https://news.example/{tag}"),),
    )
    reader = Reader(markup.write_incident(entry, [entry]))
    plain = Reader(markup.write_incident(editions()[0].entries[0], [entry]))
    assert reader.tags.keys() <= plain.tags.keys() | {"ul", "li"}
    for word in words(entry):
        assert word in reader.text
