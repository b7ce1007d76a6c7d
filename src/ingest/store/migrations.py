"""The schema as numbered steps. A step that has been released is never edited; a change is a further step."""

from __future__ import annotations

from sqlite3 import complete_statement

from sqlite_utils import Database, Migrations

migrations = Migrations("ingest")

SOURCES = """
CREATE TABLE sources ( -- One row a site; what its file says of it, as of its last run.
    id TEXT PRIMARY KEY, -- The source's name, and what comes before the colon in an incident's id.
    name TEXT NOT NULL, -- The site's title.
    home_url TEXT NOT NULL, -- Where the site begins.
    licence TEXT, -- The licence of the site's texts, where one is known.
    terms_url TEXT, -- The site's terms of use.
    attribution TEXT, -- How the site is to be credited.
    parser_version TEXT NOT NULL, -- The version of the parser in the last run.
    origin TEXT NOT NULL -- The scheme and host that the pages were fetched from; another one is refused.
) STRICT;
"""

RUNS = """
CREATE TABLE runs ( -- One row a run, kept for ever.
    id TEXT PRIMARY KEY, -- Begins with the run's start, so that ids sort by time.
    flow TEXT NOT NULL CHECK (flow IN ('scrape', 'retry', 'reparse')), -- What kind of run it was.
    source TEXT NOT NULL REFERENCES sources(id), -- The source that it worked on.
    started_at TEXT NOT NULL, -- When it began.
    finished_at TEXT, -- When it ended; the last heartbeat of a run that died.
    heartbeat_at TEXT NOT NULL, -- When it last committed something.
    outcome TEXT -- How it ended; null while it runs.
        CHECK (outcome IN ('completed', 'incomplete', 'held', 'failed', 'interrupted')),
    message TEXT, -- Why it ended that way.
    listing_complete INTEGER CHECK (listing_complete IN (0, 1)), -- Whether every page of the listing was read.
    listed INTEGER, -- How many incidents the listing named.
    deferred INTEGER NOT NULL DEFAULT 0, -- How many URLs were left to a later run, because their host is.
    continues TEXT REFERENCES runs(id), -- The interrupted run whose work it took over.
    parser_version TEXT, -- The version of the parser that it reads with.
    code_version TEXT NOT NULL, -- The version of ingest.
    prefect_run_id TEXT, -- The flow run in Prefect, where there was one.
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX runs_source ON runs(source, started_at);
"""

PAGES = """
CREATE TABLE pages ( -- One row a body in the archive.
    sha256 TEXT PRIMARY KEY, -- SHA-256 of the body after its content coding is undone, in hex.
    warc_file TEXT NOT NULL, -- The archive's file that holds it as it was received.
    warc_offset INTEGER NOT NULL, -- Where its record begins in the file, in bytes.
    warc_length INTEGER NOT NULL, -- The length of its record in the file, in bytes.
    size INTEGER NOT NULL, -- The length of the decoded body, in bytes.
    content_type TEXT, -- The Content-Type header.
    charset TEXT, -- The encoding that the header names.
    first_fetched_at TEXT NOT NULL -- When this body was first received.
) STRICT;
CREATE UNIQUE INDEX pages_place ON pages(warc_file, warc_offset);
"""

URLS = """
CREATE TABLE urls ( -- The work list and the heartbeat: one row a URL of a source, touched by every run.
    url TEXT PRIMARY KEY, -- The canonical URL, always the source's own.
    source TEXT NOT NULL REFERENCES sources(id), -- The source that names it.
    kind TEXT NOT NULL CHECK (kind IN ('listing', 'incident')), -- A listing page or sitemap, or an incident's page.
    first_seen TEXT NOT NULL, -- When a listing first named it.
    last_seen TEXT NOT NULL, -- When a listing last named it.
    missing_since TEXT, -- When a completed run first found it neither named nor answering.
    last_fetched TEXT, -- When it last gave a result of any kind.
    etag TEXT, -- The ETag of the page that was last read.
    last_modified TEXT, -- The Last-Modified header of the page that was last read.
    page_sha256 TEXT REFERENCES pages(sha256), -- The page that was last read; a refused page does not count.
    parser_version TEXT, -- The version of the parser that last read it.
    next_attempt_at TEXT, -- After a failure that may pass: when a retry by schedule takes it up.
    listed_run_id TEXT REFERENCES runs(id), -- The last run whose listing named it.
    result_run_id TEXT REFERENCES runs(id), -- The last run that committed a result for it.
    reread_run_id TEXT REFERENCES runs(id) -- The last reparse that has read its page again.
) STRICT;
CREATE INDEX urls_source ON urls(source, kind, url);
"""

HOSTS = """
CREATE TABLE hosts ( -- Hosts that asked to be left alone, or failed too often in a row.
    host TEXT PRIMARY KEY, -- Its name, with its port where that is neither 80 nor 443.
    not_before TEXT NOT NULL, -- Not to be requested before then.
    reason TEXT NOT NULL CHECK (reason IN ('asked', 'down')), -- Whether it asked for it (Retry-After), or was down.
    noted_at TEXT NOT NULL -- When that was learned.
) STRICT;
"""

FETCHES = """
CREATE TABLE fetches ( -- One row an attempt to fetch a URL, those for robots.txt included.
    id INTEGER PRIMARY KEY, -- In the order of commits.
    run_id TEXT NOT NULL REFERENCES runs(id), -- The run that made it.
    url TEXT NOT NULL, -- The URL that was asked for.
    attempt INTEGER NOT NULL, -- Its number among the attempts of the run for this URL, from 1.
    started_at TEXT NOT NULL, -- When its first request was sent.
    elapsed_ms INTEGER NOT NULL, -- How long it took, in milliseconds.
    outcome TEXT NOT NULL, -- ok, unchanged, or the kind of its failure.
    status INTEGER, -- The HTTP status of the last answer; null without an answer.
    final_url TEXT, -- Where redirects led.
    error TEXT, -- What went wrong, in words.
    headers TEXT, -- The last answer's headers as JSON pairs, without cookies.
    page_sha256 TEXT REFERENCES pages(sha256) -- The body that it gave, or that an answer 304 stands for.
) STRICT;
CREATE INDEX fetches_run ON fetches(run_id, outcome);
CREATE INDEX fetches_url ON fetches(url, started_at);
"""

FAILURES = """
CREATE TABLE failures ( -- One row a run, URL and stage that failed.
    id INTEGER PRIMARY KEY, -- In the order of commits.
    run_id TEXT NOT NULL REFERENCES runs(id), -- The run in which it failed.
    url TEXT NOT NULL, -- The URL that gave no record.
    source TEXT NOT NULL REFERENCES sources(id), -- The source of the URL.
    stage TEXT NOT NULL CHECK (stage IN ('fetch', 'parse', 'validate')), -- Where it failed, and where a retry starts.
    kind TEXT NOT NULL, -- What failed, in one word.
    transient INTEGER NOT NULL CHECK (transient IN (0, 1)), -- 1 where it may pass by itself.
    message TEXT NOT NULL, -- What failed, in a sentence.
    detail TEXT, -- Evidence as a JSON object, such as the field and its printed text.
    page_sha256 TEXT REFERENCES pages(sha256), -- The archived page that shows it.
    failed_at TEXT NOT NULL, -- When the failure was committed.
    resolved_at TEXT, -- When the URL got past this stage.
    resolution TEXT CHECK (resolution IN ('read', 'fetched', 'removed', 'dismissed', 'accepted')), -- How it did.
    reason TEXT, -- Why a person dismissed it.
    CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
    UNIQUE (run_id, url, stage)
) STRICT;
CREATE INDEX failures_open ON failures(url, failed_at) WHERE resolved_at IS NULL;
"""

DRIFT = """
CREATE TABLE drift ( -- What pages print that the source's file does not foresee.
    source TEXT NOT NULL REFERENCES sources(id), -- The source of the pages.
    kind TEXT NOT NULL -- What is unforeseen.
        CHECK (kind IN ('unknown_label', 'unknown_value', 'missing_label', 'assertion')),
    field TEXT NOT NULL, -- The record's field, or the label as printed.
    value TEXT NOT NULL, -- The text as printed; empty where there is none.
    pages INTEGER NOT NULL, -- How many distinct URLs print it, as they were last read.
    example_url TEXT NOT NULL, -- One of them.
    first_seen TEXT NOT NULL, -- When it was first read.
    last_seen TEXT NOT NULL, -- When it was last read.
    accepted_at TEXT, -- When a person said that it is right.
    PRIMARY KEY (source, kind, field, value)
) STRICT;
CREATE TABLE drift_urls ( -- The distinct URLs behind drift.pages.
    source TEXT NOT NULL, -- As in drift.
    kind TEXT NOT NULL, -- As in drift.
    field TEXT NOT NULL, -- As in drift.
    value TEXT NOT NULL, -- As in drift.
    url TEXT NOT NULL, -- A URL that prints it.
    PRIMARY KEY (source, kind, field, value, url),
    FOREIGN KEY (source, kind, field, value) REFERENCES drift(source, kind, field, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_urls_url ON drift_urls(url);
"""

FIGURES = """
CREATE TABLE figures ( -- One row a figure that a run was compared by.
    run_id TEXT NOT NULL REFERENCES runs(id), -- The run; the figure is of the source as the run left it.
    measure TEXT NOT NULL -- Incidents listed, those not removed, pages read, incidents with a field, known values.
        CHECK (measure IN ('listed', 'incidents', 'read', 'fill', 'known')),
    field TEXT NOT NULL, -- The field of the record that a fill or known figure is of; else empty.
    value REAL NOT NULL, -- The figure: a count, or a share from 0 to 1.
    total INTEGER NOT NULL, -- How many things a share is of; a count itself.
    usual REAL, -- Its median in the recent runs of the source; null where there is none.
    floor REAL, -- The least value that is right, from the source's file or its recent runs; null where none is known.
    fell INTEGER NOT NULL CHECK (fell IN (0, 1)), -- 1 where the figure holds the run.
    example_url TEXT, -- A page to look at, where it does.
    note TEXT, -- What that page and others have in common, where it does.
    PRIMARY KEY (run_id, measure, field)
) STRICT, WITHOUT ROWID;
"""

ACCEPTANCES = """
CREATE TABLE acceptances ( -- One row a time that a person said that something is right.
    id INTEGER PRIMARY KEY, -- In the order of commits.
    source TEXT NOT NULL REFERENCES sources(id), -- The source that it is about.
    what TEXT NOT NULL CHECK (what IN ('run', 'page', 'drift')), -- What is right.
    run_id TEXT REFERENCES runs(id), -- A held run, with those before it.
    url TEXT, -- The URL of a page that empties its record.
    page_sha256 TEXT REFERENCES pages(sha256), -- That page, and no other one.
    kind TEXT, -- The kind of drift.
    field TEXT, -- The field or label of the drift.
    value TEXT, -- The printed text of the drift; null for all of the field's.
    accepted_at TEXT NOT NULL, -- When it was said.
    CHECK (what <> 'run' OR run_id IS NOT NULL),
    CHECK (what <> 'page' OR (url IS NOT NULL AND page_sha256 IS NOT NULL)),
    CHECK (what <> 'drift' OR (kind IS NOT NULL AND field IS NOT NULL))
) STRICT;
CREATE INDEX acceptances_source ON acceptances(source, what);
"""

# `number` gives the full-text index a key of its own: without an INTEGER PRIMARY KEY, VACUUM may renumber rowids
# (https://sqlite.org/lang_vacuum.html).
INCIDENTS = """
CREATE TABLE incidents ( -- One row an incident, as it stands; written only when it changes.
    id TEXT PRIMARY KEY, -- <source>:<slug>, the slug from the canonical URL.
    number INTEGER NOT NULL UNIQUE, -- The incident's row in incidents_fts.
    source TEXT NOT NULL REFERENCES sources(id), -- The site that reports it.
    url TEXT NOT NULL, -- Its page.
    title TEXT, -- Its title as printed.
    summary TEXT, -- The paragraph under the title.
    severity TEXT, -- Slug: low, medium, high or critical.
    category TEXT, -- Slug; several joined by '; '.
    industry TEXT, -- Slug; several joined by '; '.
    status TEXT, -- Slug.
    application_type TEXT, -- Slug; several joined by '; '.
    harm_type TEXT, -- Slug; several joined by '; '.
    date_occurred TEXT, -- EDTF, exactly as precise as the page: 2024-12-01, 2024-12, 2024 or 2023-11/2023-12.
    date_reported TEXT, -- EDTF, exactly as precise as the page.
    jurisdiction TEXT, -- As printed.
    ai_provider TEXT, -- As printed.
    model TEXT, -- As printed.
    human_review INTEGER CHECK (human_review IN (0, 1)), -- Whether a human review was in place: 1, 0, or null.
    litigation_filed INTEGER CHECK (litigation_filed IN (0, 1)), -- Whether litigation was filed: 1, 0, or null.
    description TEXT, -- Plain text; blocks are joined by a blank line, list items by a line end.
    root_cause TEXT, -- Plain text, like description.
    mitigation TEXT, -- Plain text, like description.
    lessons_learned TEXT, -- Plain text, like description.
    tags TEXT NOT NULL CHECK (json_valid(tags)), -- JSON list as printed, repeats dropped; compared as a set.
    citations TEXT NOT NULL CHECK (json_valid(citations)), -- JSON list of {title, publisher, date, kind, url}.
    raw TEXT NOT NULL CHECK (json_valid(raw)), -- JSON object: the source's label -> its printed value; evidence.
    extra TEXT NOT NULL CHECK (json_valid(extra)), -- JSON object: labels that no field claims -> their printed values.
    content_sha256 TEXT NOT NULL, -- SHA-256 of the record without raw.
    version INTEGER NOT NULL, -- The number of its last version, from 1.
    first_seen TEXT NOT NULL, -- When it was added.
    changed_at TEXT NOT NULL, -- When its last version was observed.
    removed_at TEXT, -- When the site was found to report it no longer; the record stays.
    moved_to TEXT -- The id of the incident that its page redirects to.
) STRICT;
CREATE INDEX incidents_source ON incidents(source, url);
CREATE INDEX incidents_date_occurred ON incidents(date_occurred);
CREATE INDEX incidents_ai_provider ON incidents(ai_provider);
CREATE INDEX incidents_category ON incidents(category);
CREATE INDEX incidents_severity ON incidents(severity);
"""

VERSIONS = """
CREATE TABLE incident_versions ( -- One row a version of an incident; rows are only ever added.
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- The global cursor: without gaps, in the order of commits.
    incident_id TEXT NOT NULL REFERENCES incidents(id), -- The incident.
    version INTEGER NOT NULL, -- Its number within the incident, from 1.
    change TEXT NOT NULL CHECK (change IN ('added', 'changed', 'removed', 'restored')), -- What happened.
    cause TEXT NOT NULL CHECK (cause IN ('site', 'parser')), -- Whether the site changed or our reading of it.
    run_id TEXT NOT NULL REFERENCES runs(id), -- The run that observed it.
    observed_at TEXT NOT NULL, -- When it was observed; never decreases with id.
    page_sha256 TEXT REFERENCES pages(sha256), -- The archived page that says so; null for a removal.
    parser_version TEXT NOT NULL, -- The parser that read the page.
    content_sha256 TEXT NOT NULL, -- SHA-256 of the record without raw.
    record TEXT NOT NULL CHECK (json_valid(record)), -- The whole record as JSON; a removal keeps the last one.
    UNIQUE (incident_id, version)
) STRICT;
CREATE INDEX incident_versions_run ON incident_versions(run_id);
CREATE INDEX incident_versions_observed ON incident_versions(observed_at);
CREATE TABLE incident_changes ( -- One row a field that a version changed.
    version_id INTEGER NOT NULL REFERENCES incident_versions(id), -- The version.
    field TEXT NOT NULL, -- The field of the record.
    old_value ANY, -- Its value before: null, text, 0 or 1, or JSON text for lists and objects.
    new_value ANY, -- Its value after.
    PRIMARY KEY (version_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_changes_field ON incident_changes(field);
"""

SEARCHED = ("title", "summary", "description", "root_cause", "mitigation", "lessons_learned")

SEARCH = """
CREATE VIRTUAL TABLE incidents_fts USING fts5(
    {columns}, content="incidents", content_rowid="number", tokenize='porter unicode61'
);
CREATE TRIGGER incidents_fts_insert AFTER INSERT ON incidents BEGIN
    INSERT INTO incidents_fts(rowid, {columns}) VALUES (new.number, {new});
END;
CREATE TRIGGER incidents_fts_delete AFTER DELETE ON incidents BEGIN
    INSERT INTO incidents_fts(incidents_fts, rowid, {columns}) VALUES ('delete', old.number, {old});
END;
CREATE TRIGGER incidents_fts_update AFTER UPDATE OF number, {columns} ON incidents BEGIN
    INSERT INTO incidents_fts(incidents_fts, rowid, {columns}) VALUES ('delete', old.number, {old});
    INSERT INTO incidents_fts(rowid, {columns}) VALUES (new.number, {new});
END;
""".format(
    columns=", ".join(SEARCHED),
    new=", ".join(f"new.{name}" for name in SEARCHED),
    old=", ".join(f"old.{name}" for name in SEARCHED),
)

VIEWS = """
CREATE VIEW recent_changes AS -- Versions with their field changes, newest first: what `ingest changes` prints.
SELECT v.id AS cursor, v.incident_id, v.version, v.change, v.cause, v.observed_at,
       c.field, c.old_value, c.new_value, i.title, v.run_id, v.page_sha256, v.parser_version
FROM incident_versions v
JOIN incidents i ON i.id = v.incident_id
LEFT JOIN incident_changes c ON c.version_id = v.id
ORDER BY v.id DESC, c.field;

CREATE VIEW open_failures AS -- The operator's work list: URL and stage, with the last of the failures that are open.
SELECT f.source, f.url, f.stage, f.kind, f.transient, f.message, f.detail, f.page_sha256,
       n.attempts, n.first_failed_at, f.failed_at AS last_failed_at,
       CASE f.transient WHEN 1 THEN u.next_attempt_at END AS next_attempt_at, f.run_id, f.id AS failure_id,
       u.kind AS url_kind
FROM (SELECT url, stage, count(*) AS attempts, min(failed_at) AS first_failed_at, max(id) AS last_id
      FROM failures WHERE resolved_at IS NULL GROUP BY url, stage) n
JOIN failures f ON f.id = n.last_id
LEFT JOIN urls u ON u.url = f.url;

CREATE VIEW open_drift AS -- The drift that pages still print and nobody has accepted.
SELECT source, kind, field, value, pages, example_url, first_seen, last_seen
FROM drift WHERE accepted_at IS NULL AND pages > 0;

CREATE VIEW run_report AS -- Each run with what came of it, in numbers.
SELECT r.id, r.flow, r.source, r.started_at, r.finished_at, r.outcome, r.message, r.listing_complete, r.listed,
       r.continues, r.deferred,
       (SELECT count(*) FROM fetches f WHERE f.run_id = r.id) AS requests,
       (SELECT count(*) FROM fetches f WHERE f.run_id = r.id AND f.outcome = 'unchanged') AS unchanged,
       coalesce(v.added, 0) AS added, coalesce(v.changed, 0) AS changed,
       coalesce(v.removed, 0) AS removed, coalesce(v.restored, 0) AS restored,
       (SELECT count(*) FROM failures x WHERE x.run_id = r.id) AS failed
FROM runs r
LEFT JOIN (SELECT run_id,
                  sum(change = 'added') AS added, sum(change = 'changed') AS changed,
                  sum(change = 'removed') AS removed, sum(change = 'restored') AS restored
           FROM incident_versions GROUP BY run_id) v ON v.run_id = r.id;

CREATE VIEW incident_tags AS -- One row a tag of an incident.
SELECT i.id AS incident_id, t.key AS position, t.value AS tag
FROM incidents i, json_each(i.tags) t;

CREATE VIEW incident_citations AS -- One row a source that an incident's page cites.
SELECT i.id AS incident_id, c.key AS position,
       c.value ->> 'title' AS title, c.value ->> 'publisher' AS publisher, c.value ->> 'date' AS date,
       c.value ->> 'kind' AS kind, c.value ->> 'url' AS url
FROM incidents i, json_each(i.citations) c;

CREATE VIEW incidents_history AS -- Versions with the time during which each was valid: valid_from <= T < valid_to.
SELECT v.id AS version_id, v.incident_id, v.version, v.change, v.cause, v.observed_at AS valid_from,
       lead(v.observed_at) OVER (PARTITION BY v.incident_id ORDER BY v.version) AS valid_to,
       v.page_sha256, v.parser_version, v.content_sha256, v.record
FROM incident_versions v;
"""


@migrations()
def step_1_first_schema(db: Database) -> None:
    """Sources, runs, pages, work list, failures, drift, incidents with history, search and views."""
    work = (SOURCES, RUNS, PAGES, URLS, HOSTS, FETCHES, FAILURES, DRIFT, FIGURES, ACCEPTANCES)
    for statement in split_statements("".join((*work, INCIDENTS, VERSIONS, SEARCH, VIEWS))):
        db.execute(statement)


@migrations()
def step_2_index_of_removed_incidents(db: Database) -> None:
    """Counting the incidents of a source, removed or not, then reads no incident."""
    db.execute("CREATE INDEX incidents_removed ON incidents(source) WHERE removed_at IS NOT NULL")


def split_statements(script: str) -> list[str]:
    """The statements of a script; a trigger's body stays whole. (`executescript` would commit the transaction.)"""
    statements, start = [], 0
    for index, character in enumerate(script):
        if character == ";" and complete_statement(script[start : index + 1]):
            statements.append(script[start : index + 1].strip())
            start = index + 1
    return statements
