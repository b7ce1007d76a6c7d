"""A draft read back with the real reader: the file's text, the source that it is, and what becomes of the examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.onboarding.draft import Draft
from ingest.onboarding.examples import Example, OnboardingError, list_names
from ingest.onboarding.render import render
from ingest.reading import Reading, read_body
from ingest.sources import Source, SourceError, read_source
from parsers import read


@dataclass(frozen=True, slots=True)
class Made:
    """A draft, its file's text, the source that it is, and what becomes of each example."""

    draft: Draft
    text: str
    source: Source
    readings: tuple[Reading, ...]

    @property
    def refused(self) -> int:
        return sum(reading.refusal is not None for reading in self.readings)


def read_back(examples: Sequence[Example], draft: Draft) -> Made:
    """The draft as a source, and each example read by it. Raises OnboardingError for a draft that is no source."""
    text = render(draft)
    try:
        source = read_source(draft.name, text, f"{draft.name}.toml")
    except SourceError as error:
        raise OnboardingError(f"No source can be made of {list_names(examples)}: {error}") from error
    readings = tuple(read_body(example.body, example.content_type, example.url, source, read) for example in examples)
    return Made(draft, text, source, readings)
