"""What is ranked and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PassageKind(StrEnum):
    """What a passage was made from."""

    CLAUSE = "clause"
    FACT = "fact"
    FAQ = "faq"
    DOCUMENT = "document"
    """A document's own card: issuer, number, dates, status."""
    TEXT = "text"
    """A row of a plain corpus (``evaluate``)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the engine ranks. Searchable fields first, then what filters need."""

    id: str
    document: str
    kind: PassageKind
    title: str
    text: str
    heading: str = ""
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Fact refs (``document#key``) whose statements the passage carries."""
    origin: str = ""
    categories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Narrows a search. ``None`` or empty means: no limit."""

    kinds: frozenset[PassageKind] = frozenset()
    documents: frozenset[str] = frozenset()
    origin: str | None = None
    category: str | None = None
    valid_on: date | None = None
    """Only passages valid on that day."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A citizen's words and how many passages are wanted."""

    text: str
    top_k: int = 10
    filter: SearchFilter = SearchFilter()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage that matched a query, with its score and place in the ranking (from 1)."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Hits, best first."""

    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What a build or refresh did. ``seconds`` is wall time."""

    passages: int
    added: int
    removed: int
    unchanged: int
    seconds: float
    rebuilt: bool
    reason: str = ""
