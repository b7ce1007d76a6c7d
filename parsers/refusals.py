"""Why a page is no incident's: a challenge, an error page with status 200, an empty shell, a listing, half a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ingest.extraction import Refusal
from ingest.page import INLINE, TEXT, Node, fold
from parsers.claims import Claims
from parsers.outline import FURNITURE

_MANY_INCIDENTS: Final = 3
_MANY_BLOCKS: Final = 2
_FEW_LABELS: Final = 3
_SHELL_CHARACTERS: Final = 200
_CHALLENGE_CHARACTERS: Final = 3_000

_CHALLENGE: Final = re.compile(
    r"just a moment|attention required|checking (?:if the site connection is secure|your browser)|verify(?:ing)? "
    r"(?:that )?you are (?:a )?human|are you a (?:robot|human)|performing security verification|security check|captcha|"
    r"enable javascript and cookies|ddos protection|unusual traffic|access (?:to this page has been )?denied|"
    r"request (?:was )?blocked|bot detection|pardon our interruption",
    re.IGNORECASE,
)
_THING: Final = (
    r"(?:the |this |that )?(?:requested )?(?:page|incident|record|report|content|resource|url|entry|item|it|we)"
)
_NOT: Final = r"(?: ?n[o’']t| not)"
_LACK: Final = (
    rf"(?:was |is )?not found|(?:could{_NOT}|can(?:[’']t|not)) (?:be found|find (?:that|this|the|what|it)\b.*)"
    rf"|does{_NOT} exist|(?:is )?no longer (?:available|exists)|(?:has been|was) (?:removed|deleted)"
)
_NOT_FOUND: Final = re.compile(
    rf"(?:error\s*)?(?:404|410)\b.{{0,40}}|(?:oops|sorry|error)?\W*"
    rf"(?:not found|{_THING}(?: (?:that )?you\b.{{0,40}}?)?,? (?:{_LACK}))(?:\s*[.!|·–—-].{{0,60}})?",
    re.IGNORECASE,
)


def refuse(kind: str, message: str, detail: Mapping[str, str] | None = None) -> Refusal:
    """A refusal of the parser's stage."""
    return Refusal("parse", kind, message, detail or {})


def is_not_found(text: str) -> bool:
    """Whether a title says that there is no such page."""
    return _NOT_FOUND.fullmatch(text) is not None


def visible_text(root: Node, limit: int) -> str:
    """The first characters of the page's text, without the site's furniture."""
    pieces: list[str] = []
    length = 0
    stack = [root]
    while stack and length < limit:
        node = stack.pop()
        if node.tag == TEXT:
            pieces.append(node.text)
            length += len(node.text)
        elif node.tag not in FURNITURE and node.tag != "header":
            pieces.append("" if node.tag in INLINE else " ")
            stack.extend(reversed(node.children))
    return fold("".join(pieces))


def diagnose(root: Node, heading: str, listed: int, claims: Claims, own: bool) -> Refusal | None:
    """What a page is that does not prove to be an incident's; None for half an incident.

    heading: its first heading or title; listed: how many other incidents it links to; own: whether its URL is an
    incident's.
    """
    text = visible_text(root, _CHALLENGE_CHARACTERS)
    refusal = diagnose_text(heading, text)
    if refusal is not None:
        return refusal
    crowded = claims.repeated >= _MANY_BLOCKS or (
        not claims.sections and len(claims.labels) < _FEW_LABELS and listed >= _MANY_INCIDENTS
    )
    if crowded or (not own and listed > 1):
        return refuse("listing_page", f"The page lists {listed} other incidents and describes none of them.")
    if not claims.labels and not claims.sections and len(text) < _SHELL_CHARACTERS:
        return refuse("empty_shell", f"The page holds {len(text)} characters of text: a script would fill it.")
    return None


def diagnose_listing(root: Node) -> Refusal | None:
    """What a page is that should be a listing and names no incident; None for a list that is empty."""
    heading = next((node.whole_text() for node in root.find("h1", "title", "h2")), "")
    text = visible_text(root, _CHALLENGE_CHARACTERS)
    refusal = diagnose_text(heading, text)
    if refusal is None and not text.removesuffix("…").removesuffix("...").removesuffix("Loading"):
        return refuse("empty_shell", "The page holds no text: a script would fill it.")
    return refusal


def diagnose_text(heading: str, text: str) -> Refusal | None:
    """What a text says that is no content: a challenge, or that there is no such page."""
    if len(text) < _CHALLENGE_CHARACTERS and (challenge := _CHALLENGE.search(f"{heading} {text}")):
        return refuse("challenge", f"The page is a challenge and no content: it says {challenge[0]!r}.")
    if is_not_found(heading) or is_not_found(text[:200]):
        return refuse("soft_404", f"The page says that it was not found, with status 200: {heading[:100]!r}.")
    return None
