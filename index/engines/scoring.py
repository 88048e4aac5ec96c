"""BM25 over decoded postings, in NumPy. Knows no search library.

What a term adds to a passage depends only on the term, once the corpus is fixed. So it is computed once
and kept in a bounded cache; :mod:`index.engines.ranking` adds up what a question's terms have.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]
Weights = npt.NDArray[np.float32 | np.uint8]
Mask = npt.NDArray[np.bool_]

_FREQUENT_FROM = 8
"""A term in more than one passage of 8 is kept as a row over all passages."""
_ENTRY_BYTES = 300
_KEPT_SHARE = 15 / 16


@dataclass(frozen=True, slots=True)
class RareTerm:
    """What a term adds: ``parts[i]`` to passage ``passages[i]``."""

    passages: Numbers
    parts: Floats

    @property
    def nbytes(self) -> int:
        return _ENTRY_BYTES + self.parts.nbytes + self.passages.nbytes

    def part(self, number: int) -> float:
        place = int(np.searchsorted(self.passages, number))
        held = place < len(self.passages) and self.passages[place] == number
        return float(self.parts[place]) if held else 0.0


@dataclass(frozen=True, slots=True)
class FrequentTerm:
    """A term of many passages: how much of it every passage holds.

    A byte a passage, and scored where it is wanted: mostly for the few passages that the rarer terms leave.
    """

    weights: Weights
    norms: Floats
    gain: np.float32
    """idf · (k1 + 1)."""
    most: float
    """The largest part that it adds to any passage."""

    @property
    def nbytes(self) -> int:
        return _ENTRY_BYTES + self.weights.nbytes

    def parts(self, passages: Numbers | None = None) -> Floats:
        """What the term adds to these passages, or to all."""
        held = self.weights if passages is None else self.weights[passages]
        norms = self.norms if passages is None else self.norms[passages]
        parts = held.astype(np.float32)
        divisor = parts + norms
        parts *= self.gain
        parts /= divisor
        return parts

    def part(self, number: int) -> float:
        return float(self.parts(np.array([number]))[0])


TermScores = RareTerm | FrequentTerm
QueryTerm = tuple[str, str, float, TermScores | None]
"""Field, term, weight in the question, and what it adds; None: no passage has it."""


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

    def scores(self, passages: Numbers, weights: Weights) -> TermScores:
        """BM25 of one term over the (live) passages that hold it."""
        idf = math.log(1 + (self.passages - len(passages) + 0.5) / (len(passages) + 0.5))
        gain = np.float32(idf * (self.k1 + 1))
        if len(passages) * _FREQUENT_FROM > len(self.norms):
            row = np.zeros(len(self.norms), dtype=weights.dtype)
            row[passages] = weights
            term = FrequentTerm(row, self.norms, gain, 0.0)
            return FrequentTerm(row, self.norms, gain, float(term.parts().max()))
        parts = weights.astype(np.float32)
        divisor = parts + self.norms[passages]
        parts *= gain
        parts /= divisor
        return RareTerm(passages, parts)


class _Entry:
    """A cached term (None: the corpus does not have it) and when it was last asked for."""

    __slots__ = ("scores", "used")

    def __init__(self, scores: TermScores | None, used: int) -> None:
        self.scores, self.used = scores, used

    @property
    def nbytes(self) -> int:
        return _ENTRY_BYTES if self.scores is None else self.scores.nbytes


class ScoreCache:
    """The most recently used term scores within a bound of bytes. Safe to share between threads.

    Finding takes no lock and moves nothing: each entry notes when it was used, and making room sorts them.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._bytes = 0
        self._asked = 0
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        return self._bytes

    def get(
        self, keys: Iterable[tuple[str, str]], load: Callable[[str, str], TermScores | None]
    ) -> list[TermScores | None]:
        """The scores of ``keys``, in order; ``load`` reads what is not here. None: the term is unknown."""
        self._asked = now = self._asked + 1
        entries = self._entries
        found: list[TermScores | None] = []
        missing = {}
        for key in keys:
            entry = entries.get(key)
            if entry is None:
                entry = missing[key] = _Entry(load(*key), now)
            else:
                entry.used = now
            found.append(entry.scores)
        if missing:
            self._keep(missing)
        return found

    def _keep(self, new: dict[tuple[str, str], _Entry]) -> None:
        with self._lock:
            for key, entry in new.items():
                if key not in self._entries:
                    self._entries[key] = entry
                    self._bytes += entry.nbytes
            if self._bytes > self._max_bytes:
                self._make_room()

    def _make_room(self) -> None:
        """Drop what was not used for longest, and a little more, so that this is seldom needed."""
        for key, entry in sorted(self._entries.items(), key=lambda pair: pair[1].used):
            if self._bytes <= self._max_bytes * _KEPT_SHARE:
                break
            del self._entries[key]
            self._bytes -= entry.nbytes
