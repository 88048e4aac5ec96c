"""Fit the weights of ``bot/dialogue/ranking.yaml``: ``python benchmarks/fit_ranking.py [--write]``.

A logistic model of «does this unit answer this question?». Examples:

* the training questions (``tests/data/questions_train.jsonl``); the development questions are only reported;
* every FAQ wording and every citizen's wording of a fact, asked while its own unit is hidden;
* questions that the library cannot answer (``../shared/data/out_of_scope``), where they are present.

Each question weighs the same. Figures are from 5-fold cross-validation by question.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import random
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from numpy.typing import NDArray

from bot.assistant import Assistant
from bot.dialogue.answerability import AGAINST, ANSWERABLE_FEATURES, answerable_features
from bot.dialogue.matching import FEATURES, Match
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
LEAST = {"similarity": 0.8, "close": 0.8, "missing_nouns": 0.6, "unasked": 0.3, "type_lacking": 0.5}
"""Least size of weights. In the training questions likeness of wording goes with coverage, so the fit
could drop it; but who asks in a unit's own words means that unit."""
CANDIDATES = 8
HIDDEN = 300
"""Wordings asked with their own unit hidden, of FAQ entries and of facts each."""
MATCH_AGAINST = {"unasked", "type_lacking", "strange", "unknown", "firm_gap", "missing_nouns"}
"""Features that speak against a unit."""
STEPS = 1500
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
    chooser = random.Random(2)  # noqa: S311 - a sample, not a secret
    faq = [(text, entry) for entry in assistant.library.citable_faq for text in entry.variants]
    for text, entry in chooser.sample(faq, min(HIDDEN, len(faq))):
        yield Example(text, frozenset(entry.facts), entry.id, "faq")
    asks = [(text, fact) for fact in assistant.library.citable_facts.values() for text in fact.asks]
    for text, fact in chooser.sample(asks, min(HIDDEN, len(asks))):
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


@dataclass(frozen=True)
class Asked:
    """An example with its matches under some weights."""

    example: Example
    matches: tuple[Match, ...]
    boundary: bool


def ask_all(assistant: Assistant) -> list[Asked]:
    """Match every example once; features do not depend on the weights."""
    asked = []
    for example in examples(assistant):
        found = tuple(m for m in assistant.explain(example.text) if m.unit.id != example.hidden)
        asked.append(Asked(example, found, assistant.has_boundary_cue(example.text)))
    return asked


def _says_something(match: Match) -> bool:
    """Whether choosing the unit would be an answer; guidance and open questions are not."""
    return bool(match.unit.facts) and not (match.unit.faq and match.unit.faq.undetermined)


def _answers(match: Match, example: Example) -> bool:
    return _says_something(match) and bool(example.facts & set(match.unit.facts))


def match_rows(asked: list[Asked]) -> tuple[Array, Array, Array, list[str]]:
    """Features, labels, question numbers and origins, a row for each candidate."""
    rows, labels, groups, origins = [], [], [], []
    for number, (example, matches, _) in enumerate((a.example, a.matches, a.boundary) for a in asked):
        chosen = list(matches[:CANDIDATES])
        chosen += [m for m in matches[CANDIDATES:] if example.facts & set(m.unit.facts)]
        for match in chosen:
            rows.append([match.features[name] for name in FEATURES])
            labels.append(float(_answers(match, example)))
            groups.append(number)
            origins.append(example.origin)
    return np.array(rows), np.array(labels), np.array(groups, dtype=float), origins


def question_rows(asked: list[Asked], beta: Array) -> tuple[Array, Array, list[str]]:
    """Features of the answerability model under match weights ``beta``; label: the surest unit is right."""
    rows, labels, origins = [], [], []
    for one in asked:
        if not one.matches:
            continue
        scores = predict(beta, np.array([[m.features[name] for name in FEATURES] for m in one.matches]))
        scores *= np.array([m.share for m in one.matches])
        ranked = [
            dataclasses.replace(one.matches[n], confidence=float(scores[n]))
            for n in np.argsort(-scores, kind="stable")
        ]
        if not one.example.facts and not _says_something(ranked[0]):
            continue
        features = answerable_features(ranked, one.boundary)
        rows.append([features[name] for name in ANSWERABLE_FEATURES])
        labels.append(float(_answers(ranked[0], one.example)))
        origins.append(one.example.origin)
    return np.array(rows), np.array(labels), origins


def fit(x: Array, y: Array, weight: Array, names: Sequence[str], against: Collection[str]) -> Array:
    """Ridge logistic regression whose coefficients keep the sign that their meaning asks for.

    Projected gradient steps with momentum; the first coefficient is the intercept.
    """
    design = np.hstack([np.ones((len(x), 1)), x])
    sign = np.array([0.0, *(-1.0 if name in against else 1.0 for name in names)])
    least = np.array([0.0, *(LEAST.get(name, 0.0) for name in names)])
    weight = weight / weight.sum()
    beta = np.zeros(design.shape[1])
    ahead, momentum = beta.copy(), 1.0
    step = 4 / np.linalg.eigvalsh((design * weight[:, None]).T @ design)[-1]
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-design @ ahead))
        gradient = design.T @ (weight * (p - y)) + RIDGE * np.where(sign, ahead, 0.0)
        after = ahead - step * gradient
        after = np.where(sign * after < least, sign * least, after)
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


def question_weights(origins: list[str]) -> Array:
    return np.array([WEIGHTS.get(origin, 0.3) for origin in origins])


def report(asked: list[Asked]) -> None:
    """5-fold cross-validation by question: is the surest unit right, does the probability tell?"""
    folds = np.arange(len(asked)) % 5
    tops: dict[str, list[tuple[float, float]]] = {}
    for fold in range(5):
        train = [a for a, f in zip(asked, folds, strict=True) if f != fold]
        test = [a for a, f in zip(asked, folds, strict=True) if f == fold]
        match, answerable = fit_both(train)
        x, y, origins = question_rows(test, match)
        for origin, right, score in zip(origins, y, predict(answerable, x), strict=True):
            tops.setdefault(origin, []).append((score, right))
    limits = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
    print(f"{'origin':18} {'n':>5} {'right@1':>8} " + " ".join(f">={limit:4}" for limit in limits))
    for origin, pairs in sorted(tops.items()):
        right = np.mean([good for _, good in pairs])
        shares = [np.mean([score >= limit for score, _ in pairs]) for limit in limits]
        print(f"{origin:18} {len(pairs):5} {right:8.3f} " + " ".join(f"{share:6.3f}" for share in shares))


def fit_both(asked: list[Asked]) -> tuple[Array, Array]:
    """Match weights, then answerability weights on top of them."""
    x, y, groups, origins = match_rows(asked)
    match = fit(x, y, weights_of(groups, origins), FEATURES, MATCH_AGAINST)
    x, y, origins = question_rows(asked, match)
    return match, fit(x, y, question_weights(origins), ANSWERABLE_FEATURES, AGAINST)


def written(name: str, beta: Array, features: Sequence[str]) -> str:
    """One group of ``ranking.yaml``."""
    lines = [f"{name}:", f"  intercept: {beta[0]:.4f}"]
    lines += [f"  {feature}: {value:.4f}" for feature, value in zip(features, beta[1:], strict=True)]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="write the weights into ranking.yaml")
    arguments = parser.parse_args()
    library = load()
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.refresh(passages(library))
        asked = ask_all(Assistant(library, engine, lambda: TODAY))
        engine.close()
    report(asked)
    match, answerable = fit_both(asked)
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
