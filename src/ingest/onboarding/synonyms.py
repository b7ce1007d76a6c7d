"""What sites call the fields of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.labels import label_key

_SURE = {
    "severity": "severity; severity level; severity rating; risk level; threat level; criticality; seriousness",
    "category": "category; incident category; incident type; type of incident; classification; failure mode; type",
    "industry": "industry; sector; industry sector; business sector; affected industry; affected sector",
    "status": "status; incident status; current status; case status; resolution status",
    "application_type": "application type; type of application; application; use case; system type; ai surface",
    "harm_type": "harm type; type of harm; kind of harm; harm; harm category; type of impact; impact type",
    "date_occurred": "date occurred; occurred; occurred on; date of occurrence; occurrence date; incident date; "
    "date of incident; event date; date of event; date of accident; accident date; happened; happened on; when",
    "date_reported": "date reported; reported; reported on; report date; date of report; first reported; disclosed; "
    "date disclosed; disclosure date; date of disclosure; publicly disclosed; reported at",
    "jurisdiction": "jurisdiction; country; countries; country of incident; nation",
    "ai_provider": "ai provider; provider; ai developer; developer; vendor; ai vendor; developed by; model provider; "
    "system developer; supplier; manufacturer",
    "model": "model; ai model; model name; ai system; system name; model version",
    "human_review": "human review in place; human review; human oversight; human in the loop; reviewed by human",
    "litigation_filed": "litigation filed; litigation; lawsuit filed; lawsuit; legal action; legal action taken",
    "summary": "summary; abstract; synopsis; in brief; short description; brief description; at a glance; tldr",
    "tags": "tags; keywords",
    "description": "full description; description; what happened; incident description; event description; "
    "description of event; narrative; incident details; details; incident summary; case description; the incident",
    "root_cause": "root cause; root causes; root cause analysis; cause; causes; why it happened; why did it happen; "
    "probable cause; causal factors; contributing factors",
    "mitigation": "mitigation; mitigations; mitigation analysis; remediation; corrective action; corrective actions; "
    "countermeasures; response; response and mitigation; actions taken; workaround; solution; resolution",
    "lessons_learned": "lessons learned; lesson learned; lessons; takeaways; key takeaways; learnings; "
    "what we learned; what can we learn; what did we learn",
    "citations": "sources; references; citations; incident reports; news coverage; media coverage; "
    "news, commentary, analysis; further reading; bibliography; external links",
}
"""By field, phrases that mean it, the most telling one first."""

_MAYBE = {
    "severity": "risk; priority; level; harm level; impact level",
    "category": "issue; issue type; kind; what kind; failure type; primary pattern; pattern; topic; theme; class; "
    "domain",
    "industry": "domain; vertical; market; field; area",
    "status": "state; stage; phase; investigation status; outcome; disposition; verification",
    "application_type": "technology; purpose; product type; function; business function; ai task; capability",
    "harm_type": "impact; consequence; consequences; damage; effect; injury; harms",
    "date_occurred": "date; start date; began; started; discovered",
    "date_reported": "published; date published; publication date; published on; issued; date issued; announced; "
    "posted; posted on; date added; added; created; indexed; filed; received; released",
    "jurisdiction": "location; place; region; regions; where; state; city; geography; territory; incident location",
    "ai_provider": "company; organization; organisation; operator; deployer; operated by; deployed by; maker",
    "model": "system; product; product name; algorithm; software; tool",
    "summary": "overview; description; introduction",
    "tags": "topics; themes; subjects; labels",
    "description": "summary; overview; background; story; report; report summary; event; what; abstract; about",
    "root_cause": "analysis; why; what went wrong; factors",
    "mitigation": "recommendations; recommendation; fix; patch; resolution; outcome; how it was resolved; "
    "how it was fixed; what was done; what changed",
    "lessons_learned": "conclusion; conclusions; recommendations; how to prevent this",
    "citations": "source; more info; more information; read more; links; news; reports; evidence; related reports; "
    "documents; related links; reporting",
}
"""By field, phrases that often mean it, and often something else."""

_NOISE = (
    "last updated; last modified; updated; modified; last edited; date modified; last reviewed; page views; views; "
    "editor; edited by; contributor; submitted by"
)
"""Labels of the page itself: when it was edited and by whom, how often it was read. In the record they are changes."""

_FILLERS = frozenset("a an and at by for in involved is of on or the to was were this".split())
_QUESTIONS = ("how ", "what", "when", "where", "why ")
_FURTHER_WORDS = 2
_WORD = re.compile(r"[^\W_]+")


def known_phrases() -> Iterator[str]:
    """Every phrase of the tables, to look for on pages."""
    for phrases in (*_SURE.values(), *_MAYBE.values(), _NOISE):
        for phrase in phrases.split("; "):
            yield phrase
            if phrase.startswith(_QUESTIONS):
                yield f"{phrase}?"


def is_noise(label: str) -> bool:
    """Whether a label speaks of the page and not of its incident."""
    return _tokens(label) in map(_tokens, _NOISE.split("; "))


def rank(label: str, field: str) -> tuple[int, int] | None:
    """How well a label's words say a field, the smaller the better; None where they don't.

    0: a phrase that means it; 1: one that often does, or several words of which each does; 2: further words beside a
    telling phrase. The second number is the phrase's rank.
    """
    tokens = _tokens(label)
    if not tokens:
        return None
    sure, maybe = (list(map(_tokens, table[field].split("; "))) if field in table else [] for table in (_SURE, _MAYBE))
    for level, phrases in enumerate((sure, maybe)):
        if tokens in phrases:
            return level, phrases.index(tokens)
    if all(frozenset({token}) in (*sure, *maybe) for token in tokens):
        return 1, len(maybe)
    for place, phrase in enumerate(sure):
        telling = len(phrase) > 1 or place == 0
        if telling and phrase < tokens and len(tokens) <= len(phrase) + _FURTHER_WORDS:
            return 2, place
    return None


@cache
def _tokens(text: str) -> frozenset[str]:
    """A label's words without fillers, in the singular."""
    words = [_singular(word) for word in _WORD.findall(label_key(text))]
    return frozenset(word for word in words if word not in _FILLERS) or frozenset(words)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
