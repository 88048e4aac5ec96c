"""The figures of ``benchmarks/messages_topics.py``, by hand."""

from __future__ import annotations

import pytest

from benchmarks.messages_topics import bcubed, left_one_out, pairwise

TRUTH = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b"}
LABELS = {"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 3, "x": 1, "y": 4, "z": 4}
"""Right: a1–a2. Wrong: a1–x, a2–x, a3–b1; y–z is unknown and left out. Wanted: three pairs of a, one of b."""


def test_pairs_with_background() -> None:
    found = pairwise(LABELS, TRUTH)
    assert (found["P"], found["R"], found["F1"]) == (1 / 4, 1 / 4, 1 / 4)


def test_pairs_of_one_topic() -> None:
    found = pairwise(LABELS, TRUTH, {"b"})
    assert (found["right"], found["found"], found["pairs"]) == (0, 1, 1)


def test_bcubed() -> None:
    found = bcubed(LABELS, TRUTH)
    assert found["P"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 2 + 1 / 2 + 1) / 5)
    assert found["R"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)


def test_a_threshold_is_never_chosen_on_the_topic_it_is_measured_on() -> None:
    """One threshold finds a, the other b: each topic gets the one that is bad for it."""
    finds_a = {"a1": 1, "a2": 1, "a3": 1, "b1": 2, "b2": 3}
    finds_b = {"a1": 1, "a2": 2, "a3": 3, "b1": 4, "b2": 4}
    assert left_one_out({0.1: finds_a, 0.2: finds_b}, TRUTH)["right"] == 0
