"""The best passages of a sum of term scores, exactly, looking at as few passages as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from index.engines.scoring import Floats, FrequentTerm, Numbers, RareTerm, TermScores

Ranked = tuple[Numbers, npt.NDArray[np.float64]]
"""Passage numbers, best first, and their scores."""
NOTHING: Ranked = (np.zeros(0, dtype=np.intp), np.zeros(0))
SCORE_DECIMALS = 4
"""Scores are compared at this precision, so that float rounding never decides an order: ids do."""
_SLACK = 1e-3
"""More than what float rounding may add up to: passages this little below a bound are still looked at."""
_COLUMNS = 32
"""Passages are dealt into so many heaps for each hit wanted; the heaps' maxima bound the last hit's score."""
_LEAST_HEAP = 4
"""Passages in a heap at least, for it to be worth taking maxima."""
_FEW = 4
"""Candidates are worth picking out when they are less than one of 4."""
_AT_ONCE = 2_048
"""So few candidates are scored for all frequent terms together."""
_MANY = 8
"""More candidates than this for each hit wanted are cut before they are sorted."""
_Weighted = tuple[float, float, FrequentTerm]
"""What a term can add at most, how often it counts, the term."""


def rank(
    terms: Iterable[tuple[TermScores | None, float]],
    start: Floats,
    top_k: int,
    id_of: Callable[[int], str],
) -> Ranked:
    """The ``top_k`` best passages by the sum of the terms' scores, each times its weight in the query.

    ``start`` is 0 for passages that may be found and -inf for all others. Rare terms are added up for all
    passages. What frequent terms can add at most then leaves few passages that can still get among the
    best (MaxScore: Turtle and Flood 1995), and only for these are frequent terms looked at.
    """
    if top_k < 1 or not len(start):
        return NOTHING
    frequent: list[_Weighted] = []
    rare: list[tuple[RareTerm, float]] = []
    for term, weight in terms:
        if isinstance(term, FrequentTerm):
            frequent.append((term.most * weight, weight, term))
        elif term is not None:
            rare.append((term, weight))
    frequent.sort(key=itemgetter(0))
    rest = sum(most for most, _, _ in frequent)
    scores, passages = _sum_of_rare(rare, start), None
    while frequent and len(scores) > _AT_ONCE:
        floor = _kth_bound(scores, top_k) - _SLACK
        if floor > rest:
            scores, passages = _narrowed(scores, passages, floor - rest)
        if len(scores) > _AT_ONCE:
            most, weight, term = frequent.pop()
            rest -= most
            parts = term.parts(passages)
            scores += parts if weight == 1 else parts * np.float32(weight)
    for group in _by_field(frequent):
        scores += _sum_of_frequent(group, passages)
    return best(scores, top_k, id_of, passages)


def _sum_of_rare(terms: list[tuple[RareTerm, float]], start: Floats) -> Floats:
    """``start`` with what the terms add, for all passages."""
    scores = start.copy()
    if terms:
        passages = np.concatenate([term.passages for term, _ in terms])
        parts = [term.parts if weight == 1 else term.parts * np.float32(weight) for term, weight in terms]
        np.add.at(scores, passages, np.concatenate(parts))
    return scores


def _by_field(terms: list[_Weighted]) -> Iterable[list[_Weighted]]:
    """The terms in groups that share their length normalisation."""
    groups: defaultdict[int, list[_Weighted]] = defaultdict(list)
    for entry in terms:
        groups[id(entry[2].norms)].append(entry)
    return groups.values()


def _sum_of_frequent(terms: list[_Weighted], passages: Numbers | None) -> Floats:
    """What terms of one field add to a few passages (None: all), in one go."""
    chosen = slice(None) if passages is None else passages
    held = np.array([term.weights[chosen] for _, _, term in terms], dtype=np.float32)
    gains = np.array([[term.gain * weight] for _, weight, term in terms], dtype=np.float32)
    return np.asarray((gains * held / (held + terms[0][2].norms[chosen])).sum(axis=0), dtype=np.float32)


def _narrowed(scores: Floats, passages: Numbers | None, floor: float) -> tuple[Floats, Numbers | None]:
    """Only what reaches ``floor``, where that is much less than what there is."""
    reaching = scores >= floor
    if np.count_nonzero(reaching) * _FEW > len(scores):
        return scores, passages
    (kept,) = reaching.nonzero()
    return scores[kept], kept if passages is None else passages[kept]


def best(scores: Floats, top_k: int, id_of: Callable[[int], str], passages: Numbers | None = None) -> Ranked:
    """The ``top_k`` highest positive scores, best first, equal scores by id.

    ``scores`` are those of ``passages``, or of all.
    """
    if top_k < 1 or not len(scores):
        return NOTHING
    slack = 10.0**-SCORE_DECIMALS
    (places,) = (scores >= max(_kth_bound(scores, top_k) - slack, slack / 2)).nonzero()
    found = scores[places]
    if len(places) > _MANY * top_k:
        near = found >= np.partition(found, len(found) - top_k)[len(found) - top_k] - slack
        places, found = places[near], found[near]
    rounded = found.astype(np.float64).round(SCORE_DECIMALS)
    order = (-rounded).argsort(kind="stable")
    numbers = places[order] if passages is None else passages[places[order]]
    rounded = rounded[order]
    _order_equals(numbers, rounded, top_k, id_of)
    kept = min(top_k, int(np.count_nonzero(rounded)))
    return numbers[:kept], rounded[:kept]


def _order_equals(
    numbers: Numbers, falling: npt.NDArray[np.float64], top_k: int, id_of: Callable[[int], str]
) -> None:
    """Put passages of equal score in the order of their ids, as far as the first ``top_k`` go."""
    if not (falling[1:] == falling[:-1]).any():
        return
    (starts,) = np.concatenate(([True], falling[1:] != falling[:-1])).nonzero()
    ends = np.append(starts[1:], len(falling))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start > 1 and start < top_k:
            numbers[start:end] = sorted(numbers[start:end].tolist(), key=id_of)


def _kth_bound(scores: Floats, top_k: int) -> float:
    """A lower bound of the k-th highest score: the k-th highest maximum of heaps of passages."""
    if len(scores) <= top_k:
        return 0.0
    columns = min(_COLUMNS * top_k, len(scores) // _LEAST_HEAP)
    if columns > 2 * top_k:
        heaps = len(scores) // columns
        scores = np.maximum.reduce(scores[: heaps * columns].reshape(heaps, columns), axis=0)
    else:
        scores = scores.copy()
    scores.partition(len(scores) - top_k)
    return max(0.0, float(scores[len(scores) - top_k]))
