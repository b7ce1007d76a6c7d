"""Labels that nobody named: what markup says on one page, and what the pages of one site say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from ingest.labels import label_key, read_labels
from tests.labels.helpers import tree
from tests.labels.test_relations import BY_THEIR_WORDS, TELLING

Facts = Sequence[tuple[str, str]]
VOCABULARY = {
    "Maker": ("Ann Lee", "Bo Ray", "Cy Dahl", "Di Voss", "Ed Poe"),
    "Material": ("Oak", "Pine", "Steel", "Glass"),
    "Height": ("90 cm", "102 cm", "115 cm", "88 cm", "71 cm"),
    "Grade": ("A", "B", "B-"),
    "First Sold": ("June 1, 2001", "May 5, 2002", "July 20, 1999"),
    "Made In": ("Norway", "Chile", "Ghana"),
    "Finish": ("Oil", "Wax"),
    "Also Called": ("The Long One", "Night Bench", "Sol"),
}
NAMES = (
    "Silver Bench",
    "The Long Board",
    "Under Glass",
    "River Stool",
    "Paper Chair",
    "Cold Lamp",
    "Lost Desk",
    "Day Bed",
)
TELLING_ALONE = (
    "definitions", "definitions in rows", "a list each", "headed rows", "rows of two cells", "rows of divs",
    "rows of spans", "cards", "bold with a colon", "bold, then a colon", "text with a colon", "lines of text",
    "lines with bold", "in one line", "captions", "tables side by side",
)  # fmt: skip
"""The markups that a single page needs nothing else for."""


def facts_of(random: Random) -> list[tuple[str, str]]:
    facts = [(label, random.choice(options)) for label, options in VOCABULARY.items()]
    return [fact for fact in facts if fact[0] != "Also Called" or random.random() < 0.5]


def site_page(random: Random, name: str, facts: str) -> str:
    menu = "<ul>" + "".join(f"<li><a href='/{x}'>{x}</a></li>" for x in ("Home", "Shop", "News", "Help")) + "</ul>"
    crumbs = f"<div><a href='/'>Home</a> &gt; <a href='/s'>Shop</a> &gt; {name}</div>"
    search = "<form><label>Search:</label><input name='q'><select><option>Chairs</option></select></form>"
    prose = " ".join(random.sample("a bench that was made for two and stood by the sea all winter long".split(), 12))
    reviews = "".join(
        f"<div><div>{random.choice(NAMES[:4])[::-1]}{number}</div><div>{prose}.</div></div>" for number in range(3)
    )
    prices = "".join(
        f"<li><a>{other}</a> <span>${random.randint(1, 90)}</span></li>" for other in random.sample(NAMES, 4)
    )
    foot = "<div><a>About</a> | <a>Contact</a><p>Copyright 2024 Bench Co.</p></div>"
    return (
        f"<body>{search}{menu}{crumbs}<div><h1>{name}</h1>{facts}</div><h3>Reviews</h3>{reviews}"
        f"<h4>Top Sellers</h4><ol>{prices}</ol>{foot}</body>"
    )


def site(render: Callable[[Facts], str], pages: int) -> tuple[list[set[tuple[str, str]]], list[set[tuple[str, str]]]]:
    """What the pages of a site print, and what was read."""
    random = Random(4)
    facts = [facts_of(random) for _ in range(pages)]
    roots = [tree(site_page(random, name, render(each))) for name, each in zip(NAMES, facts, strict=False)]
    read = [{(label_key(pair.label), pair.value) for pair in page} for page in read_labels(roots)]
    return [{(label_key(label), value) for label, value in each} for each in facts], read


@pytest.mark.parametrize("render", [*TELLING.values(), *BY_THEIR_WORDS.values()], ids=[*TELLING, *BY_THEIR_WORDS])
def test_pages_of_one_site_show_their_labels_together(render: Callable[[Facts], str]) -> None:
    printed, read = site(render, 8)
    found = sum(len(facts & pairs) for facts, pairs in zip(printed, read, strict=True))
    assert found / sum(map(len, printed)) > 0.9
    assert found / sum(map(len, read)) > 0.9


@pytest.mark.parametrize("markup", TELLING_ALONE)
def test_telling_markup_is_read_on_a_page_alone(markup: str) -> None:
    printed, read = site(TELLING[markup], 1)
    assert printed[0] <= read[0]
    assert len(read[0]) <= len(printed[0]) + 1


def test_pages_without_labels_give_no_pairs() -> None:
    _, read = site(lambda facts: "<p>A bench for two.</p>", 8)
    assert not any(read)


@pytest.mark.parametrize(
    "html",
    [
        "<nav><dl><dt>Shop</dt><dd><a>Chairs</a></dd></dl></nav>",
        "<ul><li><a>Home</a></li><li><a>Shop</a></li><li><a>News</a></li><li><a>Help</a></li></ul>",
        "<p>A bench for two. It stood by the sea.</p><p>Nobody sat on it.</p>",
        "<h2>About benches</h2><p>They are long.</p><h2>About stools</h2><p>They are not.</p>",
        "<footer><p>Phone: 555</p></footer>",
        "<form><label>Name:</label><input><label>Mail:</label><input></form>",
        "<table><tr><th>Year</th><th>Sold</th></tr><tr><td>2001</td><td>7</td></tr><tr><td>2002</td><td>9</td></tr></table>",
        "<ol><li><a>Silver Bench</a> <span>$10</span></li><li><a>Day Bed</a> <span>$12</span></li></ol>",
    ],
)
def test_menus_prose_forms_and_statistics_are_no_pairs(html: str) -> None:
    assert read_labels([tree(f"<body>{html}</body>")]) == [()]


def test_a_rare_label_is_read_where_its_site_shows_the_list() -> None:
    rows = [["Maker", "Height"], ["Maker", "Height"], ["Maker", "Height", "Patent"]]
    roots = [
        tree("<div>" + "".join(f"<div><i>{label}</i><u>{label[0]}{n}</u></div>" for label in labels) + "</div>")
        for n, labels in enumerate(rows)
    ]
    assert [pair.label for pair in read_labels(roots)[2]] == ["Maker", "Height", "Patent"]


def test_a_label_without_a_value_on_one_page_is_known_from_the_others() -> None:
    pages = ["<dl><dt>Maker</dt><dd>Ann</dd></dl>", "<dl><dt>Maker</dt><dd></dd><dt>Height</dt><dd>2 m</dd></dl>"]
    read = read_labels([tree(html) for html in pages])
    assert [(pair.label, pair.value) for pair in read[1]] == [("Maker", ""), ("Height", "2 m")]


def test_what_never_differs_is_furniture() -> None:
    furniture = "<div><b>Call us</b><span>555 0100</span></div><div><b>Find us</b><span>By the sea</span></div>"
    roots = [tree(f"<div>{furniture}</div><p>{name}</p>") for name in NAMES]
    assert not any(read_labels(roots))


@pytest.mark.parametrize(
    "entry",
    [
        "<li><a href='/{n}'>Bench makers of the coast strike again, number {n}</a></li>",
        "<div><h5>Visitor {n}</h5><p>It is a long bench, and number {n} is a longer one.</p></div>",
        "<div><img src='x'><b>Bench {n}</b><i>$ {n}</i></div>",
    ],
)
def test_news_reviews_and_wares_under_a_title_are_no_value(entry: str) -> None:
    def page(n: int) -> str:
        def entries(first: int) -> str:
            return "".join(entry.format(n=first + 3 * n + k) for k in range(4))

        return f"<h3>Latest</h3><div>{entries(10)}</div><h3>Most Read</h3><div>{entries(100)}</div>"

    assert not any(read_labels([tree(f"<body>{page(n)}</body>") for n in range(6)]))


def test_no_pages_give_no_pairs() -> None:
    assert read_labels([]) == []
    assert read_labels([], ["Status"]) == []
