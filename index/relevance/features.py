"""What speaks for a passage, as numbers that a linear model can add up and a person can read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.engines.scoring import Floats, FrequentTerm, Numbers, QueryTerm, RareTerm
from index.models import Passage, SearchFilter, SearchQuery
from index.relevance.properties import PROPERTIES, properties
from index.relevance.works import Works

LEXICAL_FEATURES = ("lexical", "work", "neighbours", "coverage", "title", "cited")
"""lexical: BM25 as a share of the question's best; work: BM25 of the best passages of the same work;
neighbours: the best of the two passages before and after in the work; coverage: share of the question's
telling terms that the passage has, by idf; title: of the work, by idf of the terms shared; cited: how often
other passages mention the work."""
TEXT_FEATURES = (*LEXICAL_FEATURES, *PROPERTIES)
FEATURES = (*TEXT_FEATURES, "dense", "dense_neighbours")
"""dense: cosine of the embeddings of question and passage; dense_neighbours: the highest of the two passages
before and after in the work; 0 where there are none."""

CANDIDATES = 200
"""Passages worth ranking: three quarters of STARD's relevant passages are among so many."""
_DEPTH = 1_000
"""Passages that give evidence of their work and their neighbours."""
_BEST_OF_WORK = 10
_WORK_SHARE = 0.2
"""What the work adds when candidates are chosen."""
_NEAR = (-2, -1, 1, 2)
_FULL_TITLE = 20.0
_SHORT_TITLE = 12.0
"""Terms of a title that is neither long nor short: a long one shares terms by chance."""


class LexicalView(Protocol):
    """One state of the index, as features are read from it. Passages are numbered."""

    @property
    def works(self) -> Works: ...

    def __len__(self) -> int: ...

    @property
    def has_properties(self) -> bool: ...

    def terms(self, query: SearchQuery) -> Sequence[QueryTerm]:
        """The terms of a question."""
        ...

    def top(self, terms: Sequence[QueryTerm], depth: int, wanted: SearchFilter) -> tuple[Numbers, Floats]:
        """Numbers and scores of the best passages, best first."""
        ...

    def passage(self, number: int) -> Passage: ...


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth ranking (numbers) and their features: a row each, columns as ``FEATURES``."""

    numbers: Numbers
    features: npt.NDArray[np.float32]


def candidates(
    view: LexicalView,
    query: SearchQuery,
    count: int = CANDIDATES,
    near: Numbers | None = None,
    cosines: Floats | None = None,
) -> Candidates:
    """The passages worth ranking for a question, by their words and those of their work.

    Args:
        count: how many are found by words.
        near: further passages, found by meaning.
        cosines: likeness in meaning of every passage.
    """
    terms, works = view.terms(query), view.works
    top, scores = view.top(terms, max(_DEPTH, count), query.filter)
    best = np.float32(scores[0] if len(scores) else 1.0)
    shares = scores / best
    work = _work_evidence(works.of[top], shares, len(works.titles))
    order = np.argsort(-(shares + _WORK_SHARE * work[works.of[top]]), kind="stable")
    chosen = top[order[:count]]
    if near is not None and len(near):
        chosen = np.concatenate([chosen, np.setdiff1d(near, chosen)])
    of = works.of[chosen]
    share = np.zeros(len(works.of), dtype=np.float32)
    share[top] = shares
    held, covered = _words_held(terms, chosen, len(view))
    columns = [
        held / best,
        work[of],
        _neighbours(works, chosen, share),
        covered,
        _titles(works, of, terms, len(view)),
        works.cited[of],
        *_properties(view, chosen, query),
        *_meaning(works, chosen, cosines),
    ]
    return Candidates(chosen, np.stack(columns, axis=1).astype(np.float32))


def _properties(view: LexicalView, chosen: Numbers, query: SearchQuery) -> Floats:
    """A row for each of ``PROPERTIES``."""
    if not view.has_properties:
        return np.zeros((len(PROPERTIES), len(chosen)), dtype=np.float32)
    passages = [view.passage(number) for number in chosen.tolist()]
    return properties(passages, query.text, query.as_of).T


def _meaning(works: Works, chosen: Numbers, cosines: Floats | None) -> tuple[Floats, Floats]:
    if cosines is None:
        nothing = np.zeros(len(chosen), dtype=np.float32)
        return nothing, nothing
    return cosines[chosen], _neighbours(works, chosen, cosines)


def _work_evidence(works: npt.NDArray[np.int32], shares: Floats, count: int) -> Floats:
    """For each work the sum of its ten best passages' shares, over ten. ``shares`` fall."""
    order = np.argsort(works, kind="stable")
    grouped = works[order]
    starts = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]]) if len(grouped) else np.zeros(0, int)
    place = np.arange(len(grouped)) - np.repeat(starts, np.diff(np.r_[starts, len(grouped)]))
    kept = place < _BEST_OF_WORK
    sums = np.bincount(grouped[kept], weights=shares[order][kept], minlength=count)
    return (sums / _BEST_OF_WORK).astype(np.float32)


def _neighbours(works: Works, chosen: Numbers, values: Floats) -> Floats:
    """The highest value of the passages beside each, in the same work; 0 where there is none."""
    found = np.zeros(len(chosen), dtype=np.float32)
    for step in _NEAR:
        beside = chosen + step
        inside = (beside >= 0) & (beside < len(values))
        beside = np.where(inside, beside, chosen)
        same = inside & (works.of[beside] == works.of[chosen])
        np.maximum(found, np.where(same, values[beside], 0), out=found)
    return found


def _words_held(terms: Sequence[QueryTerm], chosen: Numbers, passages: int) -> tuple[Floats, Floats]:
    """BM25 of the chosen passages, and the share of the question's idf that they have.

    Terms of more than an eighth of the passages tell nothing and are not asked for.
    """
    score = np.zeros(len(chosen), dtype=np.float32)
    covered = np.zeros(len(chosen), dtype=np.float32)
    whole = 0.0
    for _, _, weight, found in terms:
        if isinstance(found, FrequentTerm):
            score += found.parts(chosen) * np.float32(weight)
        elif isinstance(found, RareTerm):
            places = np.searchsorted(found.passages, chosen)
            places[places == len(found.passages)] = 0
            held = found.passages[places] == chosen
            score += np.where(held, found.parts[places], 0) * np.float32(weight)
            telling = weight * idf(len(found.passages), passages)
            covered += held * np.float32(telling)
            whole += telling
    return score, covered / np.float32(whole or 1.0)


def _titles(
    works: Works,
    chosen: npt.NDArray[np.int32],
    terms: Sequence[QueryTerm],
    passages: int,
) -> Floats:
    """How much of the question stands in the title of each passage's work."""
    weights = {
        term: idf(len(found.passages), passages) for _, term, _, found in terms if isinstance(found, RareTerm)
    }
    asked = weights.keys()
    by_work: dict[int, float] = {}
    for work in np.unique(chosen).tolist():
        title = works.terms_of(work)
        shared = sum(weights[term] for term in asked & title)
        by_work[work] = shared / (1 + len(title) / _SHORT_TITLE) / _FULL_TITLE
    return np.array([by_work[work] for work in chosen.tolist()], dtype=np.float32)


def idf(passages_with: int, passages: int) -> float:
    """Inverse document frequency, as BM25 has it (Robertson and Zaragoza 2009, with the 1 of Lucene)."""
    return math.log(1 + (passages - passages_with + 0.5) / (passages_with + 0.5))
