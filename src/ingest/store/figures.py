"""The figures of a source as it stands, those of its recent runs, and what a comparison of them found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlite_utils import Database

from ingest.drift import Figure, Measure, Norms, Verdict, describe, judge
from ingest.guard import GUARDED
from ingest.store.runs import Run
from ingest.words import to_slug

RECENT = 5
"""So many runs say what is usual."""
_FILLED = ", ".join(
    f"sum({name} <> '[]') AS {name}" if name in ("tags", "citations") else f"count({name}) AS {name}"
    for name in GUARDED
)
_INCIDENTS = f"SELECT count(*) AS incidents, {_FILLED} FROM incidents WHERE source = ? AND removed_at IS NULL"
_REFUSED = """
FROM failures f LEFT JOIN incidents i ON i.source = f.source AND i.url = f.url
WHERE f.source = :source AND f.resolved_at IS NULL AND f.stage IN ('parse', 'validate') AND i.removed_at IS NULL
  AND f.url IN (SELECT url FROM urls WHERE kind = 'incident')
"""
_PAGES = f"""
SELECT count(DISTINCT f.url) AS refused, count(DISTINCT CASE WHEN i.id IS NULL THEN f.url END) AS never_read {_REFUSED}
"""
_KINDS = f"""
SELECT f.kind AS word, count(DISTINCT f.url) AS pages, max(f.url) AS url {_REFUSED}
GROUP BY f.kind ORDER BY pages DESC
"""
_WORDS = """
SELECT {field} AS value, count(*) AS incidents, max(url) AS url FROM incidents
WHERE source = ? AND removed_at IS NULL AND {field} IS NOT NULL GROUP BY {field}
"""
_EMPTY = """
SELECT url FROM incidents WHERE source = ? AND removed_at IS NULL AND ({field} IS NULL OR {field} = '[]')
ORDER BY changed_at DESC, url LIMIT 1
"""
# A run that was accepted is the new usual: what was before it does not count.
_GOOD = """
SELECT id FROM runs r WHERE source = :source AND id <> :run AND flow IN ('scrape', 'reparse')
  AND (outcome = 'completed' OR (outcome = 'held' AND id IN (SELECT run_id FROM acceptances WHERE what = 'run')))
  AND id >= coalesce((SELECT max(run_id) FROM acceptances WHERE what = 'run' AND source = :source), '')
ORDER BY id DESC LIMIT :limit
"""
_VALUES = f"SELECT measure, field, value FROM figures WHERE run_id IN ({_GOOD})"


def compare_run(db: Database, run: Run, norms: Norms, listing: Verdict | None = None) -> list[str]:
    """Compare a source as a run leaves it, keep the figures, and say in words which of them fell out.

    listing: the verdict on the run's listing, where it is complete. To be called within the transaction that ends the
    run.
    """
    recent: dict[tuple[str, str], list[float]] = {}
    for row in db.query(_VALUES, {"source": run.source, "run": run.id, "limit": RECENT}):
        recent.setdefault((row["measure"], row["field"]), []).append(row["value"])
    figures = _measure(db, run.source, norms)
    verdicts = [judge(one, recent.get((one.measure, one.field), []), norms.floors) for one in figures]
    verdicts += [listing] if listing else []
    db.table("figures").insert_all((_row(db, run, verdict, norms) for verdict in verdicts), replace=True)
    return [describe(verdict) for verdict in verdicts if verdict.fell]


def judge_listing(db: Database, run: Run, norms: Norms, listed: int) -> Verdict:
    """Compare what a complete listing names with the source's last complete listing that was believed."""
    query = f"SELECT value FROM figures WHERE measure = 'listed' AND run_id IN ({_GOOD}) ORDER BY run_id DESC LIMIT 1"
    rows = db.query(query, {"source": run.source, "run": run.id, "limit": -1})
    return judge(Figure("listed", "", listed, listed), [row["value"] for row in rows], norms.floors)


def _measure(db: Database, source: str, norms: Norms) -> Iterator[Figure]:
    counts = next(iter(db.query(_INCIDENTS, [source])))
    incidents = counts.pop("incidents")
    pages = next(iter(db.query(_PAGES, {"source": source})))
    total = incidents + pages["never_read"]
    yield Figure("incidents", "", incidents, incidents)
    yield Figure("read", "", _share(total - pages["refused"], total), total)
    for name, filled in counts.items():
        yield Figure("fill", name, _share(filled or 0, incidents), incidents)
    for name in norms.vocabularies:
        words = list(_count_words(db, source, name))
        unknown = {word for word, _, _ in words} - _known(db, source, name, norms)
        used = sum(count for _, count, _ in words)
        yield Figure("known", name, _share(used - sum(n for word, n, _ in words if word in unknown), used), used)


def _count_words(db: Database, source: str, field: str) -> Iterator[tuple[str, int, str]]:
    for row in db.query(_WORDS.format(field=field), [source]):
        for word in row["value"].split("; "):
            yield word, row["incidents"], row["url"]


def _known(db: Database, source: str, field: str, norms: Norms) -> set[str]:
    """The words of a vocabulary, and those that a person has accepted besides."""
    query = (
        "SELECT value FROM drift WHERE source = ? AND kind = 'unknown_value' AND field = ? AND accepted_at IS NOT NULL"
    )
    return {*norms.vocabularies[field], *(to_slug(row["value"]) for row in db.query(query, [source, field]))}


def _row(db: Database, run: Run, verdict: Verdict, norms: Norms) -> dict[str, Any]:
    figure = verdict.figure
    url, note = _evidence(db, run.source, figure, norms) if verdict.fell else (None, None)
    return {
        "run_id": run.id,
        "measure": figure.measure,
        "field": figure.field,
        "value": float(figure.value),
        "total": figure.of,
        "usual": verdict.usual,
        "floor": verdict.floor,
        "fell": int(verdict.fell),
        "example_url": url,
        "note": note,
    }


def _evidence(db: Database, source: str, figure: Figure, norms: Norms) -> tuple[str | None, str | None]:
    """A page that shows why a figure is low, and the words behind it with their numbers."""
    measure: Measure = figure.measure
    if measure == "read":
        kinds = [(row["word"], row["pages"], row["url"]) for row in db.query(_KINDS, {"source": source})]
        return _counted(kinds)
    if measure == "known":
        known = _known(db, source, figure.field, norms)
        unknown = [one for one in _count_words(db, source, figure.field) if one[0] not in known]
        return _counted(sorted(unknown, key=lambda one: -one[1]))
    if measure == "fill":
        rows = db.query(_EMPTY.format(field=figure.field), [source])
        return next((cast("str", row["url"]) for row in rows), None), None
    rows = db.query("SELECT url FROM incidents WHERE source = ? ORDER BY removed_at DESC, url LIMIT 1", [source])
    return next((cast("str", row["url"]) for row in rows), None), None


def _counted(words: Iterable[tuple[str, int, str]]) -> tuple[str | None, str | None]:
    first = list(words)[:5]
    return (first[0][2], ", ".join(f"{word}: {count}" for word, count, _ in first)) if first else (None, None)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
