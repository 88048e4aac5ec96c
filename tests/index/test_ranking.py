"""Few passages are looked at, and the best are the same as when all are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.ranking import Ranked, rank
from index.engines.scoring import FieldNorms, Floats, FrequentTerm, RareTerm, TermScores

TOLERANCE = 2e-3
"""Sums in another order: float rounding."""


def pairs(ranked: Ranked) -> list[tuple[int, float]]:
    numbers, scores = ranked
    return list(zip(numbers.tolist(), scores.tolist(), strict=True))


def corpus_of_terms(
    seed: int, passages: int, shares: list[float]
) -> tuple[list[TermScores], np.random.Generator]:
    """A term for each share of passages that hold it, in two fields, with weights as texts have them."""
    random = np.random.default_rng(seed)
    live = np.ones(passages, dtype=np.bool_)
    fields = [
        FieldNorms.of(random.integers(5, 300, passages).astype(np.float32), live, 1.2, 0.75) for _ in range(2)
    ]
    terms = []
    for number, share in enumerate(shares):
        holders = np.flatnonzero(random.random(passages) < share)
        if len(holders):
            weights = random.geometric(0.6, len(holders)).clip(1, 255).astype(np.uint8)
            terms.append(
                fields[number % 2].scores(holders, weights if number % 3 else weights * np.float32(0.5))
            )
    return terms, random


def exhaustive(terms: list[TermScores], weights: list[float], start: Floats) -> Floats:
    """Every term for every passage."""
    total = start.astype(np.float64)
    for term, weight in zip(terms, weights, strict=True):
        if isinstance(term, FrequentTerm):
            total += weight * term.parts().astype(np.float64)
        else:
            total[term.passages] += weight * term.parts
    return total.astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    passages=st.sampled_from([1, 40, 2_500, 9_000]),
    shares=st.lists(st.sampled_from([0.0003, 0.003, 0.03, 0.1, 0.2, 0.5, 0.95]), max_size=12),
    top_k=st.sampled_from([1, 10, 300]),
    allowed=st.sampled_from([1.0, 0.3, 0.0]),
)
def test_the_best_are_those_of_scoring_everything(
    seed: int, passages: int, shares: list[float], top_k: int, allowed: float
) -> None:
    """Rare and frequent terms, repeated words, filters: same scores in the same places."""
    terms, random = corpus_of_terms(seed, passages, shares)
    weights = random.choice([1.0, 1.0, 2.0, 0.4], len(terms)).tolist()
    start = np.where(random.random(passages) < allowed, np.float32(0), np.float32(-np.inf))
    total = exhaustive(terms, weights, start)
    ranked = pairs(rank(zip(terms, weights, strict=True), start, top_k, lambda number: f"{number:05}"))
    expected = np.sort(total[total > TOLERANCE])[::-1][:top_k]
    scores = [score for _, score in ranked]
    assert scores[: len(expected)] == pytest.approx(expected.tolist(), abs=TOLERANCE)
    assert scores == pytest.approx([total[number] for number, _ in ranked], abs=TOLERANCE)
    assert ranked == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))


def test_frequent_terms_are_looked_at_only_where_they_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """One telling word leaves ten passages; the frequent term is never spread over all of them."""
    terms, _ = corpus_of_terms(3, 50_000, [0.002, 0.001, 0.001, 0.9])
    assert [type(term) for term in terms] == [RareTerm, RareTerm, RareTerm, FrequentTerm]
    spread: list[int] = []
    plain = FrequentTerm.parts

    def watched(term: FrequentTerm, passages: np.ndarray | None = None) -> Floats:
        spread.append(len(term.weights) if passages is None else len(passages))
        return plain(term, passages)

    monkeypatch.setattr(FrequentTerm, "parts", watched)
    start = np.zeros(50_000, dtype=np.float32)
    assert len(pairs(rank([(term, 1.0) for term in terms], start, 10, str))) == 10
    assert spread == []


def test_a_deleted_passage_is_never_found() -> None:
    """Not even where it is the only one that holds the term."""
    term = RareTerm(np.array([1]), np.array([5], dtype=np.float32))
    start = np.array([0, -np.inf, 0], dtype=np.float32)
    assert pairs(rank([(term, 1.0)], start, 10, str)) == []
    assert pairs(rank([(term, 1.0)], np.zeros(3, dtype=np.float32), 10, str)) == [(1, 5.0)]


@pytest.mark.parametrize("terms", [[], [(None, 1.0)]])
def test_unknown_words_find_nothing(terms: list[tuple[TermScores | None, float]]) -> None:
    assert pairs(rank(terms, np.zeros(5_000, dtype=np.float32), 10, str)) == []
