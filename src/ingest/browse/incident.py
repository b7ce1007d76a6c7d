"""What an incident's page shows besides its row: parts, source and timeline."""

from __future__ import annotations

import json
from typing import Any

from ingest.browse.facets import PARTS
from ingest.browse.timeline import read_versions_of

SHOWN_VERSIONS = 50
FACTS = {
    "date_occurred": "Occurred",
    "date_reported": "Reported",
    "jurisdiction": "Jurisdiction",
    "ai_provider": "AI provider",
    "model": "Model",
    "industry": "Industry",
    "application_type": "Application",
    "harm_type": "Harm",
    "human_review": "Human review in place",
    "litigation_filed": "Litigation filed",
}
SECTIONS = {
    "description": "What happened",
    "root_cause": "Root cause",
    "mitigation": "Mitigation",
    "lessons_learned": "Lessons learned",
}
LINKED = frozenset({"ai_provider", "model", "jurisdiction"})
"""Facts by whose whole value the list of incidents can be filtered; of the others in PARTS, by each part."""
_INCIDENT = """
SELECT i.*, s.name AS source_name, s.home_url, s.licence, s.terms_url, s.attribution
FROM incidents i JOIN sources s ON s.id = i.source WHERE i.id = ?
"""


async def read_incident(database: Any, incident_id: str) -> dict[str, Any]:
    """What the template needs; nothing where there is no such incident."""
    row = (await database.execute(_INCIDENT, [incident_id])).first()
    if row is None:
        return {}
    incident = dict(row)
    for name in ("tags", "citations", "raw", "extra"):
        incident[name] = json.loads(incident[name])
    return {
        "incident": incident,
        "facts": FACTS,
        "sections": SECTIONS,
        "slugs": PARTS,
        "linked": LINKED,
        "versions": await read_versions_of(database, incident_id, SHOWN_VERSIONS),
    }
