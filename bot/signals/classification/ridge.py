"""Linear classes by least squares, with honest probabilities.

Ridge regression in its dual form (the least-squares support vector machine of Suykens & Vandewalle 1999):
with a few thousand examples it is one symmetric system of equations, solved in a fraction of a second for
all classes, and the prediction for every example *by the others* comes with it (leave-one-out in closed
form: residual = α_i / (A⁻¹)_ii, Cawley & Talbot 2003). Those predictions set temperatures and thresholds,
so that both hold for texts that the model has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PENALTY = 1.0
"""Weight of the squared coefficients against a squared error; cross-validation is flat from 0.3 to 3."""

Matrix = NDArray[np.float32]
Numbers = NDArray[np.floating]


@dataclass(frozen=True)
class Linear:
    """Fitted coefficients of several targets."""

    coefficients: Matrix
    """Features by targets."""
    intercepts: Matrix
    left_out: NDArray[np.float64]
    """Scores of the examples, each by the model without it."""

    @classmethod
    def fit(cls, rows: csr_matrix, targets: Numbers, trust: Numbers) -> Linear:
        """Fit all targets at once.

        Args:
            rows: One row for each example, of length about 1.
            targets: Examples by targets, 1 for yes and -1 for no.
            trust: How much each example counts; 1 on average.
        """
        from scipy.linalg import lapack

        kernel = (rows @ rows.T).toarray().astype(np.float32) + 1  # the 1 is the intercept's own feature
        kernel[np.diag_indices_from(kernel)] += PENALTY / trust
        factor, _ = lapack.spotrf(kernel, lower=True)
        lower, _ = lapack.spotri(factor, lower=True)
        inverse = np.tril(lower) + np.tril(lower, -1).T
        dual = inverse.astype(float) @ targets
        left_out = targets - dual / np.diag(inverse)[:, None]
        coefficients = np.ascontiguousarray((rows.T @ dual).astype(np.float32))
        return cls(coefficients, dual.sum(axis=0).astype(np.float32), left_out)

    def scores(self, rows: csr_matrix) -> Matrix:
        """How strongly each row speaks for each target; 1 is certain, -1 certainly not."""
        found: Matrix = rows @ self.coefficients + self.intercepts
        return found


@dataclass(frozen=True)
class Classes:
    """Classes that exclude each other, with calibrated probabilities."""

    names: tuple[str, ...]
    linear: Linear
    temperature: float

    @classmethod
    def fit(cls, rows: csr_matrix, labels: Sequence[str]) -> Classes:
        """Fit on one label for each row; each class weighs the same, however many examples it has."""
        names, own = np.unique(np.array(labels), return_inverse=True)
        trust = balanced(own)
        linear = Linear.fit(rows, one_of(own), trust)
        return cls(tuple(map(str, names)), linear, temperature(linear.left_out, own, trust))

    def probabilities(self, rows: csr_matrix) -> Matrix:
        """Probability of each class for each row."""
        return softmax(self.linear.scores(rows) / self.temperature).astype(np.float32)


def balanced(own: NDArray[np.integer]) -> NDArray[np.float64]:
    """Weights under which every class weighs the same, 1 on average; ``own`` numbers the classes."""
    counts = np.bincount(own)
    return np.asarray((len(own) / len(counts) / counts)[own])


def one_of(own: NDArray[np.integer]) -> NDArray[np.float64]:
    """Targets for classes that exclude each other: 1 in the own column, -1 elsewhere."""
    return np.where(own[:, None] == np.arange(own.max() + 1), 1.0, -1.0)


def softmax(scores: Numbers) -> Numbers:
    """Exponentials that add up to 1 in each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def temperature(scores: Numbers, own: NDArray[np.integer], trust: Numbers) -> float:
    """The divisor of the scores under which the true classes are likeliest (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar

    def surprise(logarithm: float) -> float:
        likelihood = softmax(scores / np.exp(logarithm))[np.arange(len(own)), own]
        return float(-(trust * np.log(likelihood + 1e-12)).sum())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4, 2), method="bounded").x))
