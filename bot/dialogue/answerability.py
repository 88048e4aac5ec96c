"""Step 3: does the best evidence answer *this* question? A probability for the question as a whole.

The matcher says which unit fits best; this says whether that is good enough. A second logistic model
looks at the best match, at how far the next different matter is behind, and at whether matches agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bot.dialogue.matching import Match

ANSWERABLE_FEATURES = (
    "top",  # confidence of the best match
    "lead",  # its lead over the best match about other facts
    "agreement",  # share of the five best matches that carry the same facts
    "close",  # asked in nearly the same words
    "coverage",
    "grasp",  # how much of the library's matter the question names
    "known_nouns",  # share of the things named that the best match speaks of
    "missing_nouns",  # weight of the things named that it does not speak of
    "unasked",
    "strange",
    "unknown",
    "firm_gap",
    "type_held",  # what is asked for (an amount, a person …) is there
    "type_lacking",
    "slot_conflict",
    "boundary",  # a cue of a matter that is not ours
)
AGAINST = frozenset(
    {
        "unasked",
        "missing_nouns",
        "strange",
        "unknown",
        "firm_gap",
        "type_lacking",
        "slot_conflict",
        "boundary",
    }
)
"""Features that speak against answering."""
_LOOK_AT = 5


def answerable_features(matches: Sequence[Match], boundary: bool) -> dict[str, float]:
    """The features of a question from its matches (at least one), each 0..1."""
    best = matches[0]
    others = [match for match in matches[1:] if not _same_matter(match, best)]
    agreeing = [match for match in matches[:_LOOK_AT] if _same_matter(match, best)]
    next_best = others[0].confidence if others else 0.0
    return {
        "top": best.confidence,
        "lead": best.confidence - next_best,
        "agreement": len(agreeing) / _LOOK_AT,
        "close": best.features["close"],
        "coverage": best.features["coverage"],
        "grasp": best.features["grasp"],
        "known_nouns": best.features["known_nouns"],
        "missing_nouns": best.features["missing_nouns"],
        "unasked": best.features["unasked"],
        "strange": best.features["strange"],
        "unknown": best.features["unknown"],
        "firm_gap": best.features["firm_gap"],
        "type_held": best.features["type_held"],
        "type_lacking": best.features["type_lacking"],
        "slot_conflict": float(best.features["slots"] == 0.0),
        "boundary": float(boundary),
    }


def _same_matter(one: Match, other: Match) -> bool:
    """Whether two matches rest on a common fact; guidance and cards agree with nothing but themselves."""
    return bool(set(one.unit.facts) & set(other.unit.facts)) or one.unit.id == other.unit.id


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic model, 0..1."""
    score = weights["intercept"] + sum(weights[name] * features[name] for name in ANSWERABLE_FEATURES)
    return 1 / (1 + math.exp(-score))
