"""Kinds of markup that real trackers print: notes and buttons beside labels, content systems, grids, cards."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.labels import label_key
from tests.labels.helpers import values

FACTS = (
    ("Category", "Bias"),
    ("Industry", "Retail"),
    ("Status", "Open"),
    ("Date Occurred", "Mar 3, 2025"),
    ("Jurisdiction", "Norway"),
    ("Model", "Till 2"),
)
UNKNOWN = (("Estimated Cost", "NOK 12,000"), ("Near Miss", "No"))
ALL = (*FACTS, *UNKNOWN)


def rows(template: str, facts: Sequence[tuple[str, str]] = ALL) -> str:
    return "".join(template.format(l=label, v=value, n=number) for number, (label, value) in enumerate(facts))


def in_twos(outer: str, template: str) -> str:
    return "".join(outer.format(rows(template, ALL[start : start + 2])) for start in range(0, len(ALL), 2))


KINDS = {
    "note small": "<div>"
    + rows("<div><span>{l} <i title='a note'>?</i><small>what this means here</small></span><span>{v}</span></div>")
    + "</div>",
    "note small beside": "<div>"
    + rows("<div><span>{l}</span><small>what this means</small><span>{v}</span></div>")
    + "</div>",
    "abbr": "<dl>" + rows("<dt><abbr title='explain'>{l}</abbr></dt><dd>{v}</dd>") + "</dl>",
    "required": "<div>" + rows("<div><label>{l} <span>(required)</span></label><div>{v}</div></div>") + "</div>",
    "tooltip role": "<div>"
    + rows("<div><div>{l}<span role='tooltip'>The {l} as it was told to us.</span></div><div>{v}</div></div>")
    + "</div>",
    "tooltip after": "<div>"
    + rows("<div><div>{l}</div><div role='tooltip'>As it was told to us.</div><div>{v}</div></div>")
    + "</div>",
    "info button": "<div>"
    + rows("<div><span>{l}</span><button aria-label='More about {l}'>ⓘ</button><span>{v}</span></div>")
    + "</div>",
    "info button text": "<div>"
    + rows("<div><div><span>{l}</span><button type=button>?</button></div><div>{v}</div></div>")
    + "</div>",
    "info button word": "<div>"
    + rows("<div><div><span>{l}</span><button type=button>Help</button></div><div>{v}</div></div>")
    + "</div>",
    "sr-only colon": "<ul>" + rows("<li><span>{l}<span>: </span></span><span>{v}</span></li>") + "</ul>",
    "next hashed": "<div class='css-1x'>"
    + rows("<div class='css-a{n}'><p class='css-b'>{l}</p><p class='css-c'>{v}</p></div>")
    + "</div>",
    "drupal": "<div>"
    + rows("<div class='field'><div>{l}</div><div class='items'><div class='item'>{v}</div></div></div>")
    + "</div>",
    "drupal inline": "<div>"
    + rows("<div class='field'><div class='field__label'>{l}:&nbsp;</div><div class='field__item'>{v}</div></div>")
    + "</div>",
    "wordpress": rows("<p class='wp-block-paragraph'><strong>{l}:</strong> {v}</p>"),
    "wp columns": rows("<div class='columns'><div><p><strong>{l}</strong></p></div><div><p>{v}</p></div></div>"),
    "wp list": "<ul class='wp-block-list'>" + rows("<li><strong>{l}</strong>: {v}</li>") + "</ul>",
    "infobox": "<table class='infobox'><tbody><tr><th colspan=2>Till trouble</th></tr><tr><td><img src=x></td></tr>"
    + rows("<tr><th scope=row>{l}</th><td>{v}</td></tr>")
    + "</tbody></table>",
    "portable infobox": "<aside role='region'><h2>Till trouble</h2>"
    + rows("<div><h3>{l}</h3><div>{v}</div></div>")
    + "</aside>",
    "bootstrap rows": "<div class=container>"
    + rows("<div class=row><div class='col-4'><b>{l}</b></div><div class='col-8'>{v}</div></div>")
    + "</div>",
    "bootstrap two": "<div>" + in_twos("<div class=row>{}</div>", "<div>{l}</div><div>{v}</div>") + "</div>",
    "aria table": "<div role=table>"
    + rows("<div role=row><div role=rowheader>{l}</div><div role=cell>{v}</div></div>")
    + "</div>",
    "aria term": "<div role=list>"
    + rows("<div role=listitem><span role=term>{l}</span><span role=definition>{v}</span></div>")
    + "</div>",
    "th td th td": "<table>" + in_twos("<tr>{}</tr>", "<th>{l}</th><td>{v}</td>") + "</table>",
    "accordion": rows(
        "<div class=accordion-item><h2><button aria-expanded=false>{l}</button></h2><div><div>{v}</div></div></div>"
    ),
    "details": rows("<details><summary>{l}</summary><div>{v}</div></details>"),
    "card icons": "<div>"
    + rows("<div class=card><span class='material-icons'>event</span><div><h6>{l}</h6><p>{v}</p></div></div>")
    + "</div>",
    "emoji": "<ul>" + rows("<li>📅 <b>{l}</b> {v}</li>") + "</ul>",
    "fa icons table": "<table>"
    + rows("<tr><td><i class='fa fa-tag'></i></td><td>{l}</td><td>{v}</td></tr>")
    + "</table>",
    "dl div note": "<dl>" + rows("<div><dt>{l}<p>a short note on it</p></dt><dd>{v}</dd></div>") + "</dl>",
    "aria-describedby": "<dl>" + rows("<dt>{l} <span aria-hidden=true>ⓘ</span></dt><dd>{v}</dd>") + "</dl>",
    "badge values": "<div>" + rows("<div><span>{l}</span><span><span class=badge>{v}</span></span></div>") + "</div>",
    "copy button": "<dl>" + rows("<dt>{l}</dt><dd>{v} <button>Copy</button></dd>") + "</dl>",
    "figure": "<div>" + rows("<figure><figcaption>{l}</figcaption><div>{v}</div></figure>") + "</div>",
    "label for": "<form>" + rows("<div><label for=f{n}>{l}</label><p id=f{n}>{v}</p></div>") + "</form>",
    "a list each": rows("<dl class=row><dt class=col>{l}</dt><dd class=col>{v}</dd></dl>"),
    "th note": "<table>" + rows("<tr><th>{l}<br><small>how it was found</small></th><td>{v}</td></tr>") + "</table>",
    "link label": "<table>" + rows("<tr><th><a href='/help#{n}'>{l}</a></th><td>{v}</td></tr>") + "</table>",
    "link label div": "<div>" + rows("<div><a href='/help#{n}'>{l}</a><span>{v}</span></div>") + "</div>",
}


@pytest.mark.parametrize("markup", KINDS.values(), ids=KINDS)
def test_labels_known_and_unknown_are_read_with_nothing_but_their_values(markup: str) -> None:
    html = f"<main><h1>A title</h1><p>It came before.</p>{markup}<h2>Full Description</h2><p>It went wrong.</p></main>"
    assert values(html) == {**dict(ALL), "Full Description": "It went wrong."}


def test_several_pairs_in_one_sentence_are_told_by_their_colons() -> None:
    html = "<p>" + "; ".join(f"<b>{label}</b>: {value}" for label, value in FACTS) + "</p>"
    assert values(html) == dict(FACTS)


@pytest.mark.parametrize("picture", ["ℹ️", "Ⓜ️", "1️⃣", "‼️", "™"])
def test_a_picture_beside_a_label_is_no_letter_of_it(picture: str) -> None:
    html = f"<dl><dt>{picture} Status</dt><dd>Open</dd><dt>Model {picture}</dt><dd>Till 2</dd></dl>"
    assert {label_key(label): value for label, value in values(html).items()} == {"status": "Open", "model": "Till 2"}


def test_small_print_is_a_value_where_nothing_else_is() -> None:
    html = "".join(f"<p><b>{label}</b> <small>{value} as told</small></p>" for label, value in FACTS)
    assert values(f"<main><h1>A title</h1>{html}<p>More.</p></main>") == {k: f"{v} as told" for k, v in FACTS}
