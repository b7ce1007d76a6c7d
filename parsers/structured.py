"""What a page says of itself for machines: JSON-LD, microdata, Open Graph. Bounded, and nothing where it is malformed.

Each gives items: a type in lower case, and properties with their texts. JSON-LD: https://www.w3.org/TR/json-ld11/, of
which only the form is read that pages use: plain keys of one vocabulary, `@type`, `@graph` and nested objects.
Microdata: https://html.spec.whatwg.org/multipage/microdata.html. Open Graph: https://ogp.me/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ingest.page import Node, fold

MAX_SCRIPTS: Final = 20
MAX_SCRIPT_CHARACTERS: Final = 200_000
MAX_ITEMS: Final = 500
MAX_DEPTH: Final = 8
MAX_TEXT: Final = 2_000
"""A longer text is none of a property that is read here."""


@dataclass(slots=True)
class Item:
    """One thing that a page describes. place names how: `JSON-LD`, `microdata`, `Open Graph`.

    pairs are its PropertyValues: names as printed, with their values.
    """

    place: str
    types: frozenset[str] = frozenset()
    texts: dict[str, list[str]] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: object) -> None:
        """Add a text to a property; everything that is no text is left out."""
        text = fold(value) if isinstance(value, str) and len(value) <= MAX_TEXT else ""
        if text:
            self.texts.setdefault(name, []).append(text)

    def only(self, name: str) -> str | None:
        """The property's text; None where it has none, or several different ones."""
        texts = set(self.texts.get(name, ()))
        return texts.pop() if len(texts) == 1 else None


def read_json_ld(scripts: Sequence[Node]) -> Iterator[Item]:
    """The items of a page's JSON-LD, at most MAX_ITEMS."""
    left = MAX_ITEMS
    for script in scripts[:MAX_SCRIPTS]:
        if len(script.text) > MAX_SCRIPT_CHARACTERS:
            continue
        try:
            document = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        for found in _objects(document):
            left -= 1
            if left < 0:
                return
            yield _json_item(found)


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a document, nested ones too, as far as they are looked into."""
    stack = [(document, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            stack += ((inner, depth + 1) for inner in reversed(value.values()) if isinstance(inner, dict | list))
        elif isinstance(value, list):
            stack += ((inner, depth + 1) for inner in reversed(value[:MAX_ITEMS]) if isinstance(inner, dict | list))


def _json_item(found: Mapping[str, Any]) -> Item:
    kinds = found.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    item = Item("JSON-LD", frozenset(_last(kind) for kind in kinds if isinstance(kind, str)))
    for name, value in found.items():
        for one in value[:MAX_ITEMS] if isinstance(value, list) else [value]:
            if isinstance(one, dict) and one.get("@type") == "PropertyValue":
                _add_pair(item, one.get("name"), one.get("value"))
            elif isinstance(one, dict):
                item.add(name, one.get("@value", one.get("@id")))
            else:
                item.add(name, one)
    return item


def _add_pair(item: Item, name: object, value: object) -> None:
    if isinstance(name, str) and isinstance(value, str) and max(len(name), len(value)) <= MAX_TEXT:
        item.pairs.append((fold(name), fold(value)))


def _last(name: str) -> str:
    """`https://schema.org/NewsArticle` and `schema:NewsArticle` -> `newsarticle`."""
    return name.replace(":", "/").rstrip("/").rpartition("/")[2].lower()


def read_microdata(tops: Sequence[Node]) -> Iterator[Item]:
    """The items of the elements with `itemscope`, each with the properties that are its own."""
    for top in tops[:MAX_ITEMS]:
        item = Item("microdata", frozenset(map(_last, top.attributes.get("itemtype", "").split())))
        stack = list(reversed(top.children))
        while stack:
            node = stack.pop()
            attributes = node.attributes
            nested = "itemscope" in attributes
            for name in attributes.get("itemprop", "").split():
                if not nested:
                    item.add(name, _property_value(node))
                elif attributes.get("itemtype", "").endswith("/PropertyValue"):
                    inner = next(read_microdata([node]))
                    _add_pair(item, inner.only("name"), inner.only("value"))
            if not nested:
                stack += node.children[::-1]
        yield item


def _property_value(node: Node) -> str:
    for name in ("content", "datetime", "href", "src", "value"):
        if name in node.attributes and (name != "value" or node.tag in ("data", "meter")):
            return node.attributes[name]
    return node.whole_text()


def read_open_graph(metas: Sequence[Node]) -> Item:
    """The page's own object; the first of two values of one property is its."""
    item = Item("Open Graph")
    for meta in metas[:MAX_ITEMS]:
        name = meta.attributes.get("property", "").strip().lower()
        if name.startswith("og:") and name not in item.texts:
            item.add(name, meta.attributes.get("content"))
    return item
