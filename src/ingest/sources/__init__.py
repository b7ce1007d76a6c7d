"""A site as its file describes it: what is its own, where its incidents are listed, which label fills which field."""

from ingest.sources.reading import SourceError, read_source
from ingest.sources.source import Correction, Floors, Source

__all__ = ["Correction", "Floors", "Source", "SourceError", "read_source"]
