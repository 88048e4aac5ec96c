"""What is decided about a message: its matter, who answers, how urgent it is. Each fitted on the examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.signals.classification.cues import Said
from bot.signals.classification.examples import Example
from bot.signals.classification.matters import Matter
from bot.signals.classification.ridge import (
    Classes,
    Linear,
    Matrix,
    Numbers,
    balanced,
    one_of,
    softmax,
    temperature,
)
from bot.signals.models import Alarm, Answerer, Urgency

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_CUE_WEIGHT = 0.5
"""A cue against the whole text, whose row has length 1."""
_RECALL_COUNTS = 2.0
"""β of the F-measure that sets the threshold of «urgent»: recall counts twice as much as precision. The other
thresholds have β = 1, lest every third message be marked."""


@dataclass(frozen=True)
class MatterHead:
    """Probability of each matter: whether it is ours at all, times which one of those.

    Whether a message speaks of schools is easier to say than of what; said on its own, it keeps thirty
    columns from drawing in what speaks of none of them.
    """

    names: tuple[str, ...]
    ours: NDArray[np.bool_]
    """Of each name."""
    which: Linear
    """A target for each name."""
    whose: Linear
    """Two targets: others', ours."""
    temperatures: tuple[float, float]
    """Of the two."""

    @classmethod
    def fit(
        cls, rows: csr_matrix, labels: Sequence[str], matters: Mapping[str, Matter], judged: int
    ) -> MatterHead:
        """Fit; the first ``judged`` rows are messages (the others are keywords) and set the temperatures."""
        names, own = np.unique(np.array(labels), return_inverse=True)
        ours = np.array([matters[name].ours for name in names])
        group = ours[own].astype(int)
        which = Linear.fit(rows, one_of(own), balanced(own))
        whose = Linear.fit(rows, one_of(group), balanced(group))
        temperatures = (
            temperature(which.left_out[:judged], own[:judged], balanced(own)[:judged]),
            temperature(whose.left_out[:judged], group[:judged], np.ones(judged)),
        )
        return cls(tuple(map(str, names)), ours, which, whose, temperatures)

    def of_left_out(self) -> Matrix:
        """Probabilities for the examples, each by the model without it."""
        return self._probabilities(self.which.left_out, self.whose.left_out)

    def probabilities(self, rows: csr_matrix) -> Matrix:
        """Probability of each name for each row."""
        return self._probabilities(self.which.scores(rows), self.whose.scores(rows))

    def _probabilities(self, which: Numbers, whose: Numbers) -> Matrix:
        found = softmax(which / self.temperatures[0]).astype(np.float32)
        groups = softmax(whose / self.temperatures[1])
        for number, members in enumerate((~self.ours, self.ours)):
            found[:, members] *= groups[:, [number]] / found[:, members].sum(axis=1, keepdims=True)
        return found


@dataclass(frozen=True)
class AnswererHead:
    """Who answers a message of ours: its words, and who usually answers its probable matters."""

    classes: Classes
    defaults: Matrix
    """Matters by answerers: 1 where that is the matter's default."""

    @classmethod
    def fit(
        cls, rows: csr_matrix, answerers: Sequence[Answerer], chances: Matrix, matter: Sequence[Matter]
    ) -> AnswererHead:
        """Fit on messages of ours; ``matter`` are the matters that ``chances`` has columns for."""
        places = [answerer for answerer in Answerer if answerer is not Answerer.OTHER]
        defaults = np.array([[one.answerer is place for place in places] for one in matter], np.float32)
        return cls(Classes.fit(beside(rows, chances @ defaults), answerers), defaults)

    def best(self, rows: csr_matrix, chances: Matrix) -> NDArray[np.integer]:
        """Number of the class of each row."""
        scores = self.classes.linear.scores(beside(rows, chances @ self.defaults))
        return np.asarray(scores.argmax(axis=1))

    @property
    def words(self) -> Matrix:
        """Coefficients of the text's own features."""
        return self.classes.linear.coefficients[: -self.defaults.shape[1]]


@dataclass(frozen=True)
class UrgencyHead:
    """Urgent, pressing (urgent or 重点) and each alarm, every one with its own threshold."""

    linear: Linear
    """Targets: urgent, pressing, then the alarms."""
    thresholds: Matrix

    @classmethod
    def fit(cls, rows: csr_matrix, said: Sequence[Said], examples: Sequence[Example]) -> UrgencyHead:
        """Fit; thresholds are the best for recall on messages left out."""
        yes = np.array(
            [
                [
                    e.urgency is Urgency.URGENT,
                    e.urgency is not Urgency.NORMAL,
                    *(a in e.alarms for a in Alarm),
                ]
                for e in examples
            ]
        )
        linear = Linear.fit(with_cues(rows, said), np.where(yes, 1.0, -1.0), np.ones(len(examples)))
        betas = [_RECALL_COUNTS] + [1.0] * (yes.shape[1] - 1)
        thresholds = [threshold(linear.left_out[:, n], yes[:, n], beta) for n, beta in enumerate(betas)]
        return cls(linear, np.array(thresholds, np.float32))

    def decide(self, scores: Numbers) -> list[tuple[Urgency, tuple[Alarm, ...]]]:
        """Level and alarms from the scores of each row; a pressing message has one alarm at least."""
        over = scores - self.thresholds
        found = []
        for urgent, pressing, *alarms in over.tolist():
            level = Urgency.URGENT if urgent > 0 else Urgency.RAISED if pressing > 0 else Urgency.NORMAL
            strongest = max(alarms)
            spoken = tuple(
                a for a, score in zip(Alarm, alarms, strict=True) if score > 0 or score == strongest
            )
            found.append((level, () if level is Urgency.NORMAL else spoken))
        return found


def threshold(scores: Numbers, yes: NDArray[np.bool_], beta: float = 1.0) -> float:
    """The score over which «yes» has the highest F-measure; recall counts ``beta`` times as much."""
    order = np.argsort(-scores)
    hits = np.cumsum(yes[order])
    said = np.arange(1, len(order) + 1)
    measure = (1 + beta**2) * hits / (said + beta**2 * yes.sum())
    last = int(measure.argmax())
    return float(scores[order[last : last + 2]].mean())


def with_cues(rows: csr_matrix, said: Sequence[Said]) -> csr_matrix:
    """The rows with the features of their cues."""
    return beside(rows, np.array([one.features() for one in said], np.float32) * np.float32(_CUE_WEIGHT))


def beside(rows: csr_matrix, columns: Matrix) -> csr_matrix:
    """The rows with more columns."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([rows, csr_matrix(columns)], format="csr", dtype=np.float32)
