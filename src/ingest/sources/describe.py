"""The keys of a source's file in words, from the model that reads it: `python -m ingest.sources.describe`."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any

from pydantic import BaseModel

from ingest.extraction import LABEL_FIELDS, LINE_FIELDS, SECTION_FIELDS, SLUG_FIELDS, TEXT_FIELDS
from ingest.sources import lines
from ingest.sources.source import OWN_KEYS, Correction, Floors, Source

_HEAD = """# The file of a source

Generated from the program by `make docs`. One TOML file says all that is particular about a site. A key that is not
here, a field that does not exist, or a value that can't be meant is refused with the file, the line and the key.
How to write one from a few pages: [adding-a-site.md](adding-a-site.md).
"""
_FIELDS = """## Fields

| what | can fill |
| --- | --- |
{rows}
"""
_LINES = """## Lines

{text}

Where the same field has a label too, the label is believed, and another value in the line is drift (`assertion`).
"""
_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false"}


def describe_file() -> str:
    """A table of all keys, and what can be said in them, as markdown."""
    chapters = [
        _HEAD,
        "## Keys\n\n" + _table(Source, OWN_KEYS),
        "## `[[corrections]]`\n\n" + _sentence(Correction) + "\n\n" + _table(Correction),
        "## `[floors]`\n\n" + _sentence(Floors) + "\n\n" + _table(Floors),
        _FIELDS.format(rows="\n".join(f"| {what} | {', '.join(names)} |" for what, names in _known_fields())),
        _LINES.format(text=(lines.__doc__ or "").strip()),
    ]
    return "\n".join(chapters)


def _known_fields() -> list[tuple[str, tuple[str, ...]]]:
    return [
        ("`labels`", LABEL_FIELDS),
        ("`sections`", SECTION_FIELDS),
        ("`lines`", LINE_FIELDS),
        ("`roles`", TEXT_FIELDS),
        ("`vocabularies`, `badge`", SLUG_FIELDS),
    ]


def _sentence(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip()


def _table(model: type[BaseModel], without: frozenset[str] = frozenset()) -> str:
    schema, texts = model.model_json_schema(), _docstrings(model)
    rows = [
        f"| `{key}` | {_type(one, schema)} | {_default(key, one, schema)} | {' '.join(texts[key].split())} |"
        for key, one in schema["properties"].items()
        if key not in without
    ]
    return "\n".join(["| key | type | without it | meaning |", "| --- | --- | --- | --- |", *rows, ""])


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The sentence under each key of a model's class."""
    (body,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(body, ast.ClassDef)
    texts = {}
    for one, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(after, ast.Expr):
            texts[one.target.id] = ast.literal_eval(after.value)
    return texts


def _type(one: dict[str, Any], schema: dict[str, Any]) -> str:
    if "anyOf" in one:
        return _type(one["anyOf"][0], schema)
    if "enum" in one or "const" in one:
        return " or ".join(f'`"{word}"`' for word in one.get("enum", [one.get("const")]))
    if "$ref" in one:
        return "table"
    if one["type"] == "array":
        return f"list of {_type(one['items'], schema)}s"
    if one["type"] == "object":
        inner, of, kind = _type(one["additionalProperties"], schema).partition(" of ")
        return f"table of {inner}s{of}{kind}"
    return _TYPES[one["type"]]


def _default(key: str, one: dict[str, Any], schema: dict[str, Any]) -> str:
    if key in schema.get("required", ()):
        return "refused"
    default = one.get("default")
    if isinstance(default, list):
        return ", ".join(f"`{word}`" for word in default)
    if isinstance(default, bool):
        return str(default).lower()
    return f"`{default}`" if isinstance(default, str | int | float) else ""


if __name__ == "__main__":
    sys.stdout.write(describe_file())
