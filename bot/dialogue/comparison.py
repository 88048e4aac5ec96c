"""Comparing one set of tokens with many at once, by weight of what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class TokenRows:
    """Rows of tokens with an inverted list.

    Args:
        rows: the token sets to compare with.
        weight: how much a token tells.
    """

    def __init__(self, rows: Sequence[frozenset[str]], weight: Callable[[str], float]) -> None:
        self._weight = weight
        places: dict[str, list[int]] = {}
        for number, tokens in enumerate(rows):
            for token in tokens:
                places.setdefault(token, []).append(number)
        self._places = {token: np.array(numbers, dtype=np.int32) for token, numbers in places.items()}
        self.mass: Numbers = np.zeros(len(rows))
        for token, numbers in self._places.items():
            self.mass[numbers] += weight(token)

    def shared(self, tokens: Iterable[str]) -> Numbers:
        """For each row the weight of the tokens that it shares."""
        total: Numbers = np.zeros(len(self.mass))
        for token in tokens:
            numbers = self._places.get(token)
            if numbers is not None:
                total[numbers] += self._weight(token)
        return total

    def dice(self, tokens: frozenset[str], mass: float) -> Numbers:
        """For each row twice the shared weight over the weight of both, 0..1."""
        whole = self.mass + mass
        return np.divide(2 * self.shared(tokens), whole, out=np.zeros_like(whole), where=whole > 0)


def best_of_groups(values: Numbers, starts: NDArray[np.int64]) -> Numbers:
    """The largest value of each run of rows; ``starts`` are the first rows of the runs."""
    return np.asarray(np.maximum.reduceat(values, starts))
