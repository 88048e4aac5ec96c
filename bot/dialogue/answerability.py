"""Step 3: does the best evidence answer *this* question? A probability for the question as a whole.

The matcher says which unit fits best; this says whether that is good enough. A second logistic model
looks at the best match, at how far the next different matter is behind, at open questions that compete with
it, and at whether the question is worded as people ask for what no text gives.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bot.dialogue.matching import Match

ANSWERABLE_FEATURES = (
    "lead",  # confidence of the best match over the best one about other facts
    "close",  # asked in nearly the same words
    "habit",  # keeps to the habits of the matter's wordings
    "asking",  # share of the part that asks of which the best match speaks
    "missing_nouns",  # weight of the things named that it does not speak of
    "unasked",
    "strange",
    "unknown",
    "firm_gap",
    "type_lacking",  # what is asked for (an amount, a person, a reason …) is not there
    "slot_conflict",
    "boundary",  # a cue of a matter that is not ours
    "unsaid",  # worded as open questions are
    "open_rival",  # confidence of the best open question among the other matches
    "open_echo",  # how much more its wordings ask what is asked here
    "meaning",
)
AGAINST = frozenset(ANSWERABLE_FEATURES) - {"lead", "close", "habit", "asking", "meaning"}
"""Features that speak against answering."""
_TAKEN_OVER = (
    "close",
    "habit",
    "asking",
    "missing_nouns",
    "unasked",
    "strange",
    "unknown",
    "firm_gap",
    "type_lacking",
    "unsaid",
    "meaning",
)
"""Features of the best match."""
_RIVALS = 10
"""Matches that are looked at; the open questions among them compete."""


def answerable_features(matches: Sequence[Match], boundary: bool) -> dict[str, float]:
    """The features of a question from its matches (at least one, surest first), each 0..1."""
    best, *others = matches[:_RIVALS]
    different = [match for match in others if not match.unit.same_matter(best.unit)]
    unsaid = [match for match in others if match.unit.is_open]
    echo = max((match.features["echo"] for match in unsaid), default=0.0)
    return {
        **{name: best.features[name] for name in _TAKEN_OVER},
        "lead": best.confidence - (different[0].confidence if different else 0.0),
        "slot_conflict": float(best.features["slots"] == 0.0),
        "boundary": float(boundary),
        "open_rival": unsaid[0].confidence if unsaid else 0.0,
        "open_echo": max(0.0, echo - best.features["echo"]),
    }


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic model, 0..1."""
    score = weights["intercept"] + sum(weights[name] * features[name] for name in ANSWERABLE_FEATURES)
    return 1 / (1 + math.exp(-score))
