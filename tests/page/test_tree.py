"""The tree: what enters it, and what never does."""

from __future__ import annotations

from ingest.page import TEXT, Node, parse_html


def body_of(html: str) -> Node:
    return next(parse_html(html.encode()).find("body"))


def test_class_names_and_ids_never_enter() -> None:
    node = next(body_of('<p class="status" id="s1" style="color:red" data-x="1" lang="en">x').find("p"))
    assert node.attributes == {"lang": "en"}


def test_what_shows_that_content_is_hidden_or_an_icon_enters() -> None:
    holder = next(body_of('<div hidden id="S:0"><i aria-hidden="true">event</i></div>').find("div"))
    assert holder.attributes == {"hidden": ""}
    assert holder.children[0].attributes == {"aria-hidden": "true"}


def test_what_nobody_reads_is_dropped() -> None:
    html = (
        "<style>a{}</style><script>x()</script><template>t</template><noscript>n</noscript><svg><title>s</title></svg>"
    )
    assert body_of(f"<p>a</p>{html}<p>b</p>").whole_text() == "a b"


def test_structured_data_is_kept_out_of_the_text() -> None:
    body = body_of('<p>a</p><script type="application/ld+json">{"name": "x"}</script>')
    script = next(body.find("script"))
    assert script.text == '{"name": "x"}'
    assert body.whole_text() == "a"


def test_text_around_a_comment_or_a_dropped_element_is_one_text() -> None:
    children = next(body_of("<p>Date<!-- --> Occ<script></script>urred</p>").find("p")).children
    assert [(child.tag, child.text) for child in children] == [(TEXT, "Date Occurred")]


def test_white_space_that_only_lays_out_the_source_is_dropped() -> None:
    table = next(body_of("<table>\n <tr>\n <td>a</td>\n <td>b</td>\n </tr>\n</table>").find("tbody"))
    assert [child.tag for child in table.walk()] == ["tbody", "tr", "td", TEXT, "td", TEXT]


def test_children_know_their_parents_and_stand_in_page_order() -> None:
    body = body_of("<ul><li>a<li>b</ul><p>c")
    assert [node.text for node in body.walk() if node.tag == TEXT] == ["a", "b", "c"]
    assert all(child.parent is node for node in body.walk() for child in node.children)
    assert [node.tag for node in body.find("li", "p")] == ["li", "li", "p"]


def test_an_element_that_html_does_not_know_keeps_its_own_name_on_each_page() -> None:
    for number in range(50):
        html = parse_html(f"<p>1</p><x-{number}>2</x-{number}><y-{number}>3</y-{number}>".encode())
        body = html.children[-1]
        assert [child.tag for child in body.children] == ["p", f"x-{number}", f"y-{number}"]
