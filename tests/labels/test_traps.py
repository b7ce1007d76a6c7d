"""What real pages do between a label and its value, one trap a test."""

from __future__ import annotations

import pytest

from ingest.labels import read_labels
from ingest.page import block_text
from tests.labels.helpers import FACTS, main_pairs, pairs, tree, value, values

WORDS = ("Status", "Industry", "Model", "Category")


def rows(*facts: tuple[str, str], template: str = "<div><span>{}</span><span>{}</span></div>") -> str:
    return "<main><h1>A title</h1><div>" + "".join(template.format(*fact) for fact in facts) + "</div></main>"


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>Model</dt><dd></dd><dt>Status</dt><dd>Open</dd><dt>Industry</dt><dd>Retail</dd></dl>",
        "<dl><dt>Model</dt><dt>Status</dt><dd>Open</dd><dt>Industry</dt><dd>Retail</dd></dl>",
        "<table><tr><td>Status<td>Open<tr><td>Model<td>&nbsp;<tr><td>Industry<td>Retail</table>",
        "<table><tr><th>Status<td>Open<tr><th>Model<td><span><!-- none --></span><tr><th>Industry<td>Retail</table>",
        "<p><b>Status:</b> Open</p><p><b>Model:</b></p><p><b>Industry:</b> Retail</p>",
        "<ul><li>Status: Open</li><li>Model:</li><li>Industry: Retail</li></ul>",
        "<p>Status: Open<br>Model:<br>Industry: Retail</p>",
        "<p><b>Status:</b> Open<br><b>Model:</b><br><b>Industry:</b> Retail</p>",
        "<div><div>Status</div><div>Open</div><div>Model</div><div></div><div>Industry</div><div>Retail</div></div>",
        "<div><h4>Status</h4><p>Open</p><h4>Model</h4><h4>Industry</h4><p>Retail</p></div>",
        "<div><div><b>Status</b><i>Open</i></div><div><b>Model</b></div><div><b>Industry</b><i>Retail</i></div></div>",
    ],
)
def test_a_label_without_a_value_does_not_take_the_next_label_or_value(html: str) -> None:
    found = values(html, WORDS)
    assert (found["Status"], found["Industry"]) == ("Open", "Retail")
    assert found.get("Model", "") == ""


def test_a_last_label_without_a_value_takes_neither_the_chips_after_it_nor_the_value_of_a_card() -> None:
    html = (
        "<main><h1>x</h1><p><b>Status:</b> Open<br><b>Model:</b> Open<br><b>Industry:</b> <br><b>Category:</b></p>"
        "<div><span>till_error</span><span>cash</span></div></main><div><h2>Related</h2>"
        "<div><h3>Other</h3><div><b>Category</b><i>Bias</i></div><div><b>Model</b><i>Till 3</i></div></div></div>"
    )
    assert values(html, WORDS) == {"Status": "Open", "Model": "Open", "Industry": "", "Category": ""}


def test_an_empty_row_beside_an_unknown_row_stays_empty() -> None:
    html = rows(("Status", "Open"), ("Model", ""), ("Near Miss", "No"), ("Industry", "Retail"))
    assert values(html, WORDS) == {"Status": "Open", "Model": "", "Near Miss": "No", "Industry": "Retail"}


def test_several_dd_are_the_values_of_one_dt() -> None:
    html = "<dl><dt>Industry</dt><dd>Retail</dd><dd>Banking</dd><dt>Status</dt><dd>Open</dd></dl>"
    assert main_pairs(html, WORDS)["industry"].values == ("Retail", "Banking")


def test_a_value_that_is_a_known_label_is_given_as_it_stands() -> None:
    for template in (
        "<div><span>{}</span><span>{}</span></div>",
        "<div>{}</div><div>{}</div>",
        "<p><b>{}:</b> {}</p>",
        "<dl><dt>{}</dt><dd>{}</dd></dl>",
        "<table><tr><td>{}</td><td>{}</td></tr></table>",
    ):
        html = rows(("Category", "Bias"), ("Status", "Industry"), ("Model", "Till 2"), template=template)
        assert value(html, "Status", WORDS) == "Industry", template


@pytest.mark.parametrize(
    "label",
    [
        "Date<!-- --> Occurred",
        "Date&nbsp;Occurred",
        "Date\n      Occurred",
        "<b>Date</b> <i>Occurred</i>",
        "<span>Date</span><!-- x -->\n<span>Occurred</span>",
        "Date Occurred&#8203;",
        "\u200bDate Occurred\u00a0:",
        "DATE OCCURRED",
        "Date Occurred :",
        "Date Occurred<span>:</span>",
        "📅 Date Occurred",
        "Ｄate Occurred：",
    ],
)
def test_a_label_is_found_however_it_is_written(label: str) -> None:
    for template in ("<dl><dt>{}</dt><dd>{}</dd></dl>", "<div><div>{}</div><div>{}</div></div>"):
        html = rows((label, "Mar 3"), ("Status", "Open"), template=template)
        assert value(html, "Date Occurred") == "Mar 3", template


ICONS = [
    "<svg><title>calendar</title></svg>",
    "<i class='fa'></i>",
    "<i>calendar_today</i>",
    "<i aria-hidden='true'>event</i>",
    "<span aria-hidden='true'>event</span>",
    "<img src='i.png' alt=''>",
    "<span class='icon'></span>",
    "<button><svg></svg></button>",
]


@pytest.mark.parametrize("icon", ICONS)
@pytest.mark.parametrize(
    "template",
    [
        "<div>{icon}<span>{label}</span><span>{value}</span></div>",
        "<div><div>{icon}<span>{label}</span></div><div>{value}</div></div>",
        "<div><div><span>{label}</span>{icon}</div><div><b>{value}</b></div></div>",
        "<dl><dt>{icon} {label}</dt><dd>{value}</dd></dl>",
        "<dl><dt>{label} {icon}</dt><dd>{icon}{value}</dd></dl>",
        "<table><tr><td>{icon} {label}</td><td>{value}</td></tr></table>",
    ],
)
def test_icons_are_neither_label_nor_value(icon: str, template: str) -> None:
    facts = [template.format(icon=icon, label=label, value=text) for label, text in FACTS]
    found = main_pairs(f"<main><h1>A title</h1><div>{''.join(facts)}</div></main>")
    for label, text in FACTS:
        assert found[label.casefold()].value.endswith(text)
        assert "event" not in found[label.casefold()].value


def test_icons_named_by_a_text_between_label_and_value_are_left_out() -> None:
    html = rows(
        ("Status", "Open"), ("Model", "Till 2"), template="<div><b>{}</b><i aria-hidden='true'>x</i><u>{}</u></div>"
    )
    assert values(html, WORDS) == {"Status": "Open", "Model": "Till 2"}


def test_label_and_value_may_stand_at_different_depths() -> None:
    html = (
        "<main><div><div><div><span>Status</span></div></div><p>Open</p></div>"
        "<div><span>Model</span><div><div><div><em>Till</em> 2</div></div></div></div></main>"
    )
    assert values(html, WORDS) == {"Status": "Open", "Model": "Till 2"}


def test_content_streamed_into_a_hidden_holder_is_read() -> None:
    shell = "<main><div><span></span><span></span></div><template id='B:0'></template></main>"
    html = f"{shell}<div hidden id='S:0'>{rows(*FACTS)}</div><script>$RC('B:0','S:0')</script>"
    assert values(html) == dict(FACTS)


@pytest.mark.parametrize(
    "prose",
    [
        "<p>The Status of the case was open, its Model unknown.</p>",
        "<p>Its <b>Status</b> was open.</p>",
        "<p><strong>Status</strong> meetings were held each week until the case was closed.</p>",
        "<p>See <a href='/m'>Model</a>, <a href='/i'>Industry</a> and more.</p>",
        "<p>They asked: <em>Model</em> or <em>Industry</em>?</p>",
        "<blockquote>Model behaviour, said the maker: good.</blockquote>",
    ],
)
def test_words_of_labels_in_prose_are_no_labels(prose: str) -> None:
    assert [pair for pair in pairs(f"<main><h1>A title</h1>{prose}</main>", WORDS) if pair.value] == []
    html = rows(("Category", "Bias"), ("Status", "Open")) + prose
    assert values(html, WORDS) == {"Category": "Bias", "Status": "Open"}


def test_chips_after_the_last_value_are_not_part_of_it() -> None:
    grid = "".join(f"<h4>{label}</h4><p>{text}</p>" for label, text in FACTS)
    html = (
        f"<main><h1>x</h1>{grid}<div><span>till_error</span><span>cash</span></div><h2>Sources</h2><p>none</p></main>"
    )
    assert values(html) == {**dict(FACTS), "Sources": "none"}


def test_lower_case_chips_beside_a_grid_are_no_labels() -> None:
    grid = "".join(f"<b>{label}</b><i>{text}</i>" for label, text in FACTS)
    html = f"<main><h1>x</h1><div>{grid}<b>till_error</b><i>cash</i></div></main>"
    assert "till_error" not in values(html)


def test_chips_beside_rows_are_no_pair() -> None:
    grid = "".join(f"<div><span>{label}</span><span>{text}</span></div>" for label, text in FACTS)
    html = f"<main><h1>x</h1>{grid}<div><span>till_error</span><span>cash</span></div></main>"
    assert values(html) == dict(FACTS)


def test_chips_beside_sections_are_no_pair() -> None:
    prose = "The till gave change for coins that nobody had paid, and it did so for a week, and then for one more."
    sections = "".join(
        f"<div><div>{label}</div><div>{prose}</div></div>" for label in ("Root Cause", "Lessons Learned")
    )
    html = f"<main><h1>x</h1>{sections}<div><div>Retail</div><div>Cash</div></div></main>"
    assert values(html) == {"Root Cause": prose, "Lessons Learned": prose}


def test_a_value_ends_where_a_list_of_other_labels_begins() -> None:
    grid = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in FACTS)
    html = f"<main><h1>x</h1><div>Root Cause</div><div>Bad luck.</div><dl>{grid}</dl></main>"
    assert value(html, "Root Cause") == "Bad luck."


def test_a_head_over_a_row_of_one_cell_leads_down() -> None:
    facts = "".join(f"<tr><td>{label}</td><td>{text}</td></tr>" for label, text in FACTS)
    html = f"<table>{facts}<tr><td>Root Cause</td><td></td></tr><tr><td colspan=2>Bad luck.</td></tr></table>"
    assert value(html, "Root Cause") == "Bad luck."
    html = f"<table>{facts}<tr><td>Root Cause</td><td></td></tr><tr><td>Near Miss</td><td>No</td></tr></table>"
    assert value(html, "Root Cause") == ""


def test_pairs_of_one_text_are_told_by_their_separators() -> None:
    html = "<p>Status: Open | Model: Till 2 | Near Miss: No</p><p>Industry: Retail | Law</p>"
    found = values(html, WORDS)
    assert (found["Status"], found["Model"], found["Industry"]) == ("Open", "Till 2", "Retail | Law")


def test_a_dash_is_a_value_as_printed() -> None:
    html = rows(("Status", "—"), ("Model", "-"), ("Industry", "Retail"))
    assert values(html, WORDS) == {"Status": "—", "Model": "-", "Industry": "Retail"}


def test_what_joins_label_and_value_is_part_of_neither() -> None:
    html = "<ul><li><b>Status</b> – Open</li><li><b>Model</b> : Till 2</li><li><b>Industry</b> | Retail</li></ul>"
    assert values(html, WORDS) == {"Status": "Open", "Model": "Till 2", "Industry": "Retail"}


def test_times_and_addresses_are_no_labels() -> None:
    html = "<p>Status: seen at 12:30, see https://a.example/x</p>"
    assert [(pair.label, pair.value) for pair in pairs(html, WORDS)] == [
        ("Status", "seen at 12:30, see https://a.example/x")
    ]


def test_a_control_beside_a_value_is_not_part_of_it() -> None:
    html = rows(("Status", "Open"), ("Model", "Till 2"), template="<div><b>{}</b><u>{}</u><button>Copy</button></div>")
    assert values(html, WORDS) == {"Status": "Open", "Model": "Till 2"}


def test_a_value_with_line_breaks_keeps_them_in_its_nodes() -> None:
    html = rows(("Status", "Open"), ("Model", "Till 2<br>second series"))
    pair = main_pairs(html, WORDS)["model"]
    assert pair.value == "Till 2 second series"
    assert block_text(pair.nodes) == "Till 2\nsecond series"


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>Status</dt><dd>Open</dd><dt></dt><dd>y</dd><dt>Model</dt><dd>z</dd></dl>",
        "<dl><div><dt>Status</dt><dd>Open</dd></div><div><dt></dt><dd>y</dd></div><div><dt>Model</dt><dd>z</dd></div></dl>",
    ],
)
def test_an_element_for_a_label_that_prints_none_is_no_label(html: str) -> None:
    assert [(pair.label, pair.value) for pair in read_labels([tree(html)], ["Status", "Model"])[0]] == [
        ("Status", "Open"),
        ("Model", "z"),
    ]
