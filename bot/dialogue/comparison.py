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
        self._places, marks, numbers = inverted(rows)
        weights = np.array([weight(token) for token in self._places], dtype=np.float64)
        mass = np.bincount(numbers, weights=weights[marks], minlength=len(rows))
        self.mass: Numbers = mass.astype(np.float64)  # without a token numpy counts in integers

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


def inverted(
    rows: Sequence[frozenset[str]],
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64], NDArray[np.int64]]:
    """Token → the rows that hold it, ascending; tokens in order of first appearance.

    Returns:
        the lists, and for every entry of all lists in their order the token's number and the row.
    """
    marks_of: dict[str, int] = {}
    marks = np.array(
        [marks_of.setdefault(token, len(marks_of)) for tokens in rows for token in tokens], dtype=np.int64
    )
    sizes = np.fromiter((len(tokens) for tokens in rows), dtype=np.int64, count=len(rows))
    order = np.argsort(marks, kind="stable")
    numbers = np.repeat(np.arange(len(rows), dtype=np.int64), sizes)[order]
    marks = marks[order]
    ends = np.cumsum(np.bincount(marks, minlength=len(marks_of)))
    starts = np.concatenate([[0], ends])
    places = {token: numbers[starts[mark] : starts[mark + 1]] for token, mark in marks_of.items()}
    return places, marks, numbers


def best_of_groups(values: Numbers, starts: NDArray[np.int64]) -> Numbers:
    """The largest value of each run of rows; ``starts`` are the first rows of the runs."""
    return np.asarray(np.maximum.reduceat(values, starts))
