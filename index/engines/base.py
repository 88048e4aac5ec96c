"""The seam between ranking and a search engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from index.models import IndexStats, Passage, SearchQuery, SearchResults

Progress = Callable[[int, int], None]
"""Called with (done, total) while passages are written."""


class SearchEngine(Protocol):
    """Stores passages and ranks them for a query. Safe to search from several threads."""

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        """Make the index hold exactly these passages.

        Only what changed (by content hash) is written; a missing, stale or damaged index is rebuilt.
        Searches go on against the former state until the commit.

        Raises:
            IndexBusy: another process holds the write lock.
        """
        ...

    def search(self, query: SearchQuery) -> SearchResults:
        """Rank passages, best first; ties by passage id. Unknown words give no hits and no error."""
        ...

    def close(self) -> None:
        """Release files."""
        ...
