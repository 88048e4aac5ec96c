"""Ranks candidates by a weighted sum of their features. The weights are fitted, few, and in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.engines.scoring import Floats
from index.errors import SearchError
from index.relevance.features import FEATURES, Candidates
from knowledge.errors import Problem
from knowledge.yaml_reader import read_entry

WEIGHTS_FILE = Path(__file__).with_name("weights.yaml")
_DECIMALS = 5
"""Scores are compared at this precision, so that float rounding never decides an order: ids do."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear model over ``FEATURES``.

    Args:
        weights: a weight for each feature; missing ones count 0.
    """

    weights: Mapping[str, float]

    def scores(self, found: Candidates) -> Floats:
        """The sum of weighted features for each candidate."""
        weights = np.array([self.weights.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        return np.round(found.features @ weights, _DECIMALS)

    def parts(self, found: Candidates, row: int) -> dict[str, float]:
        """What each feature adds to the score of one candidate, in the order of ``FEATURES``."""
        values = found.features[row].tolist()
        return {
            name: round(self.weights[name] * value, 4)
            for name, value in zip(FEATURES, values, strict=True)
            if name in self.weights
        }


@cache
def ranker(semantic: bool) -> Ranker:
    """The fitted model: with embeddings or without.

    Raises:
        SearchError: the file of weights is missing or has an unknown feature.
    """
    problems: list[Problem] = []
    entry = read_entry(WEIGHTS_FILE, WEIGHTS_FILE.name, problems)
    group = entry.entry("semantic" if semantic else "lexical") if entry else None
    weights = {name: group.decimal(name) for name in FEATURES if group.has(name)} if group else {}
    if group:
        group.finish()
    if problems or not weights:
        raise SearchError(
            f"无法读取排序权重：{'；'.join(map(str, problems)) or WEIGHTS_FILE}。请重新安装程序。"
        )
    return Ranker(weights)
