"""Comparing token sets by the weight of what they share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.comparison import TokenRows, best_of_groups

WEIGHTS = {"a": 1.0, "b": 2.0, "c": 4.0, "d": 8.0}
Tokens = st.frozensets(st.sampled_from("abcd"))


def rows(*texts: str) -> TokenRows:
    return TokenRows([frozenset(text) for text in texts], WEIGHTS.__getitem__)


def mass(tokens: frozenset[str]) -> float:
    return sum(WEIGHTS[token] for token in tokens)


def test_shared_weight_row_by_row() -> None:
    assert rows("ab", "bc", "d", "").shared("bx") == pytest.approx([2, 2, 0, 0])


def test_the_same_tokens_are_alike_and_others_are_not() -> None:
    assert rows("ab", "cd", "").dice(frozenset("ab"), 3) == pytest.approx([1, 0, 0])


def test_rare_words_tell_more_than_common_ones() -> None:
    common, rare = rows("ab", "bd").dice(frozenset("abd"), 11)
    assert rare > common


def test_nothing_compared_with_nothing_is_no_likeness() -> None:
    """An empty row and an empty question do not divide by zero."""
    assert rows("", "a").dice(frozenset(), 0.0) == pytest.approx([0, 0])
    assert len(rows().shared("a")) == 0


def test_the_best_of_each_group() -> None:
    values = np.array([0.1, 0.9, 0.5, 0.2, 0.3])
    assert best_of_groups(values, np.array([0, 2, 3])) == pytest.approx([0.9, 0.5, 0.3])


@given(st.lists(Tokens, min_size=1), Tokens)
def test_likeness_is_the_plain_formula(sets: list[frozenset[str]], asked: frozenset[str]) -> None:
    """The inverted list gives what comparing each pair would give, always in 0..1."""
    found = TokenRows(sets, WEIGHTS.__getitem__).dice(asked, mass(asked))
    plain = [2 * mass(s & asked) / (mass(s) + mass(asked)) if s or asked else 0.0 for s in sets]
    assert found == pytest.approx(plain)
    assert all(0 <= value <= 1 + 1e-9 for value in found)
