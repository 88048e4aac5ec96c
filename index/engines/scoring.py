"""BM25 over decoded postings, in NumPy. Knows no search library.

A term's share of the score of every passage that holds it depends only on the term, once the corpus
is fixed. So it is computed once, kept in a bounded cache, and a query is a sum of ready arrays.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SCORE_DECIMALS = 4
"""Scores are compared at this precision, so that float rounding never decides an order: ids do."""
_DENSE_FROM = 8
"""A term in more than one passage of 8 is kept as a row over all passages: adding it is sequential."""
_BLOCK = 128
_ENTRY_BYTES = 200


@dataclass(frozen=True, slots=True)
class TermScores:
    """What one term adds: ``parts[i]`` to passage ``passages[i]``, or to every passage where that is None."""

    passages: Numbers | None
    parts: Floats

    @property
    def nbytes(self) -> int:
        return _ENTRY_BYTES + self.parts.nbytes + (0 if self.passages is None else self.passages.nbytes)


@dataclass(frozen=True, slots=True)
class FieldNorms:
    """Length normalisation of one field: ``k1 * (1 - b + b * length / mean length)`` for each passage."""

    norms: Floats
    k1: float
    passages: int
    """Live passages: the N of the idf."""

    @classmethod
    def of(cls, lengths: Floats, live: Mask, k1: float, b: float) -> FieldNorms:
        count = int(live.sum())
        mean = float(lengths[live].mean(dtype=np.float64)) if count else 1.0
        norms = k1 * (1 - b + b * lengths.astype(np.float64) / (mean or 1.0))
        return cls(norms.astype(np.float32), k1, count)

    def scores(self, passages: Numbers, weights: Floats) -> TermScores:
        """BM25 of one term over the (live) passages that hold it."""
        idf = math.log(1 + (self.passages - len(passages) + 0.5) / (len(passages) + 0.5))
        parts = (idf * (self.k1 + 1) * weights / (weights + self.norms[passages])).astype(np.float32)
        if len(passages) * _DENSE_FROM <= len(self.norms):
            return TermScores(passages, parts)
        row = np.zeros(len(self.norms), dtype=np.float32)
        row[passages] = parts
        return TermScores(None, row)


class ScoreCache:
    """The most recently used term scores within a bound of bytes. Safe to share between threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: OrderedDict[tuple[str, str], TermScores | None] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        return self._bytes

    def get(
        self, keys: Iterable[tuple[str, str]], load: Callable[[str, str], TermScores | None]
    ) -> list[TermScores | None]:
        """The scores of ``keys``, in order; ``load`` reads what is not here. None: the term is unknown."""
        keys = list(keys)
        found: dict[tuple[str, str], TermScores | None] = {}
        missing = []
        with self._lock:
            for key in keys:
                if key in self._entries:
                    self._entries.move_to_end(key)
                    found[key] = self._entries[key]
                else:
                    missing.append(key)
        for key in missing:
            found[key] = load(*key)
        if missing:
            self._keep(missing, found)
        return [found[key] for key in keys]

    def _keep(self, keys: list[tuple[str, str]], found: dict[tuple[str, str], TermScores | None]) -> None:
        with self._lock:
            for key in keys:
                if key not in self._entries:
                    self._entries[key] = found[key]
                    self._bytes += _size(found[key])
            while self._bytes > self._max_bytes and self._entries:
                _, dropped = self._entries.popitem(last=False)
                self._bytes -= _size(dropped)


def _size(entry: TermScores | None) -> int:
    return _ENTRY_BYTES if entry is None else entry.nbytes


def add_up(terms: Iterable[tuple[TermScores | None, float]], passages: int) -> Floats:
    """Sum of the terms' scores, each times its weight in the query, for every passage."""
    total = np.zeros(passages, dtype=np.float32)
    for scores, weight in terms:
        if scores is None:
            continue
        parts = scores.parts if weight == 1 else scores.parts * np.float32(weight)
        if scores.passages is None:
            total += parts
        else:
            total[scores.passages] += parts
    return total


def best(scores: Floats, top_k: int, id_of: Callable[[int], str]) -> list[tuple[int, float]]:
    """The ``top_k`` highest positive scores as (passage, score), best first, equal scores by id.

    The k-th largest maximum of blocks bounds the k-th score from below, so only few passages are sorted.
    """
    if top_k < 1 or not len(scores):
        return []
    slack = 10.0**-SCORE_DECIMALS
    floor = max(_kth_bound(scores, top_k) - slack, slack / 2)
    candidates = np.flatnonzero(scores >= floor)
    if len(candidates) > top_k:
        found = scores[candidates]
        cut = np.partition(found, len(found) - top_k)[len(found) - top_k] - slack
        candidates = candidates[found >= cut]
    rounded = [(round(float(scores[n]), SCORE_DECIMALS), int(n)) for n in candidates]
    ties = len({score for score, _ in rounded}) < len(rounded)
    ranked = sorted(rounded, key=lambda pair: (-pair[0], id_of(pair[1]) if ties else ""))
    return [(n, score) for score, n in ranked[:top_k] if score > 0]


def _kth_bound(scores: Floats, top_k: int) -> float:
    blocks = len(scores) // _BLOCK
    if blocks <= top_k:
        return 0.0
    maxima = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    return float(np.partition(maxima, blocks - top_k)[blocks - top_k])
