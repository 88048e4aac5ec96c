"""Whether a question is worded as people ask for what no text gives (who pays, which school, why, the form).

A naive Bayes classifier (Laplace-smoothed, Bernoulli counts) over characters, pairs of characters and the
sorts of answers asked for. It learns from the library itself: open questions (``undetermined``) against
all wordings that get an answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.dialogue.answer_types import asked_types
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.units import Unit
from index.analysis import normalise

_CACHE_NAME = "unsaid"
_SMOOTHING = 3.0
_SELDOM = 4
"""Tokens of fewer wordings say nothing yet."""
_SPREAD = 10.0
"""Log-odds (over the root of the number of tokens) that lie between surely answered and surely open."""


class Unsaid:
    """The odds of every token, from the units' wordings.

    Args:
        units: what can be an answer; documents' cards are left out.
        cache: keeps the odds between starts.
    """

    def __init__(self, units: Iterable[Unit], cache: PreparedCache) -> None:
        kept = cache.get(_CACHE_NAME)
        self._odds: Mapping[str, float] = kept if isinstance(kept, dict) else _odds(units)
        if kept is None:
            cache.put(_CACHE_NAME, self._odds)

    def likeness(self, text: str) -> float:
        """0 as answered questions are worded, 1 as open ones, 0.5 between; the text is normalised."""
        odds = [self._odds[token] for token in _tokens(text) if token in self._odds]
        return min(1.0, max(0.0, 0.5 + sum(odds) / math.sqrt(len(odds) + 2) / _SPREAD))


def _odds(units: Iterable[Unit]) -> dict[str, float]:
    """Log-odds of each token: share of the open wordings that hold it, over that of the answered ones."""
    counts = {True: Counter[str](), False: Counter[str]()}
    totals = {True: 0, False: 0}
    for unit in units:
        if unit.is_card or (not unit.facts and not unit.is_open):
            continue
        for question in unit.questions:
            counts[unit.is_open].update(_tokens(normalise(question)))
            totals[unit.is_open] += 1
    whole = max(1, totals[True] + totals[False])
    share = {
        kind: {
            token: (counts[kind][token] + _SMOOTHING * totals[kind] / whole) / (totals[kind] + _SMOOTHING)
            for token in counts[True] | counts[False]
            if counts[True][token] + counts[False][token] >= _SELDOM
        }
        for kind in (True, False)
    }
    both = totals[True] and totals[False]
    return (
        {token: math.log(share[True][token] / share[False][token]) for token in share[True]} if both else {}
    )


def _tokens(text: str) -> frozenset[str]:
    pairs = (text[n : n + 2] for n in range(len(text) - 1))
    kinds = (f"?:{kind}" for kind in asked_types(text))
    return frozenset((*(c for c in text if c != " "), *(pair for pair in pairs if " " not in pair), *kinds))
