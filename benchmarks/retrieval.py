"""Part ``quality``: recall, robustness and rejection on the collections, through the product's own code."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.datasets import VARIANTS, Collection, collections
from benchmarks.resampling import auroc, coverage_at_rejection, interval, relative_loss
from index.corpus import read_queries
from index.engines.base import SearchEngine
from index.evaluation import QueryResult, Report, evaluate
from index.models import SearchQuery

OpenEngine = Callable[[Path], SearchEngine]
Figures = dict[str, Any]
_REJECTED = (0.95, 0.99)
_NOTHING: Figures = {"sets": [], "robust": [], "rejection": [], "indexing": []}


def measure(engines: dict[str, OpenEngine], data: Path, quick: int | None = None) -> Figures:
    """By engine: ``sets``, ``robust``, ``rejection`` and ``indexing`` as rows of tables.

    Engines get the same directory, so that those with the same index write it once.
    """
    found: Figures = {name: dict(_NOTHING) for name in engines}
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as directory:
        work = Path(directory)
        for collection in collections(data, work, quick):
            for name, open_engine in engines.items():
                print(f"quality: {name}, {collection.name}", file=sys.stderr)
                engine = open_engine(work / collection.name / "index")
                for table, rows in _measured(engine, collection).items():
                    found[name][table] = found[name][table] + rows
                engine.close()
    return found


def _measured(engine: SearchEngine, collection: Collection) -> Figures:
    """One collection. The engine is kept, so only the first set pays for indexing."""
    rows: Figures = {table: [] for table in _NOTHING}
    reports: dict[str, Report] = {}
    for given in collection.sets:
        reports[given.name] = evaluate(lambda _path: engine, collection.corpus, given.queries, given.qrels)
        if given.name != "stard_robust":
            rows["sets"].append(_row(given.name, reports[given.name], reports[given.name].per_query))
    first = next(iter(reports.values()))
    rows["indexing"].append(
        {"corpus": collection.name, "passages": first.docs, "seconds": first.index_seconds}
    )
    for name, ids in collection.subsets.items():
        chosen = [result for result in reports[collection.name].per_query if result.id in ids]
        rows["sets"].append(_row(f"{collection.name}, {name}", reports[collection.name], chosen))
    if "stard_robust" in reports:
        rows["robust"] = _robust(reports["stard"].per_query, reports["stard_robust"].per_query)
    for name in (n for n in reports if n not in {"stard_robust", "citizen_cites"}):
        rows["rejection"] += _rejection(engine, collection, name)
    return rows


def _row(name: str, report: Report, results: Sequence[QueryResult]) -> Figures:
    recalls = [result.recall_at_10 for result in results]
    ranks = [result.reciprocal_rank for result in results]
    row: Figures = {"set": name, "passages": report.docs, "queries": len(results)}
    row |= {"recall@10": _mean(recalls), "recall@10 interval": interval(recalls)}
    row |= {"mrr@10": _mean(ranks), "mrr@10 interval": interval(ranks)}
    if len(results) == report.queries:
        row |= {f"recall@{k}": report.recall[k] for k in (1, 100)} | {"ndcg@10": report.ndcg_at_10}
        row |= {f"p{p} ms": report.percentiles_ms[p] for p in (50, 99)}
    return row


def _robust(clean: Sequence[QueryResult], noisy: Sequence[QueryResult]) -> list[Figures]:
    """Recall@10 of each variant beside the same questions as they were asked."""
    base = {result.id: result.recall_at_10 for result in clean}
    rows = []
    for variant in VARIANTS:
        pairs = [
            (base[origin], result.recall_at_10)
            for result in noisy
            for origin, _, kind in [result.id.partition("#")]
            if kind == variant and origin in base
        ]
        if not pairs:
            continue
        before, after = [list(column) for column in zip(*pairs, strict=True)]
        loss, low, high = relative_loss(before, after)
        rows.append(
            {
                "variant": variant,
                "queries": len(pairs),
                "clean": _mean(before),
                "recall@10": _mean(after),
                "loss": loss,
                "loss interval": (low, high),
            }
        )
    return rows


def _rejection(engine: SearchEngine, collection: Collection, name: str) -> list[Figures]:
    """How well the score of the best hit tells questions of the collection from others, by kind."""
    if not collection.unanswerable:
        return []
    given = next(found for found in collection.sets if found.name == name)
    positives = [_top_score(engine, query.text) for query in read_queries(given.queries)]
    rows = []
    for kind, texts in collection.unanswerable.items():
        negatives = [_top_score(engine, text) for text in texts]
        row: Figures = {"index": collection.name, "in scope": name, "out of scope": kind}
        row |= {"questions": (len(positives), len(negatives)), "auroc": auroc(positives, negatives)}
        row |= {f"coverage@{r:.0%}": coverage_at_rejection(positives, negatives, r) for r in _REJECTED}
        rows.append(row)
    return rows


def _top_score(engine: SearchEngine, text: str) -> float:
    hits = engine.search(SearchQuery(text, top_k=1)).hits
    return hits[0].score if hits else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
