"""How well and how fast a collection is searched, through the product's own engine.

Nothing here knows a collection: any corpus, queries and judgements in the plain formats of
:mod:`index.corpus` are indexed as the library is.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.corpus import Judgements, TestQuery, read_corpus, read_judgements, read_queries
from index.engines.base import Progress, SearchEngine
from index.models import SearchQuery

_DEPTHS = (1, 5, 10, 100)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """One query: what was found, deepest cut-off first measured, and how long ``k`` hits took."""

    id: str
    ranked: tuple[str, ...]
    relevant: tuple[str, ...]
    recall_at_10: float
    reciprocal_rank: float
    ms: float

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "recall@10": self.recall_at_10,
            "mrr@10": self.reciprocal_rank,
            "ms": self.ms,
            "relevant": list(self.relevant),
            "ranked": list(self.ranked),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one run."""

    docs: int
    queries: int
    recall: dict[int, float]
    mrr_at_10: float
    ndcg_at_10: float
    index_seconds: float
    percentiles_ms: dict[int, float]
    rss_mb: float
    engine: str
    semantic: bool
    per_query: tuple[QueryResult, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The keys of the ``evaluate`` command, in their order."""
        return {
            "docs": self.docs,
            "queries": self.queries,
            **{f"recall@{k}": round(value, 4) for k, value in self.recall.items()},
            "mrr@10": round(self.mrr_at_10, 4),
            "ndcg@10": round(self.ndcg_at_10, 4),
            "index_s": round(self.index_seconds, 2),
            "docs_per_s": round(self.docs / self.index_seconds, 1) if self.index_seconds else 0.0,
            **{f"p{p}_ms": round(value, 3) for p, value in self.percentiles_ms.items()},
            "rss_mb": round(self.rss_mb, 1),
            "engine": self.engine,
            "semantic": self.semantic,
        }


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant passages that stand in the first ``k``; 0 where none is relevant."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """1 / rank of the first relevant passage in the first ``k``; 0 where there is none."""
    return next((1 / rank for rank, found in enumerate(ranked[:k], start=1) if found in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Discounted gain of the first ``k`` over that of the best order, every relevant passage worth 1."""
    gain = sum(1 / math.log2(rank + 1) for rank, found in enumerate(ranked[:k], start=1) if found in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1))
    return gain / ideal if ideal else 0.0


def percentile(values: Sequence[float], p: float) -> float:
    """The smallest value that at least ``p`` percent of ``values`` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(p / 100 * len(ordered)) - 1)] if ordered else 0.0


def evaluate(
    engine_factory: Callable[[Path], SearchEngine],
    corpus_path: Path,
    queries_path: Path,
    qrels_path: Path,
    k: int = 10,
    progress: Progress | None = None,
    *,
    engine_name: str = "whoosh",
    semantic: bool = False,
) -> Report:
    """Index the corpus in a temporary directory and run every query that has a relevant passage.

    Each query runs twice: first for ``k`` hits, timed, with whatever caches the earlier queries left;
    then for the 100 hits that the deepest recall needs.

    Raises:
        CorpusError: a file cannot be read; names the file, line and fault.
    """
    judgements = read_judgements(qrels_path)
    queries = [query for query in read_queries(queries_path) if query.id in judgements]
    with tempfile.TemporaryDirectory(prefix="evaluate-") as directory:
        engine = engine_factory(Path(directory) / "index")
        started = time.perf_counter()
        stats = engine.refresh(read_corpus(corpus_path), progress)
        seconds = time.perf_counter() - started
        try:
            timed = [_timed(engine, query, k) for query in queries]
            results = [
                _result(engine, query, judgements, ms) for query, ms in zip(queries, timed, strict=True)
            ]
        finally:
            engine.close()
    return Report(
        docs=stats.passages,
        queries=len(queries),
        recall={depth: _mean([recall(r.ranked, r.relevant, depth) for r in results]) for depth in _DEPTHS},
        mrr_at_10=_mean([r.reciprocal_rank for r in results]),
        ndcg_at_10=_mean([ndcg(r.ranked, r.relevant) for r in results]),
        index_seconds=seconds,
        percentiles_ms={p: percentile(timed, p) for p in (50, 95, 99)},
        rss_mb=peak_memory_mb(),
        engine=engine_name,
        semantic=semantic,
        per_query=tuple(results),
    )


def _timed(engine: SearchEngine, query: TestQuery, k: int) -> float:
    started = time.perf_counter()
    engine.search(SearchQuery(query.text, top_k=k))
    return (time.perf_counter() - started) * 1000


def _result(engine: SearchEngine, query: TestQuery, judgements: Judgements, ms: float) -> QueryResult:
    hits = engine.search(SearchQuery(query.text, top_k=max(_DEPTHS))).hits
    ranked, relevant = tuple(hit.passage.id for hit in hits), tuple(judgements[query.id])
    return QueryResult(
        query.id, ranked, relevant, recall(ranked, relevant, 10), reciprocal_rank(ranked, relevant), ms
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def peak_memory_mb() -> float:
    """The most memory that this process has held; 0 where the system does not tell."""
    try:
        import resource  # not on Windows
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
