"""Fit the weights of ``bot/dialogue/ranking.yaml``: ``python benchmarks/fit_ranking.py [--write]``.

A logistic model of «does this unit answer this question?». Examples:

* the training questions (``tests/data/questions_train.jsonl``); the development questions are only reported;
* every FAQ wording and every citizen's wording of a fact, asked while its own unit is hidden;
* questions that the library cannot answer (``../shared/data/out_of_scope``), where they are present.

Each question weighs the same. Figures are from 5-fold cross-validation by question.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from numpy.typing import NDArray

from bot.assistant import Assistant
from bot.dialogue.matching import FEATURES
from bot.quality import read_expectations
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.loading import load

ROOT = Path(__file__).parent.parent
OUT_OF_SCOPE = ROOT.parent / "shared" / "data" / "out_of_scope" / "oos.jsonl"
NEGATIVE_KINDS = {
    "far_encyclopedic": 80,
    "far_ecom": 40,
    "far_video": 30,
    "far_medical": 60,
    "near_citizen": 250,
    "near_legal": 120,
}
TODAY = date(2026, 11, 23)
CANDIDATES = 8
AGAINST = {"strange", "unknown", "firm_gap"}
"""Features that speak against a unit."""
STEPS = 3000
RIDGE = 0.0002
WEIGHTS = {
    "dev": 0.0,
    "dev-unanswerable": 0.0,
    "train": 1.0,
    "train-unanswerable": 1.0,
    "faq": 0.02,
    "asks": 0.02,
}
"""What a question of each origin counts: real questions see the whole library, hidden-unit ones do not."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question, the facts that answer it (empty: none does), the unit to hide, its group of origin."""

    text: str
    facts: frozenset[str]
    hidden: str
    origin: str


def examples(assistant: Assistant) -> Iterator[Example]:
    """All training questions."""
    for name in ("train", "dev"):
        for want in read_expectations(ROOT / "tests" / "data" / f"questions_{name}.jsonl"):
            if len(want.turns) == 1 and want.as_of is None and want.kind != "conversation":
                answerable = "answered" in want.outcomes
                facts = frozenset().union(*want.facts_any) if answerable else frozenset()
                if facts or not answerable:
                    yield Example(want.turns[0], facts, "", name if answerable else f"{name}-unanswerable")
    for entry in assistant.library.citable_faq:
        for text in (entry.question, *entry.variants):
            yield Example(text, frozenset(entry.facts), entry.id, "faq")
    for fact in assistant.library.citable_facts.values():
        for text in fact.asks:
            yield Example(text, frozenset({fact.ref}), fact.ref, "asks")
    yield from _out_of_scope()


def _out_of_scope() -> Iterator[Example]:
    if not OUT_OF_SCOPE.exists():
        print(f"{OUT_OF_SCOPE} is absent: fitted without it", file=sys.stderr)
        return
    rows = [json.loads(line) for line in OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines()]
    chooser = random.Random(1)  # noqa: S311 - a sample, not a secret
    for kind, count in NEGATIVE_KINDS.items():
        texts = [row["text"] for row in rows if row["kind"] == kind]
        for text in chooser.sample(texts, min(count, len(texts))):
            yield Example(text, frozenset(), "", kind)


def collect(assistant: Assistant) -> tuple[Array, Array, Array, list[str]]:
    """Features, labels, question numbers and origins, a row for each candidate."""
    rows, labels, groups, origins = [], [], [], []
    for number, example in enumerate(examples(assistant)):
        found = [m for m in assistant.explain(example.text) if m.unit.id != example.hidden]
        chosen = found[:CANDIDATES]
        chosen += [m for m in found[CANDIDATES:] if example.facts & set(m.unit.facts)]
        for match in chosen:
            rows.append([match.features[name] for name in FEATURES])
            labels.append(float(bool(example.facts & set(match.unit.facts))))
            groups.append(number)
            origins.append(example.origin)
    return np.array(rows), np.array(labels), np.array(groups, dtype=float), origins


def fit(x: Array, y: Array, weight: Array) -> Array:
    """Ridge logistic regression whose coefficients keep the sign that their meaning asks for.

    Projected gradient steps with momentum; the first coefficient is the intercept.
    """
    design = np.hstack([np.ones((len(x), 1)), x])
    sign = np.array([0.0, *(-1.0 if name in AGAINST else 1.0 for name in FEATURES)])
    weight = weight / weight.sum()
    beta = np.zeros(design.shape[1])
    ahead, momentum = beta.copy(), 1.0
    step = 4 / np.linalg.eigvalsh((design * weight[:, None]).T @ design)[-1]
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-design @ ahead))
        gradient = design.T @ (weight * (p - y)) + RIDGE * np.where(sign, ahead, 0.0)
        after = ahead - step * gradient
        after = np.where(sign * after < 0, 0.0, after)
        grown = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead = after + (momentum - 1) / grown * (after - beta)
        beta, momentum = after, grown
    return beta


def predict(beta: Array, x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-(beta[0] + x @ beta[1:]))))


def weights_of(groups: Array, origins: list[str]) -> Array:
    """Every question of one origin weighs the same, however many candidates it has; origins as a whole
    weigh as ``WEIGHTS`` says."""
    _, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return np.asarray([WEIGHTS.get(origin, 0.3) for origin in origins]) / counts[place]


def report(x: Array, y: Array, groups: Array, origins: list[str]) -> None:
    """Cross-validated: is the surest unit right, and does its confidence tell answerable from not?"""
    scores = np.zeros(len(y))
    folds = groups.astype(int) % 5
    for fold in range(5):
        train = folds != fold
        beta = fit(
            x[train],
            y[train],
            weights_of(groups[train], [o for o, t in zip(origins, train, strict=True) if t]),
        )
        scores[~train] = predict(beta, x[~train])
    by_origin: dict[str, list[tuple[float, bool, bool]]] = {}
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        top = rows[scores[rows].argmax()]
        by_origin.setdefault(origins[top], []).append((scores[top], bool(y[top]), bool(y[rows].any())))
    print(
        f"{'origin':18} {'n':>5} {'right@1':>8} {'>=.3':>6} {'>=.4':>6} {'>=.5':>6} {'>=.6':>6} {'>=.7':>6}"
    )
    for origin, tops in sorted(by_origin.items()):
        right = np.mean([good for _, good, _ in tops])
        shares = [np.mean([score >= limit for score, _, _ in tops]) for limit in (0.3, 0.4, 0.5, 0.6, 0.7)]
        print(f"{origin:18} {len(tops):5} {right:8.3f} " + " ".join(f"{share:6.3f}" for share in shares))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="write the weights into ranking.yaml")
    arguments = parser.parse_args()
    library = load()
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        assistant = Assistant(library, engine, lambda: TODAY)
        x, y, groups, origins = collect(assistant)
        engine.close()
    report(x, y, groups, origins)
    beta = fit(x, y, weights_of(groups, origins))
    lines = [f"intercept: {beta[0]:.4f}"]
    lines += [f"{name}: {value:.4f}" for name, value in zip(FEATURES, beta[1:], strict=True)]
    print("\n".join(lines))
    if arguments.write:
        path = ROOT / "bot" / "dialogue" / "ranking.yaml"
        head, _, tail = path.read_text(encoding="utf-8").partition("intercept:")
        kept = tail[tail.index("# Thresholds") :]
        path.write_text(head + "\n".join(lines) + "\n" + kept, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
