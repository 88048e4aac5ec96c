"""The things and actions that a message names, and how many of them a unit speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import rjieba

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.units import Unit, pairs

_THINGS = frozenset({"n", "nz", "nt", "vn", "an", "l", "j", "i", "eng"})
"""Part-of-speech marks of things (jieba): nouns, names of bodies, verbal nouns, set phrases."""
_ACTIONS = frozenset({"v", "vd", "a"})
_HALF_KNOWN = 4.0
"""Weight at which a feature is one half."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing or action: character pairs, official terms, weight."""

    tokens: frozenset[str]
    terms: frozenset[str]
    weight: float
    is_thing: bool


def named(text: str, lexicon: Lexicon, weight: Callable[[str], float]) -> list[Named]:
    """What a normalised text names, in words of at least two characters."""
    found = []
    for word, kind in rjieba.tag(text):
        if len(word) > 1 and kind in _THINGS | _ACTIONS:
            tokens = pairs(word)
            rarest = max(weight(token) for token in tokens)
            found.append(Named(tokens, lexicon.terms(word), rarest, kind in _THINGS))
    return found


def naming_features(names: Sequence[Named], unit: Unit) -> dict[str, float]:
    """Share of the things known to the unit, weight of those unknown, the most telling unknown word."""
    known = missing = peak = 0.0
    spoken = unit.tokens | unit.topic_tokens
    for name in names:
        covered = 2 * len(name.tokens & spoken) >= len(name.tokens)
        if covered or (name.terms and name.terms <= unit.terms):
            known += name.weight * name.is_thing
        else:
            missing += name.weight * name.is_thing
            peak = max(peak, name.weight)
    return {
        "known_nouns": known / (known + missing) if known + missing else 0.5,
        "missing_nouns": missing / (missing + _HALF_KNOWN),
        "missing_peak": peak / (peak + _HALF_KNOWN),
    }
