"""Intervals and thresholds over measured values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 1000
_SEED = 20261123


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the mean: percentile bootstrap over the values (Efron 1979), seeded."""
    return _bounds(_means(values)) if len(values) else (0.0, 0.0)


def relative_loss(before: Sequence[float], after: Sequence[float]) -> tuple[float, float, float]:
    """``1 - mean(after) / mean(before)`` over paired values, with its 95 % interval (pairs resampled)."""
    first, second = _means(before), _means(after)
    low, high = _bounds(1 - second / np.maximum(first, 1e-12))
    return 1 - float(np.mean(after)) / max(float(np.mean(before)), 1e-12), low, high


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    ordered = np.sort(np.asarray(negatives))
    below = np.searchsorted(ordered, positives, side="left")
    up_to = np.searchsorted(ordered, positives, side="right")
    return float((below + up_to).sum() / (2 * len(positives) * len(negatives)))


def coverage_at_rejection(positives: Sequence[float], negatives: Sequence[float], rejected: float) -> float:
    """Share of positives above the lowest threshold that rejects ``rejected`` (0..1) of the negatives."""
    threshold = float(np.quantile(negatives, rejected, method="higher"))
    return float(np.mean(np.asarray(positives) > threshold))


def _means(values: Sequence[float]) -> np.ndarray:
    """Means of resamples; the same draws for the same number of values, so that pairs stay paired."""
    found = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(_SEED).integers(0, len(found), (RESAMPLES, len(found)))
    return np.asarray(found[draws].mean(axis=1))


def _bounds(means: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
