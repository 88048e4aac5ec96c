"""An engine that mends itself: damage met while searching is repaired, and the search repeated."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from index.engines.base import Progress, SearchEngine
from index.errors import IndexBusy, IndexDamaged, IndexNotFound
from index.models import IndexStats, Passage, SearchQuery, SearchResults

_LOG = logging.getLogger(__name__)
_WAITS_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)


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
            _LOG.warning("index damaged (%s): rebuilding", type(damage).__name__)
            self._repair()
            return self._engine.search(query)

    def _repair(self) -> None:
        """Refresh; where another process is writing, wait for it, since it may be mending the same damage.

        Whoever deletes the index deletes its lock too. Then two processes may mend at once, and one finds its
        files gone: it tries again.
        """
        with self._repairing:
            for wait in _WAITS_SECONDS:
                try:
                    self._engine.refresh(self._passages)
                    return
                except (IndexBusy, IndexDamaged):
                    time.sleep(wait)
            self._engine.refresh(self._passages)

    def close(self) -> None:
        self._engine.close()
