"""Step before retrieval: messages that are not policy questions, and dangers that come first."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.understanding import Question
from bot.dialogue.wording import intent_cues
from knowledge.models import Boundary

CRISIS = ("danger", "missing_child", "poisoning", "sexual_harm", "fraud")
"""Emergency number first, nothing else (DESIGN §5 rule 6)."""
SAFETY_FIRST = "violence_past"
"""Violence that is reported: the emergency number stands before the policy answer."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes. ``intent`` is ``policy`` for everything that retrieval should answer."""

    intent: str
    safety_first: bool = False
    boundary: Boundary | None = None


def route(question: Question, boundaries: tuple[tuple[Boundary, str], ...]) -> Route:
    """Decide by cue lists (``intents.yaml``); the first intent that matches wins."""
    if question.empty:
        return Route("empty")
    safety_first = False
    for cue in intent_cues():
        if not cue.matches(question.text):
            continue
        if cue.id == SAFETY_FIRST:
            safety_first = True
            continue
        if cue.short is not None and question.terms and cue.id != "human":
            continue
        return Route(cue.id)
    if question.wordless:
        return Route("symbols_only")
    return Route("policy", safety_first, boundaries[0][0] if boundaries else None)
