"""BM25 over every posting in plain NumPy: the yardstick for «the same ten hits».

Written from the formula, on the terms alone; nothing of the engine's scoring is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.engines import K1, TOP_K, B, Search, text_of
from index import analysis
from index.models import Passage

Postings = tuple[list[int], list[int]]
_TIE = 2e-4
"""Scores that differ by less count as equal: the engine rounds to four decimals."""


class Exhaustive:
    """Holds the postings of the questions' terms and the lengths of all passages, by field."""

    def __init__(self, passages: Sequence[Passage], questions: Sequence[str]) -> None:
        self._ids = [passage.id for passage in passages]
        wanted = {(field, term) for text in questions for field, term in _terms(text)}
        self._postings: dict[tuple[str, str], Postings] = {key: ([], []) for key in wanted}
        lengths: dict[str, list[int]] = {"words": [], "grams": []}
        for number, passage in enumerate(passages):
            counts = _terms(text_of(passage))
            for field in lengths:
                lengths[field].append(sum(n for (name, _), n in counts.items() if name == field))
            for key in counts.keys() & wanted:
                numbers, weights = self._postings[key]
                numbers.append(number)
                weights.append(counts[key])
        self._norms = {name: _norms(found) for name, found in lengths.items()}

    def scores(self, text: str, terms: str) -> npt.NDArray[np.float64]:
        """The score of every passage, float64."""
        total = np.zeros(len(self._ids))
        for (field, term), weight in _terms(text).items():
            numbers, frequencies = self._postings[field, term]
            if not numbers or (terms == "words" and field != "words"):
                continue
            idf = math.log(1 + (len(self._ids) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            tf = np.asarray(frequencies, dtype=np.float64)
            total[numbers] += weight * idf * (K1 + 1) * tf / (tf + self._norms[field][numbers])
        return total

    def agrees(self, search: Search, text: str, terms: str) -> bool:
        """Whether the hits are the best ones in their order; passages of equal score may change places."""
        scores = self.scores(text, terms)
        place = {passage_id: number for number, passage_id in enumerate(self._ids)}
        got = [scores[place[passage_id]] for passage_id in search(text)]
        best = np.sort(scores[scores > 0])[::-1][:TOP_K]
        return len(got) == len(best) and bool(np.all(np.abs(np.asarray(got) - best) <= _TIE))


def _terms(text: str) -> Counter[tuple[str, str]]:
    normal = analysis.normalise(text)
    found = Counter(("words", word) for word in analysis.dictionary_words(normal))
    found.update(("grams", gram) for gram in analysis.grams(normal))
    return found


def _norms(lengths: list[int]) -> npt.NDArray[np.float64]:
    found = np.asarray(lengths, dtype=np.float64)
    norms: npt.NDArray[np.float64] = K1 * (1 - B + B * found / found.mean())
    return norms
