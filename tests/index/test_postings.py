"""Posting lists come back as they were written, for us and for Whoosh."""

from __future__ import annotations

import io
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.inversion import TermPostings
from index.engines.postings import decode, encode

gaps = st.lists(
    st.one_of(st.integers(1, 300), st.integers(1, 70_000), st.integers(1, 2**24)), min_size=1, max_size=40
)
weights = st.one_of(
    st.just([1.0]),
    st.just([0.5]),
    st.just([3.0]),
    st.lists(st.integers(1, 300).map(float), min_size=1),
    st.lists(st.integers(1, 600).map(lambda n: n / 2), min_size=1),
)


def postings(passages: list[int], amounts: list[float]) -> TermPostings:
    held = np.array([amounts[n % len(amounts)] for n in range(len(passages))], dtype=np.float32)
    numbers = np.array(passages, dtype=np.uint32)
    steps = np.diff(numbers, prepend=np.uint32(0))
    return TermPostings(
        b"term",
        steps,
        held,
        passages[0],
        passages[-1],
        float(held.sum()),
        float(held.max()),
        float(held.min()),
    )


@given(st.integers(0, 2**20), gaps, weights)
def test_what_is_written_is_read(first: int, steps: list[int], amounts: list[float]) -> None:
    """Also behind other bytes, and as the two pickles that Whoosh reads."""
    passages = np.cumsum([first, *steps]).tolist()
    term = postings(passages, amounts)
    block = encode(term, 3, 200)
    numbers, held = decode(b"before" + block + b"after", len(b"before"))
    assert numbers.tolist() == passages
    assert held.tolist() == term.weights.tolist()
    file = io.BytesIO(block)
    assert pickle.load(file) == (len(passages), passages[-1], term.max_weight, 0, 3, 200)
    stored_gaps, stored_weights, values = pickle.load(file)
    assert np.cumsum(stored_gaps).tolist() == passages
    spread = 1.0 if stored_weights is None else stored_weights
    assert np.broadcast_to(spread, len(passages)).tolist() == term.weights.tolist()
    assert values is None
    assert file.read() == b""


@pytest.mark.parametrize("cut", [10, 60, 400, 900])
def test_a_list_cut_short_is_an_error(cut: int) -> None:
    """Never a shorter list."""
    block = encode(postings(list(range(0, 4_000, 7)), [1.0, 2.0]), 3, 200)
    assert len(block) > 1_000
    with pytest.raises((ValueError, KeyError, IndexError, struct.error)):
        decode(block[:cut])
