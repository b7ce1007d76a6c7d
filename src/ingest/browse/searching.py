"""Searches that stay quick where very many incidents have the word.

Datasette asks for `rowid in (matches)`, and SQLite then reads the whole row of every match, of 4 kB and more, before
it sorts, counts or groups them. With a plus sign before `rowid` it goes through an index that has what is asked for,
and looks each up among the matches: for a word that all of 100,000 incidents have, a tenth of the work.
"""

from __future__ import annotations

import re

_MATCHES = re.compile(r"(?<![\w\].+])rowid(?= in \(select rowid from \[?incidents_fts\b)", re.IGNORECASE)


def go_by_index(sql: str) -> str:
    """The query of a search with the same answer by the quicker way; any other as it is."""
    return _MATCHES.sub("+rowid", sql)
