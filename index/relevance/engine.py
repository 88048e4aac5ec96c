"""Search as the product does it: found by words and by meaning, ordered by the fitted model."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.engines.base import Progress, SearchEngine
from index.engines.scoring import Floats, Numbers
from index.engines.snapshot import Snapshot
from index.models import IndexStats, Passage, SearchHit, SearchQuery, SearchResults
from index.relevance.features import CANDIDATES, Candidates, candidates
from index.relevance.ranker import Ranker, ranker
from index.semantic.base import EmbedderError
from index.semantic.vectors import DenseIndex, DenseRows, passage_text

_LOG = logging.getLogger(__name__)
Result = TypeVar("Result")


class SnapshotEngine(SearchEngine, Protocol):
    """An engine whose committed state can be looked into."""

    def read(self, use: Callable[[Snapshot], Result]) -> Result:
        """What ``use`` makes of the committed state."""
        ...


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the rows of a dense index stand in a snapshot."""

    snapshot: Snapshot
    rows: DenseRows
    numbers: Numbers
    """For each row the number of its passage."""
    held: Numbers
    """The rows whose passage is there."""


class RankedEngine:
    """Ranks what an engine finds.

    Args:
        engine: finds by words.
        dense: finds by meaning; ``None``: by words only.
    """

    def __init__(self, engine: SnapshotEngine, dense: DenseIndex | None = None) -> None:
        self._engine = engine
        self._dense = dense
        self._places: _Places | None = None

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        """Make the index and the vectors hold exactly these passages.

        Raises:
            IndexBusy: another process holds the write lock.
            EmbedderError: a passage cannot be embedded.
        """
        if self._dense is None:
            return self._engine.refresh(passages, progress)
        held = tuple(passages)
        stats = self._engine.refresh(held, progress)
        self._dense.refresh(((passage.id, passage_text(passage)) for passage in held), progress)
        return stats

    def search(self, query: SearchQuery) -> SearchResults:
        """Rank passages, best first; ties by passage id."""
        return self._engine.read(lambda snapshot: self._search(snapshot, query))

    def explain(self, query: SearchQuery) -> tuple[tuple[SearchHit, dict[str, float]], ...]:
        """The hits of a search, each with what every feature adds to its score."""
        return self._engine.read(lambda snapshot: self._explained(snapshot, query))

    def features(self, query: SearchQuery) -> tuple[list[str], NDArray[np.float32]]:
        """Ids of the candidates and their features, for fitting the model."""

        def read(snapshot: Snapshot) -> tuple[list[str], NDArray[np.float32]]:
            found, _ = self._candidates(snapshot, query)
            return [snapshot.id_of(number) for number in found.numbers.tolist()], found.features

        return self._engine.read(read)

    def close(self) -> None:
        """Release files and the embedder."""
        self._engine.close()
        if self._dense is not None:
            self._dense.close()

    def _search(self, snapshot: Snapshot, query: SearchQuery) -> SearchResults:
        found, model = self._candidates(snapshot, query)
        return SearchResults(tuple(hit for hit, _ in _hits(snapshot, found, model, query.top_k)))

    def _explained(
        self, snapshot: Snapshot, query: SearchQuery
    ) -> tuple[tuple[SearchHit, dict[str, float]], ...]:
        found, model = self._candidates(snapshot, query)
        return tuple(
            (hit, model.parts(found, row)) for hit, row in _hits(snapshot, found, model, query.top_k)
        )

    def _candidates(self, snapshot: Snapshot, query: SearchQuery) -> tuple[Candidates, Ranker]:
        """What is worth ranking, and the model that ranks it."""
        count = max(CANDIDATES, 2 * query.top_k)
        cosines = self._cosines(snapshot, query)
        if cosines is None:
            return candidates(snapshot, query, count), ranker(semantic=False)
        near = _nearest(cosines, snapshot.wanted(query.filter), count)
        return (
            candidates(snapshot, query, count, near, cosines),
            ranker(semantic=True),
        )

    def _cosines(self, snapshot: Snapshot, query: SearchQuery) -> Floats | None:
        """The likeness in meaning of every passage; without an embedder or on its failure ``None``."""
        if self._dense is None or not self._dense.rows.ids or not query.text.strip():
            return None
        places = self._placed(snapshot, self._dense.rows)
        try:
            vector = self._dense.query_vector(snapshot.meant(query), places.rows)
        except EmbedderError as exc:
            _LOG.warning("searched by words only: %s", exc)
            return None
        cosines = np.zeros(len(snapshot.live), dtype=np.float32)
        cosines[places.numbers] = (places.rows.matrix @ vector)[places.held]
        return cosines

    def _placed(self, snapshot: Snapshot, rows: DenseRows) -> _Places:
        places = self._places
        if places is None or places.snapshot is not snapshot or places.rows is not rows:
            found = [(row, snapshot.numbers.get(passage_id)) for row, passage_id in enumerate(rows.ids)]
            held = [(row, number) for row, number in found if number is not None]
            numbers = np.array([number for _, number in held], dtype=np.intp)
            places = _Places(snapshot, rows, numbers, np.array([row for row, _ in held], dtype=np.intp))
            self._places = places
        return places


def _nearest(cosines: Floats, wanted: NDArray[np.bool_], count: int) -> Numbers:
    """The passages of the highest cosines, in no order."""
    allowed = np.where(wanted, cosines, -1)
    count = min(count, len(allowed))
    nearest = np.argpartition(-allowed, count - 1)[:count]
    return nearest[allowed[nearest] > 0]


def _hits(snapshot: Snapshot, found: Candidates, model: Ranker, top_k: int) -> list[tuple[SearchHit, int]]:
    """The best candidates as hits, each with its row."""
    scores = model.scores(found).tolist()
    ids = [snapshot.id_of(number) for number in found.numbers.tolist()]
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], ids[row]))[:top_k]
    return [
        (SearchHit(snapshot.passage(int(found.numbers[row])), scores[row], place), row)
        for place, row in enumerate(order, start=1)
    ]
