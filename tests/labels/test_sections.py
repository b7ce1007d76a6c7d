"""Long sections: from their title to the nodes of their text, whatever opens them."""

from __future__ import annotations

import pytest

from ingest.page import block_text
from tests.labels.helpers import FACTS, LONG, main_pairs, value

SECTION_FORMS = {
    "headings": "<h2>{label}</h2>{prose}",
    "deeper headings": "<h4>{label}</h4>{prose}",
    "sections": "<section><h2>{label}</h2><div>{prose}</div></section>",
    "wrapped headings": "<div><div><h2><span>{label}</span></h2></div><div><div>{prose}</div></div></div>",
    "an anchor in the heading": "<h2>{label} <a href='#x'>#</a></h2>{prose}",
    "an icon in the heading": "<h2><i aria-hidden='true'>bug</i> {label}</h2>{prose}",
    "a picture in the heading": "<h2>🔍 {label}</h2>{prose}",
    "numbered": "<div><div><span>{number}</span><h3>{label}</h3></div><div>{prose}</div></div>",
    "details": "<details><summary>{label}</summary>{prose}</details>",
    "details with an arrow": "<details><summary><b>{label}</b><span>expand_more</span></summary>{prose}</details>",
    "buttons": "<button>{label}</button><div>{prose}</div>",
    "buttons in headings": "<div><h3><button>{label} <i>+</i></button></h3><div>{prose}</div></div>",
    "buttons with an icon": "<div><button><b>{label}</b><i>chevron_right</i></button><div>{prose}</div></div>",
    "switches": "<div><div role='button'>{label}</div><div>{prose}</div></div>",
    "roles": "<div role='heading' aria-level='3'>{label}</div><div>{prose}</div>",
    "bold paragraphs": "<p><strong>{label}</strong></p>{prose}",
    "divs": "<div>{label}</div><div>{prose}</div>",
    "rows": "<div><div>{label}</div>{prose}</div>",
    "a table of sections": "<table><tr><th>{label}</th></tr><tr><td>{prose}</td></tr></table>",
}
GRID = "<dl>" + "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in FACTS) + "</dl>"


def page(form: str, after: str = "") -> str:
    sections = "".join(
        form.format(label=label, number=number, prose="".join(f"<p>{block}</p>" for block in blocks))
        for number, (label, blocks) in enumerate(LONG, 1)
    )
    return f"<main><h1>A title</h1>{GRID}{sections}{after}</main>"


@pytest.mark.parametrize("form", SECTION_FORMS.values(), ids=SECTION_FORMS)
def test_a_section_is_its_blocks_up_to_the_next_title(form: str) -> None:
    found = main_pairs(page(form))
    assert {pair.label.lstrip("🔍 "): block_text(pair.nodes) for pair in found.values()} == {
        **dict(FACTS),
        **{label: "\n\n".join(blocks) for label, blocks in LONG},
    }


@pytest.mark.parametrize("form", ["<h2>{label}</h2>{prose}", "<section><h2>{label}</h2>{prose}</section>"])
def test_an_unknown_section_ends_a_known_one_and_is_a_pair(form: str) -> None:
    update = form.format(label="Update Timeline", prose="<p>A patch came out in May, and a better one in June.</p>")
    found = main_pairs(page(form, update))
    assert found["lessons learned"].value == "Count the drawer. Then count it again."
    assert found["update timeline"].value.startswith("A patch")


def test_lower_headings_belong_to_their_section() -> None:
    html = f"<main>{GRID}<h2>Root Cause</h2><p>a</p><h3>In short</h3><p>b</p><h2>Lessons Learned</h2><p>c</p></main>"
    assert value(html, "Root Cause") == "a In short b"


def test_text_right_after_a_heading_is_its_value() -> None:
    html = f"<main>{GRID}<div><h3>Root Cause</h3>Bad <em>luck</em>.<br><br>Twice.<h3>Sources</h3>none</div></main>"
    assert block_text(main_pairs(html)["root cause"].nodes) == "Bad luck.\n\nTwice."


def test_a_section_ends_where_the_page_does() -> None:
    html = f"<body>{GRID}<h2>Root Cause</h2><p>Bad luck.</p><nav><a>Next</a></nav><footer>About</footer></body>"
    assert value(html, "Root Cause") == "Bad luck."


def test_links_of_a_section_are_in_its_nodes() -> None:
    html = f"<main>{GRID}<h2>Sources</h2><ul><li><a href='https://a.example/1'>One</a></li></ul></main>"
    (pair,) = (pair for pair in main_pairs(html).values() if pair.label == "Sources")
    assert [link.attributes["href"] for node in pair.nodes for link in node.find("a")] == ["https://a.example/1"]


def test_words_of_labels_in_the_prose_of_a_section_do_not_end_it() -> None:
    prose = ("The <em>Model</em> gave change.", "Its <b>Status</b> was fine.", "<b>Model</b> drift it was not.")
    html = f"<main>{GRID}<h2>Root Cause</h2>{''.join(f'<p>{block}</p>' for block in prose)}</main>"
    assert value(html, "Root Cause") == "The Model gave change. Its Status was fine. Model drift it was not."
    assert value(html, "Model") == dict(FACTS)["Model"]
