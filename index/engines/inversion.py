"""Passages to postings in memory: what a segment writer needs, sorted and ready to write."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class TermPostings:
    """One term with the passages that hold it, by rising number.

    ``gaps`` are the differences between neighbouring passage numbers, the first counted from zero.
    """

    term: bytes
    gaps: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float32]
    first: int
    last: int
    total_weight: float
    max_weight: float
    min_weight: float


class Inversion:
    """Term weights of passages numbered from 0, turned into postings by term.

    The caller bounds how many passages go into one: some 24 bytes a posting while they are sorted.
    """

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._terms = array("I")
        self._passages = array("I")
        self._weights = array("f")
        self.lengths = array("f")

    def __len__(self) -> int:
        return len(self._terms)

    def add(self, counts: Mapping[str, float]) -> float:
        """Add the next passage: how much of each term it holds. Returns its length."""
        self._passages.extend([len(self.lengths)] * len(counts))
        self._terms.extend(map(self._numbers.__getitem__, counts))
        self._weights.extend(counts.values())
        self.lengths.append(sum(counts.values()))
        return self.lengths[-1]

    def postings(self) -> Iterator[TermPostings]:
        """Postings term by term, in the byte order of the terms. Empties this inversion as it goes."""
        if not self._terms:
            return
        terms = np.frombuffer(self._terms, dtype=np.uint32)
        ends = np.cumsum(np.bincount(terms))
        starts = np.append(0, ends[:-1])
        order = np.argsort(terms, kind="stable")
        del terms
        self._terms = array("I")
        passages = np.frombuffer(self._passages, dtype=np.uint32)[order]
        self._passages = array("I")
        weights = np.frombuffer(self._weights, dtype=np.float32)[order]
        self._weights = array("f")
        del order
        firsts, lasts = passages[starts], passages[ends - 1]
        passages[1:] -= passages[:-1].copy()
        passages[starts] = firsts
        columns = (
            starts.tolist(),
            ends.tolist(),
            firsts.tolist(),
            lasts.tolist(),
            np.add.reduceat(weights, starts).tolist(),
            np.maximum.reduceat(weights, starts).tolist(),
            np.minimum.reduceat(weights, starts).tolist(),
        )
        rows = list(zip(*columns, strict=True))
        for term, number in sorted((t.encode("utf-8", "surrogatepass"), n) for t, n in self._numbers.items()):
            start, end, first, last, total, most, least = rows[number]
            yield TermPostings(term, passages[start:end], weights[start:end], first, last, total, most, least)
