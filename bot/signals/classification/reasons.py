"""The words of a message that spoke for its class."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.signals.classification.grams import Grams
from bot.signals.words import without_stop_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_MOST_WORDS = 3
_MOST_GRAMS = 6
"""Bigrams looked at: several often lie in one word, or in a word that says nothing."""
_FAINTEST = 0.25
"""Bigrams that add less than this share of what the strongest adds are no reason."""
_BEFORE, _AFTER = 5, 7
"""Characters around a bigram that are cut into words."""


def strongest(
    grams: Grams, rows: csr_matrix, coefficients: NDArray[np.floating], chosen: NDArray[np.integer]
) -> Iterator[list[str]]:
    """The bigrams of each row that speak most for its class and not for the others, strongest first.

    Args:
        grams: What the columns of ``rows`` are.
        rows: Messages.
        coefficients: Features by classes.
        chosen: Class of each row.
    """
    contrast = np.ascontiguousarray((coefficients - coefficients.mean(axis=1, keepdims=True)).T)
    pairs = np.array([len(name) == 2 and "0" not in name for name in grams.names])
    number = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    parts = rows.data * contrast[chosen[number], rows.indices] * pairs[rows.indices]
    best = np.zeros(rows.shape[0], np.float32)
    np.maximum.at(best, number, parts)
    strong = np.flatnonzero((parts > 0) & (parts >= _FAINTEST * best[number]))
    strong = strong[np.lexsort((-parts[strong], number[strong]))]
    starts = np.searchsorted(number[strong], np.arange(rows.shape[0] + 1)).tolist()
    columns = rows.indices[strong].tolist()
    for start, end in pairwise(starts):
        yield [grams.names[column] for column in columns[start : min(end, start + _MOST_GRAMS)]]


def words_around(text: str, bigrams: list[str]) -> tuple[str, ...]:
    """The words of a text in which bigrams stand, in the bigrams' order, each once.

    Words of tone and politeness, and whatever masks or digits touch, are left out.
    """
    found: list[str] = []
    for bigram in bigrams:
        place = text.find(bigram)
        if place >= 0:
            start = max(0, place - _BEFORE)
            word = _covering(text[start : place + _AFTER], place - start)
            if word and not any(word in other for other in found):
                found = [other for other in found if other not in word] + [word]
        if len(found) == _MOST_WORDS:
            break
    return tuple(found)


def _covering(window: str, place: int) -> str:
    """The word or two words that hold the two characters at ``place``; empty where they say nothing."""
    import rjieba  # its dictionary takes 150 ms to load

    covering: list[str] = []
    end = 0
    for word in rjieba.cut(window):
        start, end = end, end + len(word)
        if start < place + 2 and end > place:
            covering.append(word)
    said = without_stop_words(covering)
    return "".join(covering) if said == covering else "".join(said[:1])
