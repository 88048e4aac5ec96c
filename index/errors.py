"""What can go wrong with the index."""

from __future__ import annotations


class SearchError(Exception):
    """The index cannot be used."""


class IndexNotFound(SearchError):
    """There is no index, or it is of another schema version."""


class IndexDamaged(SearchError):
    """Files of the index are missing or cut short."""


class IndexBusy(SearchError):
    """Another process is writing."""
