"""An engine that mends itself: damage found while searching is repaired from the passages and the search repeated."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from index.engines.base import Progress, SearchEngine
from index.errors import IndexDamaged, IndexNotFound
from index.models import IndexStats, Passage, SearchQuery, SearchResults

_LOG = logging.getLogger(__name__)


class RepairingEngine:
    """Wraps an engine with the passages that it must hold.

    Index files may be deleted or cut short while the assistant runs; the first search that meets the damage
    rebuilds the index, others wait for it.
    """

    def __init__(self, engine: SearchEngine, passages: Iterable[Passage]) -> None:
        self._engine = engine
        self._passages = tuple(passages)
        self._repairing = threading.Lock()

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        """Make the engine hold exactly these passages, and repair to them from now on."""
        self._passages = tuple(passages)
        return self._engine.refresh(self._passages, progress)

    def search(self, query: SearchQuery) -> SearchResults:
        """Search; on damage repair once and search again.

        Raises:
            SearchError: the repair did not help.
        """
        try:
            return self._engine.search(query)
        except (IndexDamaged, IndexNotFound) as damage:
            with self._repairing:
                _LOG.warning("index damaged (%s): rebuilding", type(damage).__name__)
                self._engine.refresh(self._passages)
            return self._engine.search(query)

    def close(self) -> None:
        self._engine.close()
