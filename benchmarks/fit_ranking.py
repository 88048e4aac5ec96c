"""Fit the weights of ``bot/dialogue/ranking.yaml``: ``python benchmarks/fit_ranking.py [--write]``.

Which unit answers: a conditional logit (softmax over the candidates of a question), then scaled so that the
sigmoid of a score is the probability that the unit is right. Whether it answers: a logistic model. Questions
and their origins: :mod:`benchmarks.ranking_examples`. Figures are from 5-fold cross-validation; a document
with its questions is in one fold, so they are figures for documents that the weights have not seen.
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking_examples import ROOT, UNANSWERABLE, Asked, ask_all, says_something
from bot.dialogue.answerability import AGAINST, ANSWERABLE_FEATURES, answerable_features
from bot.dialogue.matching import FEATURES, VERBATIM, Match
from knowledge.loading import load

SETS = ("train", "hard")
HELD_BACK = ("dev", "calibration")
"""Sets for the thresholds: reported, never fitted on."""
LEAST = {"similarity": 0.8, "close": 0.8, "missing_nouns": 0.3, "unasked": 0.3, "type_lacking": 0.5}
"""Least size of weights. In the training questions likeness of wording goes with coverage, so the fit
could drop it; but who asks in a unit's own words means that unit."""
MATCH_AGAINST = {"unasked", "type_lacking", "firm_gap", "missing_nouns", "missing_peak"}
"""Features that speak against a unit."""
WEIGHTS = {"asks": 0.15, "faq": 0.15, "open": 0.15, "hidden" + UNANSWERABLE: 0.1}
"""What a question of each origin counts; real ones 1, out-of-scope ones ``OTHERS``."""
OTHERS = 0.3
CANDIDATES = 8
FOLDS = 5
STEPS = 400
RIDGE = 0.0002
RANKING_RIDGE = 0.001
LIMITS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A question with its matches as numbers."""

    asked: Asked
    features: Array
    right: NDArray[np.bool_]
    share: Array
    verbatim: NDArray[np.bool_]
    weight: float
    fold: int


@dataclass(frozen=True)
class Prediction:
    """What the models say of a question: the surest unit, whether it is right, the probability."""

    asked: Asked
    best: Match
    right: bool
    probability: float


def rows_of(asked: Iterable[Asked]) -> list[Row]:
    """Numbers of every question; a document is always in one fold."""
    found = []
    for one in asked:
        document = one.example.document or one.matches[0].unit.document
        origin = one.example.origin
        real = origin.removesuffix(UNANSWERABLE) in SETS
        found.append(
            Row(
                asked=one,
                features=np.array([[m.features[name] for name in FEATURES] for m in one.matches]),
                right=np.array([one.right(m) for m in one.matches]),
                share=np.array([m.share for m in one.matches]),
                verbatim=np.array([m.features["close"] >= VERBATIM for m in one.matches]),
                weight=0.0 if is_held_back(one) else 1.0 if real else WEIGHTS.get(origin, OTHERS),
                fold=zlib.crc32(document.encode()) % FOLDS,
            )
        )
    return found


def is_held_back(asked: Asked) -> bool:
    return asked.example.origin.removesuffix(UNANSWERABLE) in HELD_BACK


def fit_ranking(rows: Sequence[Row]) -> Array:
    """Conditional logit by projected gradient steps; the signs are those of ``MATCH_AGAINST``."""
    used = [row for row in rows if row.weight and row.right.any()]
    x, right = np.vstack([row.features for row in used]), np.concatenate([row.right for row in used])
    prior = np.log(np.concatenate([row.share for row in used]))
    sizes = np.array([len(row.features) for row in used])
    starts, place = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(used)), sizes)
    weight = np.array([row.weight for row in used])
    weight = (weight / weight.sum())[place]
    centred = (x - (np.add.reduceat(x, starts) / sizes[:, None])[place]) * np.sqrt(weight / sizes[place])[
        :, None
    ]

    def gradient(beta: Array) -> Array:
        z = x @ beta + prior
        e = np.exp(z - np.maximum.reduceat(z, starts)[place])
        of_right = e * right
        chosen = e / np.add.reduceat(e, starts)[place]
        wanted = of_right / np.add.reduceat(of_right, starts)[place]
        return np.asarray(x.T @ ((chosen - wanted) * weight) + RANKING_RIDGE * beta)

    sign, least = signs(FEATURES, MATCH_AGAINST)
    return descend(gradient, 1 / np.linalg.eigvalsh(centred.T @ centred)[-1], sign, least)


def fit_logistic(x: Array, y: Array, weight: Array, sign: Array, least: Array) -> Array:
    """Ridge logistic regression whose coefficients keep their signs; the first is the intercept."""
    design = np.hstack([np.ones((len(x), 1)), x])
    weight = weight / weight.sum()
    free, bound = np.concatenate([[0.0], sign]), np.concatenate([[0.0], least])

    def gradient(beta: Array) -> Array:
        p = 1 / (1 + np.exp(-design @ beta))
        return np.asarray(design.T @ (weight * (p - y)) + RIDGE * np.where(free, beta, 0.0))

    step = 4 / np.linalg.eigvalsh((design * weight[:, None]).T @ design)[-1]
    return descend(gradient, step, free, bound)


def signs(names: Sequence[str], against: Collection[str]) -> tuple[Array, Array]:
    """For each feature the sign and the least size of its coefficient."""
    sign = np.array([-1.0 if name in against else 1.0 for name in names])
    return sign, np.array([LEAST.get(name, 0.0) for name in names])


def descend(gradient: Callable[[Array], Array], step: float, sign: Array, least: Array) -> Array:
    """Projected gradient descent with Nesterov's momentum; a sign of 0 leaves a coefficient free."""
    beta = np.zeros(len(sign))
    ahead, momentum = beta.copy(), 1.0
    for _ in range(STEPS):
        after = ahead - step * gradient(ahead)
        after = np.where((sign != 0) & (sign * after < least), sign * least, after)
        grown = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead = after + (momentum - 1) / grown * (after - beta)
        beta, momentum = after, grown
    return beta


def predict(beta: Array, x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-(beta[0] + x @ beta[1:]))))


def scaled(rows: Sequence[Row], beta: Array) -> Array:
    """The ranking weights with an intercept, so that the sigmoid is the share of units that are right."""
    scores, right, weight = [], [], []
    for row in rows:
        if row.weight:
            z = row.features @ beta
            first = np.argsort(-(z + np.log(row.share)), kind="stable")[:CANDIDATES]
            scores.append(z[first])
            right.append(row.right[first])
            weight.append(np.full(len(first), row.weight / CANDIDATES))
    fitted = fit_logistic(
        np.concatenate(scores)[:, None],
        np.concatenate(right).astype(float),
        np.concatenate(weight),
        np.ones(1),
        np.zeros(1),
    )
    return np.concatenate([fitted[:1], fitted[1] * beta])


def ranked(row: Row, beta: Array) -> tuple[list[Match], bool]:
    """The matches under some weights, surest first, and whether the first is right."""
    scores = np.where(row.verbatim, 1.0, predict(beta, row.features) * row.share)
    order = np.argsort(-scores, kind="stable")
    matches = [replace(row.asked.matches[n], confidence=float(scores[n])) for n in order[:16]]
    return matches, bool(row.right[order[0]])


def fit_both(rows: Sequence[Row]) -> tuple[Array, Array]:
    """Match weights, then answerability weights on top of them."""
    match = scaled(rows, fit_ranking(rows))
    x, y, weight = [], [], []
    for row in rows:
        if row.weight:
            matches, right = ranked(row, match)
            if says_something(matches[0]):
                features = answerable_features(matches, row.asked.boundary)
                x.append([features[name] for name in ANSWERABLE_FEATURES])
                y.append(float(right))
                weight.append(row.weight)
    sign, least = signs(ANSWERABLE_FEATURES, AGAINST)
    return match, fit_logistic(np.array(x), np.array(y), np.array(weight), sign, least)


def predictions(rows: Iterable[Row], match: Array, answerable: Array) -> list[Prediction]:
    """What the models say; a unit that says nothing is an abstention (probability 0)."""
    found = []
    for row in rows:
        matches, right = ranked(row, match)
        says = says_something(matches[0])
        features = answerable_features(matches, row.asked.boundary)
        p = float(predict(answerable, np.array([features[name] for name in ANSWERABLE_FEATURES])))
        found.append(Prediction(row.asked, matches[0], right and says, p if says else 0.0))
    return found


def cross_validated(rows: Sequence[Row]) -> list[Prediction]:
    """Predictions by weights that saw neither question nor document; of sets held back by the final ones."""
    found = []
    for fold in range(FOLDS):
        models = fit_both([row for row in rows if row.fold != fold])
        found += predictions([r for r in rows if r.fold == fold and not is_held_back(r.asked)], *models)
    return found + predictions([row for row in rows if is_held_back(row.asked)], *fit_both(rows))


def report(found: Sequence[Prediction]) -> None:
    """Is the surest unit right, and does the probability tell?"""
    by_origin: dict[str, list[Prediction]] = {}
    for one in found:
        by_origin.setdefault(one.asked.example.origin, []).append(one)
    print(f"{'origin':26} {'n':>5} {'right@1':>8} " + " ".join(f">={limit:4}" for limit in LIMITS))
    for origin, some in sorted(by_origin.items()):
        right = np.mean([one.right for one in some])
        shares = [np.mean([one.probability >= limit for one in some]) for limit in LIMITS]
        print(f"{origin:26} {len(some):5} {right:8.3f} " + " ".join(f"{share:6.3f}" for share in shares))
    for name in (*SETS, *HELD_BACK):
        asked, vain = by_origin.get(name, []), by_origin.get(name + UNANSWERABLE, [])
        pairs = [(a, b) for a in asked for b in vain]
        told = np.mean([a.right and a.probability > b.probability for a, b in pairs]) if pairs else 0.0
        print(f"{name}: a right answer is surer than an unanswerable question's in {told:.3f} of pairs")


def written(name: str, beta: Array, features: Sequence[str]) -> str:
    """One group of ``ranking.yaml``."""
    lines = [f"{name}:", f"  intercept: {beta[0]:.4f}"]
    lines += [f"  {feature}: {value:.4f}" for feature, value in zip(features, beta[1:], strict=True)]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="write the weights into ranking.yaml")
    parser.add_argument("--no-report", action="store_true", help="fit only, without cross-validation")
    arguments = parser.parse_args()
    rows = rows_of(ask_all(load(), (*SETS, *HELD_BACK)))
    if not arguments.no_report:
        report(cross_validated(rows))
    match, answerable = fit_both(rows)
    groups = [written("match", match, FEATURES), written("answerable", answerable, ANSWERABLE_FEATURES)]
    print("".join(groups))
    if arguments.write:
        path = ROOT / "bot" / "dialogue" / "ranking.yaml"
        text = path.read_text(encoding="utf-8")
        for name, group, following in (
            ("match", groups[0], "# Does the best"),
            ("answerable", groups[1], "# Prob"),
        ):
            start, end = text.index(f"{name}:\n"), text.index(following)
            text = text[:start] + group + text[end:]
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
