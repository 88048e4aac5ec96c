"""Which matter a question sounds like, by the habits of all wordings of a matter together.

The closest single wording can be chance. A matter (a fact, an open question) has habits: the share of its
wordings that hold a token, against the share over all matters (naive Bayes with a background).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.comparison import Numbers, inverted
from bot.dialogue.units import Unit

_BACKGROUND = 0.15
"""Share of a wording's tokens that any matter may bring."""
_TEMPERATURE = 4.0
"""Softens the beliefs: tokens of one wording are not independent."""
_HALF_KEPT = 2.0
"""Mean log-ratio of a token at which habits are half kept."""
_FEW = 3
"""Tokens that a short question is short of: their mean tells less."""


class Affinity:
    """The habits of every matter, ready for comparison; rows are those of ``units``."""

    def __init__(self, units: Sequence[Unit]) -> None:
        wordings: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        for unit in units:
            for matter in () if unit.is_card else unit.matters:
                wordings[matter] += unit.question_tokens
        numbers = {matter: number for number, matter in enumerate(wordings)}
        self._matters_of = [[numbers[m] for m in unit.matters if m in numbers] for unit in units]
        self._matters = len(numbers)
        self._habits = _habits(list(wordings.values()))

    def compare(self, tokens: frozenset[str]) -> tuple[Numbers, Numbers]:
        """For each matter its share of belief (they sum to one), and how well its habits are kept, 0..1."""
        score: Numbers = np.zeros(self._matters)
        for token in tokens:
            if token in self._habits:
                numbers, ratios = self._habits[token]
                score[numbers] += ratios
        belief = np.exp((score - score.max(initial=0.0)) / _TEMPERATURE)
        habit = score / (len(tokens) + _FEW)
        return belief / max(1.0, float(belief.sum())), habit / (habit + _HALF_KEPT)

    def of(self, values: Numbers, row: int) -> float:
        """The largest value among the matters of a unit; 0 for a card."""
        return max((float(values[number]) for number in self._matters_of[row]), default=0.0)


def _habits(
    wordings: Sequence[Sequence[frozenset[str]]],
) -> dict[str, tuple[NDArray[np.int64], Numbers]]:
    """Token → the matters that use it, and how much more than others do (log-ratio, ≥ 0)."""
    rows = [tokens for asked in wordings for tokens in asked]
    matter_of = np.repeat(np.arange(len(wordings), dtype=np.int64), [len(asked) for asked in wordings])
    tokens, marks, numbers = inverted(rows)
    width = max(1, len(wordings))
    cells, counts = np.unique(marks * width + matter_of[numbers], return_counts=True)
    marks, matters = np.divmod(cells, width)
    share = counts / np.array([len(asked) + 1.0 for asked in wordings])[matters]
    common = (np.bincount(marks, weights=share, minlength=len(tokens)) + 0.5) / (len(wordings) + 1)
    ratios = np.log1p(share / common[marks] * (1 - _BACKGROUND) / _BACKGROUND)
    starts = np.searchsorted(marks, np.arange(len(tokens) + 1))
    return {
        token: (matters[starts[mark] : starts[mark + 1]], ratios[starts[mark] : starts[mark + 1]])
        for mark, token in enumerate(tokens)
    }
