"""Messages as weighted words, and which of them are near each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.signals.topics.background import background
from bot.signals.topics.features import TERMS, Features

Matrix = Any
"""A ``scipy.sparse.csr_array`` of float32; scipy has no types."""
Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""Two rows and their similarity, a pair an element."""

_NEIGHBOURS = 10
_ASKED_WORDS = 12
"""Neighbours are looked for with a row's strongest words; the similarity itself is computed with all."""
_LONGEST_POSTINGS = 1_000
"""Words in more rows than this find no neighbours: they bound the time, not the similarity."""
_FEWEST_KEPT, _MOST_KEPT, _KEPT_IN_ALL = 64, 256, 6_400_000
"""Strongest words kept of a row: all of most messages, fewer where 100,000 rows must fit into memory."""
_BLOCK = 500
_LOGARITHMS = (1 + np.log(np.maximum(np.arange(256), 1))).astype(np.float32)
"""1 + ln tf, by tf."""


def weighted_words(features: Features) -> Matrix:
    """Unit rows of (1 + ln tf) · ln((n + 1) / df), one a message; n and df with the background's share.

    Words of a single message stay in: without them a row of a small collection would look more like the
    others than it does in a large one, and no threshold would hold for both. They count in the length of a
    row and are then left out, as no product needs them; so are all but the strongest words of a row.
    """
    most = min(_MOST_KEPT, max(_FEWEST_KEPT, _KEPT_IN_ALL // max(1, len(features.ids))))
    columns, rarity = _columns(features)
    kept_words, kept_weights, starts = [], [], [0]
    for first in range(0, len(features.ids), _BLOCK):
        bounds = features.starts[first : first + _BLOCK + 1]
        words = columns[features.terms[bounds[0] : bounds[-1]]]
        weights = _LOGARITHMS[features.counts[bounds[0] : bounds[-1]]] * rarity[words]
        of_row = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        lengths = np.sqrt(np.bincount(of_row, weights * weights, minlength=len(bounds) - 1))
        weights /= np.maximum(lengths, 1e-9).astype(np.float32)[of_row]
        kept = (words < len(rarity) - 1) & _among_strongest(weights, of_row, bounds - bounds[0], most)
        kept_words.append(words[kept])
        kept_weights.append(weights[kept])
        starts += (starts[-1] + np.bincount(of_row[kept], minlength=len(bounds) - 1).cumsum()).tolist()
    rows = sparse.csr_array(
        (np.concatenate(kept_weights), np.concatenate(kept_words), np.array(starts, dtype=np.int32)),
        shape=(len(features.ids), len(rarity) - 1),
    )
    rows.sort_indices()
    return rows


def _columns(features: Features) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """The column of each term and the rarity of each column; the last is for terms of a single message."""
    frequencies = np.bincount(features.terms, minlength=TERMS)
    shared = np.flatnonzero(frequencies > 1)
    columns = np.full(TERMS, len(shared), dtype=np.int32)
    columns[shared] = np.arange(len(shared))
    elsewhere, others = background()
    found_in = np.append(frequencies[shared] + elsewhere[shared], 1)
    return columns, np.log((len(features.ids) + others + 1) / found_in).astype(np.float32)


def _among_strongest(
    weights: npt.NDArray[np.float32],
    of_row: npt.NDArray[np.int64],
    bounds: npt.NDArray[np.int64],
    most: int,
) -> npt.NDArray[np.bool_]:
    """Which values are among the ``most`` largest of their row."""
    longest = int(np.diff(bounds).max())
    if longest <= most:
        return np.ones(len(weights), dtype=np.bool_)
    table = np.zeros((len(bounds) - 1, longest), dtype=np.float32)
    table[of_row, np.arange(len(weights)) - bounds[of_row]] = weights
    limits = np.partition(table, longest - most, axis=1)[:, longest - most]
    return np.asarray(weights >= limits[of_row])


def near_pairs(rows: Matrix, asked: npt.NDArray[np.int64], at_least: float) -> Pairs:
    """Pairs of an asked row with one of its nearest rows, where their similarity reaches ``at_least``.

    ``rows`` are means of unit rows; similarity is the scalar product, that is the mean of all the
    similarities between the one's messages and the other's.
    """
    by_word = rows.T.tocsr()
    searchable = np.diff(by_word.indptr) <= _LONGEST_POSTINGS
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        product = _strongest(rows[block], searchable) @ by_word
        found.append(_nearest(product, block, at_least / 2))
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 2), dtype=np.int64)
    similarity = similarities(rows, pairs[:, 0], pairs[:, 1])
    near = similarity >= at_least
    return pairs[near, 0], pairs[near, 1], similarity[near]


def similarities(rows: Matrix, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> Any:
    """Scalar products of the rows ``first`` with the rows ``second``, pair by pair."""
    parts = [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(first), 20 * _BLOCK):
        part = slice(start, start + 20 * _BLOCK)
        parts.append(rows[first[part]].multiply(rows[second[part]]).sum(axis=1))
    return np.concatenate(parts)


def _strongest(rows: Matrix, searchable: npt.NDArray[np.bool_]) -> Matrix:
    """Rows with only their strongest words that may be searched for."""
    rows = rows.copy()
    rows.data[~searchable[rows.indices]] = 0
    rows.eliminate_zeros()
    return _first_of_each_row(rows, _ASKED_WORDS)


def _nearest(product: Matrix, block: npt.NDArray[np.int64], at_least: float) -> npt.NDArray[np.int64]:
    """The best columns of each row as pairs (smaller, larger) of rows of the whole."""
    product.data[product.data < at_least] = 0
    product.eliminate_zeros()
    best = _first_of_each_row(product, _NEIGHBOURS + 1).tocoo()  # a row finds itself too
    first, second = block[best.row], best.col.astype(np.int64)
    other = first != second
    return np.stack([np.minimum(first, second)[other], np.maximum(first, second)[other]], axis=1)


def _first_of_each_row(rows: Matrix, many: int) -> Matrix:
    """The ``many`` largest values of each row."""
    of_row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((-rows.data, of_row))
    place = np.arange(len(order)) - rows.indptr[of_row]
    kept = order[place < many]
    return sparse.csr_array((rows.data[kept], (of_row[kept], rows.indices[kept])), shape=rows.shape)
